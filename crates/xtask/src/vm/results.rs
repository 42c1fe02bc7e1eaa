//! What became of each case in each guest: `tests/kernel-results.json`, of which docs/kernel-support.md is made.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::count::without_colours;
use crate::workspace::root;

/// Relative to the root.
pub(super) const PATH: &str = "tests/kernel-results.json";

/// By the kernel's name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Results(pub(super) BTreeMap<String, Measured>);

/// The cases of one kernel.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    /// What `uname -r` says in it.
    pub(super) release: String,
    pub(super) passed: BTreeSet<String>,
    pub(super) failed: BTreeSet<String>,
    /// With the proof that the kernel cannot run the case.
    pub(super) skipped: BTreeMap<String, String>,
}

impl Results {
    pub(super) fn read() -> Result<Results> {
        let text = std::fs::read_to_string(root().join(PATH)).with_context(|| format!("cannot read {PATH}"))?;
        serde_json::from_str(&text).with_context(|| format!("in {PATH}"))
    }

    pub(super) fn write(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(root().join(PATH), text).with_context(|| format!("cannot write {PATH}"))
    }

    /// Keeps what a run of the kernel said: all of it, or where only some cases ran besides what earlier runs of the same build said.
    pub(super) fn keep(&mut self, kernel: &str, newer: Measured, whole: bool) {
        let known = self.0.entry(kernel.to_owned()).or_default();
        if whole || known.release != newer.release {
            *known = newer;
            return;
        }
        for name in newer.passed.iter().chain(&newer.failed).chain(newer.skipped.keys()) {
            known.passed.remove(name);
            known.failed.remove(name);
            known.skipped.remove(name);
        }
        known.passed.extend(newer.passed);
        known.failed.extend(newer.failed);
        known.skipped.extend(newer.skipped);
    }
}

impl Measured {
    pub(super) fn of(release: &str) -> Measured {
        Measured { release: release.to_owned(), ..Measured::default() }
    }

    /// Reads what the harness prints: `test NAME ... ok`, and at the end `  NAME: why` for each case that was skipped.
    pub(super) fn read_line(&mut self, line: &str) {
        let line = without_colours(line);
        if let Some((name, verdict)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            match verdict.trim() {
                "ok" => self.passed.insert(name.trim().to_owned()),
                "FAILED" => self.failed.insert(name.trim().to_owned()),
                _ => false,
            };
        } else if let Some((name, why)) = line.strip_prefix("  ").and_then(|rest| rest.split_once(": "))
            && name.contains('/')
            && !name.contains(' ')
            && (why.starts_with("needs ") || why.starts_with("shows "))
        {
            self.skipped.insert(name.to_owned(), why.trim().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(lines: &[&str]) -> Measured {
        let mut measured = Measured::of("6.1.0-1");
        lines.iter().for_each(|line| measured.read_line(line));
        measured
    }

    #[test]
    fn cases_are_read_from_what_the_harness_prints() {
        let measured = measured(&[
            "running 3 tests",
            "test maps/bloom   ... \u{1b}[32mok\u{1b}[0m",
            "test a/b ... FAILED",
            "test tcx/x ... ignored",
            "skipped, with proof:",
            "  tcx/x: needs tcx: the kernel has no function f; this is 6.1.0-1, the feature is there since 6.6",
            "  some/text: of a failure",
        ]);
        assert_eq!(measured.passed, BTreeSet::from(["maps/bloom".to_owned()]));
        assert_eq!(measured.failed, BTreeSet::from(["a/b".to_owned()]));
        let skipped: Vec<_> = measured.skipped.iter().map(|(name, why)| (name.as_str(), &why[..9])).collect();
        assert_eq!(skipped, [("tcx/x", "needs tcx")]);
    }

    #[test]
    fn some_cases_replace_their_own_results_alone() {
        let mut results = Results::default();
        results.keep("6.1", measured(&["test a/b ... FAILED", "test a/c ... ok"]), true);
        results.keep("6.1", measured(&["test a/b ... ok"]), false);
        let known = &results.0["6.1"];
        assert_eq!((known.passed.len(), known.failed.len()), (2, 0));
        results.keep("6.1", measured(&["test a/c ... ok"]), true);
        assert_eq!(results.0["6.1"].passed.len(), 1);
        // Of another build nothing is known yet.
        results.keep("6.1", Measured { passed: ["a/d".to_owned()].into(), ..Measured::of("6.1.0-2") }, false);
        assert_eq!(results.0["6.1"].passed.len(), 1);
    }
}
