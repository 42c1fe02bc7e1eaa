//! All stages, one after the other, each within a time limit, with a table at the end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::command::limit_time;
use crate::count::Counts;
use crate::{bench, fixtures, fmt, fuzz, layers, licences, lint, readme, setup, spec, test, trust, v8, vm};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these stages, by name
    stages: Vec<String>,
}

/// One stage of the run.
struct Stage {
    name: &'static str,
    /// After this many minutes it is killed. Together they stay below 90.
    minutes: u64,
    /// Stages without which this one would say nothing new.
    after: &'static [&'static str],
    run: fn(&mut Counts) -> Result<()>,
}

/// Cheap stages first; a failure stops only what builds on it, so that one run shows all failures.
const STAGES: [Stage; 19] = [
    Stage { name: "setup", minutes: 4, after: &[], run: setup::run },
    Stage { name: "v8", minutes: 1, after: &[], run: v8::check },
    Stage { name: "format", minutes: 1, after: &[], run: |counts| fmt::run(true, counts) },
    Stage { name: "lint-ts", minutes: 2, after: &[], run: lint::typescript },
    Stage { name: "layers", minutes: 1, after: &[], run: layers::check },
    Stage { name: "licences", minutes: 1, after: &[], run: licences::check },
    Stage { name: "fixtures", minutes: 1, after: &[], run: |counts| fixtures::run(true, counts) },
    Stage { name: "test-ts", minutes: 3, after: &[], run: test::typescript },
    Stage { name: "lint-light", minutes: 3, after: &[], run: lint::clippy_light },
    Stage { name: "test-light", minutes: 6, after: &[], run: test::light },
    Stage { name: "fuzz", minutes: 7, after: &[], run: fuzz::for_ci },
    Stage { name: "build", minutes: 13, after: &[], run: spec::build },
    Stage { name: "spec", minutes: 10, after: &["build"], run: spec::all },
    Stage { name: "guests", minutes: 12, after: &["build"], run: vm::for_ci },
    Stage { name: "readme", minutes: 2, after: &["build"], run: readme::run },
    Stage { name: "bench", minutes: 6, after: &["build"], run: bench::for_ci },
    Stage { name: "trust", minutes: 6, after: &["build"], run: trust::for_ci },
    Stage { name: "test-heavy", minutes: 5, after: &["build"], run: test::heavy },
    Stage { name: "lint-heavy", minutes: 5, after: &[], run: lint::clippy_heavy },
];

/// How a stage ended.
struct Done {
    name: &'static str,
    verdict: &'static str,
    counts: Counts,
    time: Duration,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    if let Some(unknown) = options.stages.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name)) {
        eprintln!("error: there is no stage `{unknown}`; there are {}", STAGES.map(|stage| stage.name).join(", "));
        return ExitCode::FAILURE;
    }
    let mut done: Vec<Done> = Vec::new();
    for stage in
        STAGES.iter().filter(|stage| options.stages.is_empty() || options.stages.iter().any(|name| name == stage.name))
    {
        println!("\n═══ {} {}", stage.name, "═".repeat(70 - stage.name.len()));
        let broken =
            stage.after.iter().find(|name| done.iter().any(|done| done.name == **name && done.verdict != "ok"));
        done.push(match broken {
            Some(broken) => {
                println!("not run: {broken} failed");
                let mut counts = Counts::default();
                counts.fail("not run");
                Done { name: stage.name, verdict: "not run", counts, time: Duration::ZERO }
            }
            None => one(stage),
        });
    }
    let total = close(done);
    if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one(stage: &Stage) -> Done {
    let start = Instant::now();
    let mut counts = Counts::default();
    limit_time(Some(Duration::from_secs(stage.minutes * 60)));
    if let Err(error) = (stage.run)(&mut counts) {
        println!("error: {error:#}");
        counts.fail(&format!("{error:#}"));
    }
    limit_time(None);
    Done { name: stage.name, verdict: if counts.failed == 0 { "ok" } else { "FAILED" }, counts, time: start.elapsed() }
}

/// Prints what failed, the table, and the line that counts everything.
fn close(done: Vec<Done>) -> Counts {
    println!();
    for Done { name, counts, .. } in &done {
        counts.failures.iter().for_each(|failure| println!("FAILED {name}: {failure}"));
    }
    println!("\n{:<14} {:<8} {:>7} {:>7} {:>8} {:>9}", "stage", "", "passed", "failed", "skipped", "time");
    let mut total = Counts::default();
    let mut time = Duration::ZERO;
    for Done { name, verdict, counts, time: taken } in done {
        let Counts { passed, failed, skipped, .. } = &counts;
        println!("{name:<14} {verdict:<8} {passed:>7} {failed:>7} {skipped:>8} {:>7.1} s", taken.as_secs_f64());
        time += taken;
        total.add(counts);
    }
    println!("{:.1} minutes in all\n", time.as_secs_f64() / 60.0);
    println!("{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_fit_into_ninety_minutes() {
        assert!(STAGES.iter().map(|stage| stage.minutes).sum::<u64>() < 90);
    }

    #[test]
    fn stages_come_after_what_they_need() {
        for (index, stage) in STAGES.iter().enumerate() {
            for name in stage.after {
                assert!(STAGES[..index].iter().any(|earlier| earlier.name == *name), "{} needs {name}", stage.name);
            }
        }
    }
}
