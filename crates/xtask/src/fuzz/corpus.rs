//! The checked-in inputs: the smallest that reach what all inputs of this machine reach.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::build;
use super::job::LONGEST;
use super::target::{Language, Target, work};
use crate::command::{command, stream};
use crate::workspace::relative;

/// Bytes for one target; eight of them stay below two megabytes.
const BUDGET: u64 = 200_000;

pub(super) fn minimise(target: &Target) -> Result<()> {
    let chosen = work().join("minimised").join(target.name);
    if chosen.exists() {
        fs::remove_dir_all(&chosen)?;
    }
    fs::create_dir_all(&chosen)?;
    match target.language {
        Language::Rust => {
            let mut merge = command(build::binary(target.name), &["-merge=1", "-timeout=10", "-verbosity=0"]);
            merge
                .arg(format!("-max_len={LONGEST}"))
                .arg(&chosen)
                .arg(target.found())
                .env("ASAN_OPTIONS", "detect_leaks=0");
            if target.corpus().is_dir() {
                merge.arg(target.corpus());
            }
            let status = stream(&mut merge, |_| {})?;
            ensure!(status.success(), "the inputs of {} cannot be merged: {status}", target.name);
        }
        Language::TypeScript => {
            let mut node = command("node", &["--import", "tsx", "tests/fuzz/main.ts", target.name, "--minimise"]);
            node.arg(&chosen).arg(target.found()).arg(target.corpus());
            let status = stream(&mut node, |_| {})?;
            ensure!(status.success(), "the inputs of {} cannot be merged: {status}", target.name);
        }
    }
    keep(&chosen, &target.corpus())
}

/// Replaces what is checked in, the smallest inputs first, as far as the budget goes.
fn keep(chosen: &Path, corpus: &Path) -> Result<()> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(chosen)? {
        let entry = entry?;
        inputs.push((entry.metadata()?.len(), entry.file_name()));
    }
    ensure!(!inputs.is_empty(), "no input is left for {}", relative(corpus));
    inputs.sort();
    if corpus.exists() {
        fs::remove_dir_all(corpus)?;
    }
    fs::create_dir_all(corpus)?;
    let (mut count, mut bytes) = (0, 0);
    for (size, name) in &inputs {
        if bytes + size > BUDGET {
            break;
        }
        fs::copy(chosen.join(name), corpus.join(name)).with_context(|| format!("cannot fill {}", relative(corpus)))?;
        (count, bytes) = (count + 1, bytes + size);
    }
    println!("{}: {count} of {} inputs, {bytes} bytes", relative(corpus), inputs.len());
    Ok(())
}
