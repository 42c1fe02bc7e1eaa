//! `yeet`: runs TypeScript scripts that load, attach and read eBPF programs.

mod args;
mod doctor;
mod inspect;
mod licenses;
mod object;
mod run;
mod types;
mod usage;
mod user;
mod version;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

/// Exit code for usage errors and missing files.
pub(crate) const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    match parse() {
        Ok(args) => match args.command {
            args::Command::Run(run) => run::run(run),
            args::Command::Types(types) => types::run(&types),
            args::Command::Inspect(inspect) => inspect::run(&inspect),
            args::Command::Doctor(doctor) => doctor::run(&doctor),
            args::Command::Licenses => licenses::run(),
        },
        Err(error) if error.use_stderr() => {
            eprint!("{}", yeet_runtime::printable(&usage::explain(error)));
            ExitCode::from(BAD_INPUT)
        }
        Err(help) => {
            // Nothing can be told to somebody who closed the stream that it would be told on.
            let _ = help.print();
            ExitCode::SUCCESS
        }
    }
}

fn parse() -> Result<args::Args, clap::Error> {
    let command = args::Args::command().long_version(version::long());
    let matches = command.try_get_matches_from(args::end_at_script(std::env::args_os()))?;
    args::Args::from_arg_matches(&matches)
}
