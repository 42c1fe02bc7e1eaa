//! `yeet`: runs TypeScript scripts that load, attach and read eBPF programs.

mod args;
mod run;

use clap::Parser;

fn main() -> ! {
    match args::Args::parse().command {
        args::Command::Run(run) => run::run(run),
    }
}
