//! Static checks of Rust and TypeScript.

use anyhow::Result;

use crate::command::{cargo, check, node_tool};
use crate::count::Counts;
use crate::workspace::{HEAVY_CRATES, LIGHT_CRATES};
use crate::{layers, licences};

/// The TypeScript projects: scripts that yeet runs, code inside V8, code under Node.
const PROJECTS: [&str; 3] = ["tsconfig.json", "js/tsconfig.json", "js/tsconfig.node.json"];

pub(crate) fn run(counts: &mut Counts) -> Result<()> {
    typescript(counts)?;
    layers::check(counts)?;
    licences::check(counts)?;
    clippy_light(counts)?;
    clippy_heavy(counts)
}

/// tsc and Biome: seconds.
pub(crate) fn typescript(counts: &mut Counts) -> Result<()> {
    for project in PROJECTS {
        check(&mut node_tool("tsc", &["--project", project])?, counts)?;
    }
    check(&mut node_tool("biome", &["lint", "--error-on-warnings"])?, counts)
}

/// Clippy for the crates without V8.
pub(crate) fn clippy_light(counts: &mut Counts) -> Result<()> {
    clippy(&["--profile", "dev"], &LIGHT_CRATES, counts)
}

/// Clippy for the crates above V8, in the profile they are built in.
pub(crate) fn clippy_heavy(counts: &mut Counts) -> Result<()> {
    clippy(&["--release"], &HEAVY_CRATES, counts)
}

fn clippy(profile: &[&str], crates: &[&str], counts: &mut Counts) -> Result<()> {
    let mut args = vec!["clippy", "--locked", "--all-targets"];
    args.extend(profile);
    for name in crates {
        args.extend(["--package", name]);
    }
    args.extend(["--", "--deny", "warnings"]);
    check(&mut cargo(&args), counts)
}
