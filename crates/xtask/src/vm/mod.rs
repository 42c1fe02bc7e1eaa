//! The spec tests on other kernels: QEMU boots kernels of Debian with a root that holds yeet, the tests and the harness.

mod cpio;
mod fetch;
mod guest;
mod kernels;
mod packages;
mod root;
mod sources;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::command::{cargo, check, output};
use crate::count::Counts;
use crate::{setup, spec};
use kernels::{KERNELS, Kernel};
pub(crate) use packages::PACKAGES;

#[derive(clap::Subcommand)]
pub(crate) enum What {
    /// Get kernels, or newer builds of them
    Fetch {
        /// 5.10, 6.1, 6.12, newest; none: all
        kernels: Vec<String>,
    },
    /// Run the spec tests that load BPF, or those whose path contains a filter
    Run {
        /// Kernels (none: all) and at most one filter
        words: Vec<String>,
    },
}

/// How long all tests may take in one guest.
const LIMIT: Duration = Duration::from_secs(45 * 60);

pub(crate) fn run(what: &What, counts: &mut Counts) -> Result<()> {
    setup::for_guests()?;
    match what {
        What::Fetch { kernels: words } => {
            let (kernels, filter) = kernels::choose(words)?;
            ensure!(filter.is_none(), "there is no kernel '{}'", filter.unwrap_or_default());
            kernels.into_iter().try_for_each(|kernel| fetch::fetch(kernel).map(|_| ()))
        }
        What::Run { words } => {
            let (kernels, filter) = kernels::choose(words)?;
            let mut built = Counts::default();
            spec::build(&mut built)?;
            ensure!(built.failed == 0, "yeet does not build, so no guest was started");
            guests(&kernels, filter.as_deref(), counts)?;
            println!("\n{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
            counts.failures.iter().for_each(|failure| println!("FAILED {failure}"));
            Ok(())
        }
    }
}

/// The kernels for which CI has time, with the binary as it is.
pub(crate) fn for_ci(counts: &mut Counts) -> Result<()> {
    setup::for_guests()?;
    let kernels: Vec<Kernel> = KERNELS.into_iter().filter(|kernel| kernel.in_ci).collect();
    guests(&kernels, None, counts)
}

fn guests(kernels: &[Kernel], filter: Option<&str>, counts: &mut Counts) -> Result<()> {
    let harness = harness(counts)?;
    for &kernel in kernels {
        println!("\n─── kernel {}", kernel.name);
        let image = fetch::have(kernel)?;
        let tree = root::tree(&image, &harness, &script(filter))?;
        guest::run(kernel, &image, &tree, &fetch::place(kernel), LIMIT, counts)?;
    }
    Ok(())
}

/// What the guest's shell runs.
fn script(filter: Option<&str>) -> String {
    let filter = filter.map_or(String::new(), |filter| format!(" '{}'", filter.replace('\'', r"'\''")));
    format!("CARGO_MANIFEST_DIR=/yeet/tests/harness YEET_BIN=/usr/bin/yeet YEET_GUEST=1 yeet-spec{filter}\n")
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
    fn filters_are_quoted_for_the_shell() {
        assert!(script(Some("a'b c")).ends_with(
            r"yeet-spec 'a'\''b c'
"
        ));
        assert!(script(None).ends_with("yeet-spec\n"));
    }
}
