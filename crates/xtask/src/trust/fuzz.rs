//! How long everything that reads foreign bytes has been fuzzed.

use anyhow::Result;

use super::{Row, Scope};
use crate::fuzz::{Hours, TARGETS};

/// CPU time for each target.
const PROMISED_SECONDS: u64 = 3600;

/// The stage `fuzz` of CI looks for mistakes; here the hours are told, which grow from commit to commit and that no run of CI can add to.
/// So the short form does not fail for a target that has not had its hour yet; its row says so all the same.
pub(super) fn run(scope: Scope) -> Result<Vec<Row>> {
    let hours = Hours::read()?;
    let row = |target: &crate::fuzz::Target| {
        let of = hours.of(target.name);
        let is_reached = of.cpu_seconds >= PROMISED_SECONDS;
        let (cpu, runs) = (of.cpu_seconds as f64 / 3600.0, of.runs / 1000);
        Row {
            what: format!("`{}`: {}", target.name, target.what),
            figure: format!("{cpu:.2} CPU-hours, {runs} thousand inputs{}", if is_reached { "" } else { " so far" }),
            limit: "1 CPU-hour".to_owned(),
            held: is_reached || scope.short,
        }
    };
    Ok(TARGETS.iter().map(row).collect())
}
