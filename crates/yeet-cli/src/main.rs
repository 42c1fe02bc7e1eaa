//! `yeet`: runs TypeScript scripts that load, attach and read eBPF programs.

mod args;
mod doctor;
mod run;
mod usage;
mod user;

use std::process::ExitCode;

use clap::Parser;

/// Exit code for usage errors and missing files.
pub(crate) const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    match args::Args::try_parse_from(args::end_at_script(std::env::args_os())) {
        Ok(args) => match args.command {
            args::Command::Run(run) => run::run(run),
            args::Command::Doctor(doctor) => doctor::run(&doctor),
        },
        Err(error) if error.use_stderr() => {
            eprint!("{}", usage::explain(error));
            ExitCode::from(BAD_INPUT)
        }
        Err(help) => {
            // Nothing can be told to somebody who closed the stream that it would be told on.
            let _ = help.print();
            ExitCode::SUCCESS
        }
    }
}
