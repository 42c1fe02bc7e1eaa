//! Spec tests: builds the product and hands it to the harness in tests/harness.

use anyhow::{Result, ensure};

use crate::command::{cargo, check, suite};
use crate::count::Counts;
use crate::dist;
use crate::workspace::yeet;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only cases whose path contains this
    filter: Option<String>,
    /// Rewrite the expectation files that differ
    #[arg(long)]
    bless: bool,
}

pub(crate) fn run(options: &Options, counts: &mut Counts) -> Result<()> {
    let mut built = Counts::default();
    build(&mut built)?;
    ensure!(built.failed == 0, "yeet does not build, so no spec test was run");
    cases(options, counts)
}

/// The release binary.
pub(crate) fn build(counts: &mut Counts) -> Result<()> {
    check(&mut cargo(&["build", "--locked", "--release", "--package", "yeet"]), counts)
}

/// All cases against the binary as it is.
pub(crate) fn all(counts: &mut Counts) -> Result<()> {
    cases(&Options { filter: None, bless: false }, counts)?;
    dist::for_ci(counts)
}

/// The cases whose path contains `filter` and not `without`, with another program in the place of yeet.
pub(crate) fn cases_of(filter: &str, without: &str, program: &std::path::Path, counts: &mut Counts) -> Result<()> {
    let mut command =
        cargo(&["test", "--locked", "--package", "yeet-spec", "--test", "spec", "--", filter, "--skip", without]);
    suite(command.env("YEET_BIN", program), counts)
}

fn cases(options: &Options, counts: &mut Counts) -> Result<()> {
    let mut args = vec!["test", "--locked", "--package", "yeet-spec", "--test", "spec", "--"];
    args.extend(options.filter.as_deref());
    let mut command = cargo(&args);
    command.env("YEET_BIN", yeet());
    if options.bless {
        command.env("YEET_BLESS", "1");
    }
    suite(&mut command, counts)
}
