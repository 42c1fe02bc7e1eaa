//! The spec tests on other kernels: QEMU boots kernels of Debian with a root that holds yeet, the tests and the harness.

mod cpio;
mod features;
mod fetch;
mod guest;
mod kernels;
mod packages;
mod page;
mod results;
mod root;
mod sources;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::command::{cargo, check, output};
use crate::count::Counts;
use crate::{setup, spec};
use features::Features;
use kernels::{KERNELS, Kernel};
pub(crate) use packages::PACKAGES;
use results::{Measured, Results};

#[derive(clap::Subcommand)]
pub(crate) enum What {
    /// Get kernels, or newer builds of them
    Fetch {
        /// 5.10, 6.1, 6.12, newest; none: all
        kernels: Vec<String>,
    },
    /// Run the spec tests that load BPF, or those whose path contains one of the filters
    Run {
        /// Kernels (none: all) and filters
        words: Vec<String>,
        /// Keep the results, and write docs/kernel-support.md of them
        #[arg(long)]
        write: bool,
    },
    /// Write docs/kernel-support.md of the results that were kept
    Table,
}

/// How long all tests may take in one guest.
const LIMIT: Duration = Duration::from_secs(45 * 60);

pub(crate) fn run(what: &What, counts: &mut Counts) -> Result<()> {
    match what {
        What::Fetch { kernels: words } => {
            setup::for_guests()?;
            let (kernels, others) = kernels::choose(words);
            ensure!(others.is_empty(), "there is no kernel '{}'", others.join("' and no '"));
            kernels.into_iter().try_for_each(|kernel| fetch::fetch(kernel).map(|_| ()))
        }
        What::Run { words, write } => {
            setup::for_guests()?;
            let (kernels, filters) = kernels::choose(words);
            let mut built = Counts::default();
            spec::build(&mut built)?;
            ensure!(built.failed == 0, "yeet does not build, so no guest was started");
            let harness = harness(counts)?;
            for kernel in kernels {
                let measured = guest(kernel, &harness, &filters, counts)?;
                if *write {
                    keep(kernel, measured, filters.is_empty())?;
                }
            }
            println!("\n{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
            counts.failures.iter().for_each(|failure| println!("FAILED {failure}"));
            if *write { table() } else { Ok(()) }
        }
        What::Table => table(),
    }
}

/// What CI has time for, with the binary as it is.
pub(crate) fn for_ci(counts: &mut Counts) -> Result<()> {
    setup::for_guests()?;
    let harness = harness(counts)?;
    KERNELS.into_iter().try_for_each(|kernel| guest(kernel, &harness, kernel.in_ci, counts).map(|_| ()))
}

/// Kept after each guest, so that one that fails takes nothing of the others with it.
fn keep(kernel: Kernel, measured: Measured, whole: bool) -> Result<()> {
    let mut results = Results::read()?;
    results.keep(kernel.name, measured, whole);
    results.write()
}

fn table() -> Result<()> {
    let page = page::markdown(&Features::read()?, &Results::read()?)?;
    std::fs::write(crate::workspace::root().join(page::PATH), page)
        .with_context(|| format!("cannot write {}", page::PATH))
}

fn guest(kernel: Kernel, harness: &Path, filters: &[&str], counts: &mut Counts) -> Result<Measured> {
    println!("\n─── kernel {}", kernel.name);
    let image = fetch::have(kernel)?;
    let tree = root::tree(&image, harness, &script(filters))?;
    guest::run(kernel, &image, &tree, &fetch::place(kernel), LIMIT, counts)
}

/// What the guest's shell runs: the harness, once for each filter.
fn script(filters: &[&str]) -> String {
    let environment = "export CARGO_MANIFEST_DIR=/yeet/tests/harness YEET_BIN=/usr/bin/yeet YEET_GUEST=1";
    let run = |filter: &&str| format!("yeet-spec '{}' || status=$?\n", filter.replace('\'', r"'\''"));
    let runs = match filters {
        [] => "yeet-spec || status=$?\n".to_owned(),
        _ => filters.iter().map(run).collect(),
    };
    format!("{environment}\nstatus=0\n{runs}(exit $status)\n")
}

/// Builds the harness and says where its program lies.
fn harness(counts: &mut Counts) -> Result<PathBuf> {
    let args = ["test", "--locked", "--package", "yeet-spec", "--test", "spec", "--no-run"];
    check(&mut cargo(&args), counts)?;
    let messages = output(&mut cargo(&[&args[..], &["--message-format", "json"]].concat()))?;
    let mut found = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message.get("executable")?.as_str()?))
    });
    found.next_back().context("cargo says no program for the spec tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_is_a_run_and_quoted_for_the_shell() {
        assert!(script(&["a'b c", "d"]).contains("\nyeet-spec 'a'\\''b c' || status=$?\nyeet-spec 'd' || status=$?\n"));
        assert!(script(&[]).contains("\nyeet-spec || status=$?\n"));
    }
}
