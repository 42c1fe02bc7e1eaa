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

#[derive(Subcommand)]
pub(crate) enum Command {
    Run(Run),
}

/// Runs a script.
///
/// The script ends as soon as its top-level module has settled: await a promise to keep it running.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  yeet run main.ts\n  yeet run main.ts --pid 123 --verbose\n  echo 'console.log(yeet.version)' | yeet run -\n\nExit codes: 0 settled; 1 uncaught error; 2 usage, missing file or syntax error; 130 and 143 SIGINT and SIGTERM; yeet.exit(n) gives n.")]
pub(crate) struct Run {
    /// Live subscriptions and timers keep the script running after its top-level module has settled
    #[arg(long, env = "YEET_KEEP_ALIVE", value_parser = BoolishValueParser::new(), num_args = 0, default_missing_value = "true")]
    pub(crate) keep_alive: bool,

    /// The script, a directory with an entry file (src/index, src/main, main or index), or - for standard input
    #[arg(value_name = "FILE|DIR|-")]
    pub(crate) script: PathBuf,

    /// What the script finds in yeet.args; no -- is needed
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
}
