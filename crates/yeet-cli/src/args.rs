//! The command line.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
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
}

/// Runs a script
///
/// A script ends as soon as its top-level module has settled: a promise that it awaits there keeps it running.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Run {
    /// Started objects, live subscriptions and timers keep the script running after its top-level module has settled
    #[arg(long, env = "YEET_KEEP_ALIVE", value_parser = BoolishValueParser::new(), num_args = 0, default_missing_value = "true")]
    pub(crate) keep_alive: bool,

    /// The script, a directory with an entry file (src/index, src/main, main or index), or - for standard input
    #[arg(value_name = "FILE|DIR|-")]
    pub(crate) script: PathBuf,

    /// What the script finds in yeet.args, flags too: no -- is needed
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
}
