//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Runs TypeScript scripts that load, attach and read eBPF programs.
#[derive(Parser)]
#[command(name = "yeet", version, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  yeet run main.ts
  yeet run main.ts --pid 123 --verbose
  echo 'console.log(yeet.version)' | yeet run -

Environment:
  YEET_HINTS=1|0  Say on stderr when a script ended with something still live; default: only on a terminal
  NO_COLOR=1      No colours, even on a terminal

Exit codes:
  0        the script has settled
  1        uncaught error or unhandled rejection
  2        usage, missing file, or a mistake in the source
  130 143  SIGINT, SIGTERM
  n        yeet.exit(n)";

#[derive(Subcommand)]
pub(crate) enum Command {
    Run(Run),
    Types(Types),
    Inspect(Inspect),
    Doctor(Doctor),

    /// Prints the licences of yeet and of everything in it
    Licenses,
}

/// Writes the TypeScript declarations of a compiled object
///
/// TypeScript picks the file up for `import probe from './probe.bpf.o'` where `allowArbitraryExtensions` is set: names, kinds, keys, values,
/// records and globals are then checked, and editors complete them. Needs no privileges.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  yeet types probe.bpf.o            Writes probe.bpf.d.o.ts beside it
  yeet types probe.bpf.o -o -       Prints
  yeet types probe.bpf.o --check    Fails where the file is not up to date")]
pub(crate) struct Types {
    /// The compiled object
    #[arg(value_name = "OBJECT")]
    pub(crate) object: PathBuf,

    /// Where to write, - for standard output; default: beside the object
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write nothing; fail where the file is not what would be written
    #[arg(long)]
    pub(crate) check: bool,
}

/// Shows what is in a compiled object
///
/// Programs with how they would attach, the helpers that they call and the oldest kernel known to have those; maps with their types in C and
/// TypeScript; global variables with their initial values. Nothing is loaded. Needs no privileges.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  yeet inspect probe.bpf.o
  yeet inspect probe.bpf.o --json | jq -r '.programs[].name'")]
pub(crate) struct Inspect {
    /// The compiled object
    #[arg(value_name = "OBJECT")]
    pub(crate) object: PathBuf,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const DOCTOR_AFTER_HELP: &str = "\
Exit codes:
  0  a script could load a program and attach it
  1  none could; the last line says why and what to do";

/// Says what scripts may do with BPF here, and what to do about what they may not
///
/// It loads and attaches the smallest program there is in each way that there is, and takes it away again.
#[derive(clap::Args)]
#[command(after_help = DOCTOR_AFTER_HELP)]
pub(crate) struct Doctor {
    /// One JSON object instead of lines for people
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs a script
///
/// A script ends as soon as its top-level module has settled: a promise that it awaits there keeps it running.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Run {
    /// Started objects, live subscriptions and timers keep the script running after its top-level module has settled
    #[arg(long, env = "YEET_KEEP_ALIVE", value_parser = switch, num_args = 0, default_missing_value = "true")]
    pub(crate) keep_alive: bool,

    /// Memory that JavaScript's heap may take, like 512M or 2G; array buffers, which lie outside of it, may take as much again [default: by the machine's memory]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_heap: Option<usize>,

    /// Change to this user once the script's objects have started, for good: NAME, UID, or either with :GROUP
    ///
    /// The process needs root to begin with. Objects that are to be started have to be started together; maps, events and running programs by
    /// hand go on working.
    #[arg(long, value_name = "NAME|UID[:GID]")]
    pub(crate) user: Option<String>,

    /// Flags of V8, for measuring and debugging: --v8-flags=--single-threaded,--trace-gc
    #[arg(long, value_name = "FLAGS", value_delimiter = ',', require_equals = true)]
    pub(crate) v8_flags: Vec<String>,

    /// The script, a directory with an entry file (src/index, src/main, main or index), or - for standard input
    #[arg(value_name = "FILE|DIR|-")]
    pub(crate) script: PathBuf,

    /// What the script finds in yeet.args, flags too: no -- is needed
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
}

/// An environment variable that is set and empty counts as one that is not set.
fn switch(value: &str) -> Result<bool, &'static str> {
    match value {
        "" | "0" | "false" | "no" | "off" => Ok(false),
        "1" | "true" | "yes" | "on" => Ok(true),
        _ => Err("the flag takes no value, and the environment variable YEET_KEEP_ALIVE takes 1 or 0"),
    }
}

/// Bytes, from a number of mebibytes or gibibytes.
fn size(value: &str) -> Result<usize, String> {
    const RANGE: std::ops::RangeInclusive<usize> = 16 << 20..=64 << 30;
    let accepted =
        || format!("a size is a number with M or G behind it, from {}M to {}G", RANGE.start() >> 20, RANGE.end() >> 30);
    let unit = match value.as_bytes().last() {
        Some(b'M' | b'm') => 20,
        Some(b'G' | b'g') => 30,
        _ => return Err(accepted()),
    };
    let number: usize = value[..value.len() - 1].parse().map_err(|_| accepted())?;
    number.checked_mul(1 << unit).filter(|bytes| RANGE.contains(bytes)).ok_or_else(accepted)
}

/// Options of `run` whose value may stand in a word of its own.
const VALUED: [&str; 2] = ["--max-heap", "--user"];

/// Ends yeet's own options at the script: whatever follows it is the script's, `--help` and `--keep-alive` too.
pub(crate) fn end_at_script(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = words.collect();
    let is_option = |word: &OsString| word != "-" && word.as_encoded_bytes().starts_with(b"-");
    let is_value = |at: usize| VALUED.iter().any(|option| words[at - 1] == *option);
    if words.get(1).is_some_and(|verb| verb == "run")
        && let Some(script) = (2..words.len()).find(|&at| !is_option(&words[at]) && !is_value(at))
        && !words[2..script].iter().any(|word| word == "--")
    {
        words.insert(script + 1, "--".into());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> (bool, PathBuf, Vec<String>) {
        let words = ["yeet"].iter().chain(words).map(OsString::from);
        let args = Args::try_parse_from(end_at_script(words)).unwrap_or_else(|error| panic!("{error}"));
        let Command::Run(run) = args.command else { panic!("another command") };
        (run.keep_alive, run.script, run.args)
    }

    #[test]
    fn everything_behind_the_script_is_the_scripts() {
        let args = |words: &[&str]| parsed(words).2;
        assert_eq!(
            args(&["run", "a.ts", "--help", "-h", "--keep-alive=no", "-V"]),
            ["--help", "-h", "--keep-alive=no", "-V"]
        );
        assert_eq!(args(&["run", "-", "--help"]), ["--help"]);
        assert_eq!(args(&["run", "a.ts", "--", "--x"]), ["--", "--x"]);
        assert_eq!(args(&["run", "a.ts", "x", "--", "y"]), ["x", "--", "y"]);
        assert_eq!(args(&["run", "--", "-a.ts", "--x"]), ["--x"]);
        assert_eq!(args(&["run", "--user", "nobody", "a.ts", "--user", "x"]), ["--user", "x"]);
        assert_eq!(args(&["run", "--user=nobody", "a.ts", "--x"]), ["--x"]);
        assert_eq!(
            parsed(&["run", "--keep-alive", "a.ts", "--keep-alive"]),
            (true, "a.ts".into(), vec!["--keep-alive".to_owned()])
        );
        assert_eq!(parsed(&["run", "--max-heap", "64M", "a.ts", "--x"]).2, ["--x"]);
        assert_eq!(parsed(&["run", "--max-heap=64M", "a.ts", "--max-heap", "1G"]).2, ["--max-heap", "1G"]);
    }

    #[test]
    fn a_size_has_a_unit_and_bounds() {
        assert_eq!(size("64M"), Ok(64 << 20));
        assert_eq!(size("2g"), Ok(2 << 30));
        for wrong in [
            "",
            "M",
            "64",
            "64K",
            "-1M",
            "1.5G",
            "15M",
            "65G",
            "99999999999999999999G",
            "20000000000G",
            "64 M",
            "６４M",
        ] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
