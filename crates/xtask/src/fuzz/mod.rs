//! Fuzzing: the targets in fuzz/ (Rust, under AddressSanitizer with libbpf) and tests/fuzz (TypeScript).

mod build;
mod corpus;
mod hours;
mod job;
mod target;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::command::deadline;
use crate::count::Counts;
pub(crate) use hours::Hours;
use job::Job;
use target::Language;
pub(crate) use target::{TARGETS, Target};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these targets
    targets: Vec<String>,
    /// How long each runs, in seconds
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How many run at once
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Replace the checked-in inputs by the smallest ones that reach as much
    #[arg(long)]
    minimise: bool,
}

/// What is left of the stage's time for starting and ending, which a busy machine draws out.
const MARGIN: Duration = Duration::from_secs(45);

pub(crate) fn run(options: &Options, counts: &mut Counts) -> Result<()> {
    if let Some(unknown) = options.targets.iter().find(|name| TARGETS.iter().all(|target| target.name != **name)) {
        bail!("there is no target `{unknown}`; there are {}", TARGETS.map(|target| target.name).join(", "));
    }
    let wanted =
        |target: &&Target| options.targets.is_empty() || options.targets.iter().any(|name| name == target.name);
    let targets: Vec<&Target> = TARGETS.iter().filter(wanted).collect();
    if targets.iter().any(|target| target.language == Language::Rust) {
        build::run(counts)?;
        ensure!(counts.failed == 0, "the fuzz targets do not build");
    }
    let jobs = together(&targets, options.jobs, |_| Duration::from_secs(options.seconds))?;
    let mut hours = Hours::read()?;
    for job in &jobs {
        job.report(counts);
        hours.add(job);
    }
    hours.write()?;
    if options.minimise {
        targets.iter().try_for_each(|target| corpus::minimise(target))?;
    }
    Ok(())
}

/// Each target for a minute, two at once, or for less where the build took long. What needs no build runs during it.
pub(crate) fn for_ci(counts: &mut Counts) -> Result<()> {
    const JOBS: usize = 2;
    const MINUTE: Duration = Duration::from_secs(60);
    let (typescript, rust): (Vec<&Target>, Vec<&Target>) =
        TARGETS.iter().partition(|target| target.language == Language::TypeScript);
    let mut jobs = std::thread::scope(|scope| {
        let early = scope.spawn(|| together(&typescript, 1, |_| MINUTE));
        build::run(counts)?;
        early.join().unwrap_or_else(|_| bail!("the thread that ran {} targets panicked", typescript.len()))
    })?;
    ensure!(counts.failed == 0, "the fuzz targets do not build");
    jobs.extend(together(&rust, JOBS, |left| match deadline() {
        Some(end) => {
            let rounds = left.div_ceil(JOBS).max(1) as u32;
            (end.saturating_duration_since(Instant::now()).saturating_sub(MARGIN) / rounds).min(MINUTE)
        }
        None => MINUTE,
    })?);
    jobs.iter().for_each(|job| job.report(counts));
    Ok(())
}

/// Runs the targets, so many at once. `time` tells how long one runs from how many are left, itself included.
fn together(targets: &[&Target], jobs: usize, time: impl Fn(usize) -> Duration + Sync) -> Result<Vec<Job>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, targets.len().max(1)) {
            scope.spawn(|| {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let left = targets.iter().rev().position(|other| other.name == target.name).unwrap_or(0) + 1;
                    let job = job::run(target, time(left));
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(job);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_iter().collect()
}
