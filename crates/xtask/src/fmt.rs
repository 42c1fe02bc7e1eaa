//! Formatting: rustfmt for Rust, Biome for TypeScript and JSON.

use anyhow::Result;

use crate::command::{cargo, check, node_tool};
use crate::count::Counts;

pub(crate) fn run(only_check: bool, counts: &mut Counts) -> Result<()> {
    // fuzz/ is a workspace of its own.
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        let mut rust = cargo(&["fmt", "--all", "--manifest-path", manifest]);
        if only_check {
            rust.arg("--check");
        }
        check(&mut rust, counts)?;
    }
    let typescript: &[&str] =
        if only_check { &["check", "--linter-enabled=false"] } else { &["check", "--linter-enabled=false", "--write"] };
    check(&mut node_tool("biome", typescript)?, counts)
}
