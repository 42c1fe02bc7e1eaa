//! The prebuilt V8 library is the one its checksum names.

use anyhow::{Context as _, Result};

use crate::count::Counts;
use crate::hash;
use crate::workspace::root;

const SUMS: &str = "third_party/v8/SHA256SUMS";

/// Compares every file that `SHA256SUMS` lists.
pub(crate) fn check(counts: &mut Counts) -> Result<()> {
    let sums = root().join(SUMS);
    let text = std::fs::read_to_string(&sums).with_context(|| format!("cannot read {SUMS}"))?;
    let folder = sums.parent().context(SUMS)?;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (expected, name) = line
            .split_once("  ")
            .with_context(|| format!("{SUMS} has the line `{line}`, which is not a hash and a name"))?;
        let actual = hash::file(&folder.join(name))?;
        let same = actual == expected;
        counts.check(name, same);
        let verdict = if same {
            "ok".to_owned()
        } else {
            format!("WRONG: {actual} instead of {expected}; check the file out again")
        };
        println!("third_party/v8/{name}: {verdict}");
    }
    anyhow::ensure!(counts.total() > 0, "{SUMS} is empty");
    Ok(())
}
