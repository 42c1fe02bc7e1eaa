//! How long each target has been fuzzed in all: fuzz/hours.toml, which every run adds to.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::job::Job;
use crate::workspace::root;

const FILE: &str = "fuzz/hours.toml";
const HEAD: &str = "# CPU time and runs of each target in all; `cargo xtask fuzz` adds to it.\n\n";

/// By target.
#[derive(Default, Deserialize, Serialize)]
pub(crate) struct Hours(BTreeMap<String, TargetHours>);

#[derive(Clone, Copy, Default, Deserialize, Serialize)]
pub(crate) struct TargetHours {
    pub(crate) cpu_seconds: u64,
    pub(crate) runs: u64,
}

impl Hours {
    pub(crate) fn read() -> Result<Self> {
        let text = std::fs::read_to_string(root().join(FILE)).with_context(|| format!("cannot read {FILE}"))?;
        toml::from_str(&text).with_context(|| format!("in {FILE}"))
    }

    pub(crate) fn of(&self, target: &str) -> TargetHours {
        self.0.get(target).copied().unwrap_or_default()
    }

    pub(super) fn add(&mut self, job: &Job) {
        let sum = self.0.entry(job.name.to_owned()).or_default();
        sum.cpu_seconds += job.cpu.as_secs();
        sum.runs += job.runs;
    }

    pub(super) fn write(&self) -> Result<()> {
        let text = format!("{HEAD}{}", toml::to_string(self)?);
        std::fs::write(root().join(FILE), text).with_context(|| format!("cannot write {FILE}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::TARGETS;

    #[test]
    fn the_file_knows_every_target_and_no_other() {
        let hours = Hours::read().unwrap();
        let mut known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        known.sort_unstable();
        assert_eq!(hours.0.keys().collect::<Vec<_>>(), known);
    }
}
