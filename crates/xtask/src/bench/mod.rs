//! Measurements.

mod startup;
mod stats;

use anyhow::Result;

use crate::count::Counts;

#[derive(clap::Subcommand)]
pub(crate) enum What {
    /// Start-up of a hello script against deno, bun and node
    Startup(startup::Options),
}

pub(crate) fn run(what: &What, counts: &mut Counts) -> Result<()> {
    match what {
        What::Startup(options) => startup::run(options, counts),
    }
}

/// The short form for CI: yeet must start faster than deno.
pub(crate) fn startup_for_ci(counts: &mut Counts) -> Result<()> {
    startup::run(&startup::Options { runs: 10, out: None, faster_than: vec!["deno".into()] }, counts)
}
