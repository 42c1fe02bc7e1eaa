//! Formatting: rustfmt for Rust, Biome for TypeScript and JSON.

use anyhow::Result;

use crate::command::{cargo, check, node_tool};
use crate::count::Counts;

pub(crate) fn run(only_check: bool, counts: &mut Counts) -> Result<()> {
    let rust: &[&str] = if only_check { &["fmt", "--all", "--check"] } else { &["fmt", "--all"] };
    check(&mut cargo(rust), counts)?;
    let typescript: &[&str] =
        if only_check { &["check", "--linter-enabled=false"] } else { &["check", "--linter-enabled=false", "--write"] };
    check(&mut node_tool("biome", typescript)?, counts)
}
