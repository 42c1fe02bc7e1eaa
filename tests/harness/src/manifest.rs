//! `test.toml`: what a case runs and what it expects.
//!
//! Keys of the case: `about`, `kernel`, `temp`, `files`, `needs`, `lacks`, `heavy`, `steps`. Every other key belongs to a step; a case of one
//! step writes them at the top, a case of several has `[[steps]]` tables.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::signal::Signal;
use serde::Deserialize;

use crate::guest::stretched;

/// Where no `timeout_s` is given.
const DEFAULT_TIMEOUT_S: f64 = 20.0;

/// A parsed `test.toml`.
#[derive(Debug)]
pub struct Manifest {
    pub case: CaseKeys,
    /// At least one.
    pub steps: Vec<Step>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseKeys {
    /// What the case shows, in a sentence.
    pub about: Option<String>,
    /// The case loads BPF programs: it runs alone, and must leave no program, map or link behind.
    #[serde(default)]
    pub kernel: bool,
    /// Run in a copy of the folder, for cases that write files.
    #[serde(default)]
    pub temp: bool,
    /// Files copied into that copy, relative to the case's folder. Implies `temp`.
    #[serde(default)]
    pub files: Vec<String>,
    /// Kernel features without which the case is skipped, where the skip can be proved (see [`crate::needs`]).
    #[serde(default)]
    pub needs: Vec<String>,
    /// Kernel features without which the case shows what happens: it is skipped where the kernel has one of them.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Why the case is left out of a guest, save when the filter is its name: what takes seconds here takes minutes there.
    pub heavy: Option<String>,
}

const CASE_KEYS: [&str; 7] = ["about", "kernel", "temp", "files", "needs", "lacks", "heavy"];

/// One command and what it must do.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Names the step in reports and its expectation files (`<name>.stdout`); without it, its number does.
    pub name: Option<String>,
    /// Arguments of yeet. Default: `["run", "main.ts"]`.
    pub args: Option<Vec<String>>,
    /// Another command instead of yeet. `yeet` is in its `PATH`.
    pub run: Option<Vec<String>>,
    /// Added to the small fixed environment that every step gets.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Text for standard input; without it, input is empty.
    pub stdin: Option<String>,
    /// Expected end: an exit code, or the name of the signal that kills the process.
    #[serde(default)]
    pub exit: Exit,
    /// Exact text. Without this and `stdout_match`: the file `stdout` or `stdout.match`; without these: nothing at all.
    pub stdout: Option<String>,
    /// Text with wildcards (see [`crate::pattern`]).
    pub stdout_match: Option<String>,
    pub stderr: Option<String>,
    pub stderr_match: Option<String>,
    /// Seconds after which the step is killed and fails.
    pub timeout_s: Option<f64>,
    /// Sent one after the other.
    #[serde(default)]
    pub signals: Vec<SendSignal>,
    /// Commands that make something happen for the script to see.
    #[serde(default)]
    pub trigger: OneOrMany<Trigger>,
    /// Run as this user; the case then runs in a copy that the user can read.
    pub user: Option<String>,
    /// Limit of CPU time between a signal's `after_stdout` and the moment it is sent, in percent of one CPU.
    pub cpu_max_percent: Option<f64>,
    /// Limit of the process's peak resident memory.
    pub max_rss_mib: Option<u64>,
    /// Close the reading end of stdout: `true` at once, a number after that many bytes.
    #[serde(default)]
    pub closed_stdout: ClosedStdout,
    /// Streams that are terminals: `true` for all three, or a list of `"stdin"`, `"stdout"`, `"stderr"`.
    #[serde(default)]
    pub tty: Tty,
}

/// A signal to the step's process.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendSignal {
    /// `"SIGINT"`, `"SIGTERM"`, …
    #[serde(deserialize_with = "signal")]
    pub send: Signal,
    /// Wait until stdout has this text, after what earlier signals waited for.
    pub after_stdout: Option<String>,
    /// Then wait this long. At least one of the two is given.
    pub after_ms: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Wait until stdout has this text. Without it, run at once.
    pub after_stdout: Option<String>,
    pub run: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "an exit code (0 to 255) or the name of a signal such as \"SIGKILL\"")]
pub enum Exit {
    Code(u8),
    Signal(#[serde(deserialize_with = "signal")] Signal),
}

impl Default for Exit {
    fn default() -> Self {
        Exit::Code(0)
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a table or an array of tables")]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany::Many(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    pub fn as_slice(&self) -> &[T] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged, expecting = "true, false or a number of bytes")]
pub enum ClosedStdout {
    Flag(bool),
    After(usize),
}

impl Default for ClosedStdout {
    fn default() -> Self {
        ClosedStdout::Flag(false)
    }
}

impl ClosedStdout {
    /// How many bytes are read before the reader goes; `None`: it stays.
    pub fn limit(self) -> Option<usize> {
        match self {
            ClosedStdout::Flag(false) => None,
            ClosedStdout::Flag(true) => Some(0),
            ClosedStdout::After(bytes) => Some(bytes),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    Stdin,
    Stdout,
    Stderr,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "true, false or a list of \"stdin\", \"stdout\", \"stderr\"")]
pub enum Tty {
    Flag(bool),
    Streams(Vec<Stream>),
}

impl Default for Tty {
    fn default() -> Self {
        Tty::Flag(false)
    }
}

impl Tty {
    pub fn has(&self, stream: Stream) -> bool {
        match self {
            Tty::Flag(all) => *all,
            Tty::Streams(streams) => streams.contains(&stream),
        }
    }
}

fn signal<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Signal, D::Error> {
    let name = String::deserialize(from)?;
    name.parse()
        .map_err(|_| serde::de::Error::custom(format!("`{name}` is not a signal; write for example \"SIGINT\"")))
}

impl Step {
    pub fn timeout(&self) -> std::time::Duration {
        stretched(std::time::Duration::from_secs_f64(self.timeout_s.unwrap_or(DEFAULT_TIMEOUT_S)))
    }

    fn check(&self) -> Result<()> {
        ensure!(
            self.args.is_none() || self.run.is_none(),
            "`args` is for yeet, `run` for another command: give one of them"
        );
        ensure!(self.run.as_ref().is_none_or(|run| !run.is_empty()), "`run` is empty: name the command first");
        ensure!(self.stdout.is_none() || self.stdout_match.is_none(), "give one of `stdout` and `stdout_match`");
        ensure!(self.stderr.is_none() || self.stderr_match.is_none(), "give one of `stderr` and `stderr_match`");
        if let Some(seconds) = self.timeout_s {
            ensure!(
                seconds > 0.0 && seconds <= 600.0,
                "`timeout_s` is {seconds}: give more than 0 and at most 600 seconds"
            );
        }
        for trigger in self.trigger.as_slice() {
            ensure!(!trigger.run.is_empty(), "`trigger.run` is empty: name the command first");
        }
        for signal in &self.signals {
            ensure!(
                signal.after_stdout.is_some() || signal.after_ms.is_some(),
                "the signal {} needs `after_stdout` or `after_ms`: sent at once it may come before the program runs",
                signal.send
            );
        }
        if self.cpu_max_percent.is_some() {
            let measured =
                self.signals.iter().any(|s| s.after_stdout.is_some() && s.after_ms.is_some_and(|ms| ms >= 500));
            ensure!(
                measured,
                "`cpu_max_percent` needs a signal with `after_stdout` and `after_ms` of at least 500: the time between is measured"
            );
        }
        Ok(())
    }
}

/// Reads and checks a manifest.
pub fn read(path: &Path) -> Result<Manifest> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("in {}", path.display()))
}

/// Parses the text of a `test.toml`.
pub fn parse(text: &str) -> Result<Manifest> {
    let mut step: toml::Table = text.parse()?;
    let mut case = toml::Table::new();
    for key in CASE_KEYS {
        if let Some(value) = step.remove(key) {
            case.insert(key.into(), value);
        }
    }
    let steps = step.remove("steps");
    let case = CaseKeys::deserialize(case)?;
    let steps = match steps {
        None => vec![
            step_of(step)
                .with_context(|| format!("keys of a case are {}, `steps` and those of a step", CASE_KEYS.join(", ")))?,
        ],
        Some(toml::Value::Array(steps)) => {
            if let Some(key) = step.keys().next() {
                bail!("`{key}` belongs to one step: write it inside a `[[steps]]` table");
            }
            ensure!(!steps.is_empty(), "`steps` is empty");
            let tables = steps.into_iter().enumerate().map(|(index, step)| {
                let table = step.try_into::<toml::Table>().context("`steps` is not an array of tables");
                table.and_then(step_of).with_context(|| format!("in step {}", index + 1))
            });
            tables.collect::<Result<_>>()?
        }
        Some(_) => bail!("`steps` is not an array of tables: write `[[steps]]`"),
    };
    Ok(Manifest { case, steps })
}

fn step_of(table: toml::Table) -> Result<Step> {
    let step = Step::deserialize(table)?;
    step.check()?;
    Ok(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        format!("{:#}", parse(text).unwrap_err())
    }

    #[test]
    fn an_empty_manifest_runs_main_ts_and_expects_success() {
        let manifest = parse("").unwrap();
        assert_eq!(manifest.steps.len(), 1);
        let step = &manifest.steps[0];
        assert_eq!(step.exit, Exit::Code(0));
        assert!(step.args.is_none() && step.run.is_none());
        assert_eq!(step.timeout().as_secs(), 20);
        assert!(!manifest.case.kernel);
    }

    #[test]
    fn one_step_at_the_top() {
        let manifest = parse(
            r#"
            about = "ends on SIGINT"
            kernel = true
            needs = ["kprobe"]
            lacks = ["tcx"]
            heavy = "it counts to a million"
            exit = 130
            closed_stdout = 5
            tty = ["stderr"]
            trigger = { after_stdout = "ready", run = ["sh", "-c", "true"] }
            signals = [{ after_stdout = "ready", after_ms = 1000, send = "SIGINT" }]
            cpu_max_percent = 1
            "#,
        )
        .unwrap();
        let step = &manifest.steps[0];
        assert!(manifest.case.kernel);
        assert_eq!(manifest.case.needs, ["kprobe"]);
        assert_eq!(manifest.case.lacks, ["tcx"]);
        assert_eq!(manifest.case.heavy.as_deref(), Some("it counts to a million"));
        assert_eq!(step.exit, Exit::Code(130));
        assert_eq!(step.closed_stdout.limit(), Some(5));
        assert!(step.tty.has(Stream::Stderr) && !step.tty.has(Stream::Stdout));
        assert_eq!(step.trigger.as_slice()[0].run, ["sh", "-c", "true"]);
        assert_eq!(step.signals[0].send, Signal::SIGINT);
    }

    #[test]
    fn several_steps() {
        let manifest = parse("[[steps]]\nrun = ['true']\n[[steps]]\nexit = 'SIGKILL'\n").unwrap();
        assert_eq!(manifest.steps.len(), 2);
        assert_eq!(manifest.steps[1].exit, Exit::Signal(Signal::SIGKILL));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("tiemout_s = 3", "unknown field `tiemout_s`"),
            ("kernel = 1", "expected a boolean"),
            ("exit = 300", "an exit code (0 to 255)"),
            ("exit = 'SIGNOPE'", "an exit code (0 to 255)"),
            ("args = ['a']\nrun = ['b']", "give one of them"),
            ("run = []", "`run` is empty"),
            ("stdout = ''\nstdout_match = ''", "give one of `stdout` and `stdout_match`"),
            ("signals = [{ send = 'SIGINT' }]", "needs `after_stdout` or `after_ms`"),
            ("signals = [{ send = 'INT', after_ms = 5 }]", "`INT` is not a signal"),
            ("cpu_max_percent = 1", "needs a signal"),
            ("timeout_s = 0", "more than 0"),
            ("steps = []", "`steps` is empty"),
            ("steps = 3", "write `[[steps]]`"),
            ("exit = 1\n[[steps]]\n", "`exit` belongs to one step"),
            ("[[steps]]\nargz = []", "in step 1"),
            ("tty = ['stdlog']", "a list of"),
            ("= 3", "TOML parse error"),
        ] {
            let message = error(text);
            assert!(message.contains(expected), "{text:?} gave {message:?}");
        }
    }
}
