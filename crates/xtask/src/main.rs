//! `cargo xtask <verb>`: everything a developer runs, in one place. `cargo xtask ci` is all of it.

mod bench;
mod ci;
mod command;
mod components;
mod count;
mod dist;
mod fixtures;
mod fmt;
mod fuzz;
mod hash;
mod layers;
mod licences;
mod lint;
mod order;
mod readme;
mod run;
mod setup;
mod signals;
mod spec;
mod test;
mod trust;
mod v8;
mod vm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::count::Counts;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The developer verbs of yeet", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what the build lacks, build yeet and run a script with it, as root
    Run(run::Options),
    /// Everything below, timed, with a closing table; fails if anything fails
    Ci(ci::Options),
    /// Format Rust and TypeScript
    Fmt {
        /// Change nothing, fail where something is not formatted
        #[arg(long)]
        check: bool,
    },
    /// Clippy, tsc, Biome, the direction of the layers and the licences
    Lint,
    /// Unit tests: Rust and, under Node, TypeScript
    Test,
    /// Spec tests of the built binary (tests/spec)
    Spec(spec::Options),
    /// Build every BPF object from its C source and write the manifest of their hashes
    Fixtures {
        /// Change nothing, fail where an object does not belong to its source
        #[arg(long)]
        check: bool,
    },
    /// Run the commands that README.md shows
    Readme,
    /// Install what a fresh Debian machine lacks: packages, Node modules, mounts
    Setup,
    /// Make dist/yeet, stripped and without a path of this machine, with its checksum, licences and list of components in dist/meta
    Dist(dist::Options),
    /// After a change of Cargo.lock: write the licence texts that the binary carries
    Licences,
    /// Verify the checksum of the prebuilt V8 library
    V8,
    /// The spec tests on other kernels, in QEMU
    Vm {
        #[command(subcommand)]
        what: vm::What,
    },
    /// List the functions that a start runs, for the linker
    Order,
    /// Measure yeet against its peers
    Bench(bench::Options),
    /// Fuzz what reads foreign bytes
    Fuzz(fuzz::Options),
    /// Bad input, faults and load: what is promised and what was measured
    Trust(trust::Options),
}

fn main() -> ExitCode {
    if let Err(error) = signals::set_up() {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    let mut counts = Counts::default();
    let result = match Arguments::parse().verb {
        Verb::Ci(options) => return ci::run(&options),
        Verb::Run(options) => run::run(&options),
        Verb::Fmt { check } => fmt::run(check, &mut counts),
        Verb::Lint => lint::run(&mut counts),
        Verb::Test => test::run(&mut counts),
        Verb::Spec(options) => spec::run(&options, &mut counts),
        Verb::Fixtures { check } => fixtures::run(check, &mut counts),
        Verb::Readme => readme::run(&mut counts),
        Verb::Setup => setup::run(&mut counts),
        Verb::Dist(options) => dist::run(&options, &mut counts),
        Verb::Licences => licences::write(),
        Verb::V8 => v8::check(&mut counts),
        Verb::Vm { what } => vm::run(&what, &mut counts),
        Verb::Order => order::run(),
        Verb::Bench(options) => bench::run(&options, &mut counts),
        Verb::Fuzz(options) => fuzz::run(&options, &mut counts),
        Verb::Trust(options) => trust::run(&options, &mut counts),
    };
    match result {
        Ok(()) if counts.failed == 0 => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
