//! Measurements: yeet against what somebody would use in its place, side by side in one run.

pub(crate) mod child;
mod events;
mod first;
mod goals;
mod inside;
mod maps;
mod memory;
mod peers;
mod plot;
mod report;
mod scale;
mod startup;
mod stats;

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

use crate::count::Counts;
use crate::workspace::{target, yeet};
use peers::{DENO, Peers, YEET};
use report::Report;

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Area {
    /// hello.ts and a longer script against bun, deno and node; the first event against bpftrace, BCC, C and Go
    Startup,
    /// Records a second through one ring buffer
    Events,
    /// From commit to callback
    Latency,
    /// Map calls
    Maps,
    Memory,
    /// 1, 10, 100 of something
    Scale,
    /// Instruction counts and the cost of decoding
    Inside,
    All,
}

#[derive(clap::Args)]
pub(crate) struct Options {
    #[arg(value_enum, default_value = "all")]
    area: Area,
    /// Fewer and shorter rounds, and only those peers that are installed
    #[arg(long)]
    short: bool,
    /// Rounds of each measurement [default: as many as it needs]
    #[arg(long)]
    rounds: Option<usize>,
    /// Where the figures go as JSON [default: bench/figures.json in Cargo's target folder]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where the plot of events a second goes [default: bench/events.svg in Cargo's target folder]
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Keep the instruction counts in bench/baseline.json
    #[arg(long)]
    write_baseline: bool,
}

/// How much of it.
#[derive(Clone, Copy)]
struct Scope {
    short: bool,
    rounds: Option<usize>,
}

impl Scope {
    fn rounds(self, usual: usize, short: usize) -> usize {
        self.rounds.unwrap_or(if self.short { short } else { usual })
    }
}

pub(crate) fn run(options: &Options, counts: &mut Counts) -> Result<()> {
    ensure!(yeet().exists(), "there is no {}: build it with `cargo build --release -p yeet`", yeet().display());
    let (area, scope) = (options.area, Scope { short: options.short, rounds: options.rounds });
    let wants = |wanted: Area| area == wanted || area == Area::All;
    let mut report = Report::default();
    let peers = Peers::prepare(!options.short)?;
    if wants(Area::Startup) {
        startup::run(&mut report, scope)?;
        first::run(&mut report, scope, &peers)?;
        faster_than_deno(&report, counts);
    }
    if wants(Area::Events) {
        events::run(&mut report, scope, &peers)?;
    }
    if wants(Area::Latency) {
        events::latency(&mut report, scope, &peers)?;
    }
    if wants(Area::Maps) {
        maps::run(&mut report, scope, &peers)?;
    }
    if wants(Area::Memory) {
        memory::run(&mut report, scope, &peers)?;
    }
    if wants(Area::Scale) {
        scale::run(&mut report, scope, &peers)?;
    }
    if wants(Area::Inside) {
        inside::run(&mut report, options.write_baseline, counts)?;
        inside::decoding(&mut report)?;
    }
    report.print();
    let verdicts = goals::judge(&report);
    goals::print(&verdicts);
    let in_target = |name: &str| target().join("bench").join(name);
    let out = options.out.clone().unwrap_or_else(|| in_target("figures.json"));
    report.write(&out, &verdicts)?;
    println!("\nfigures: {}", out.display());
    if wants(Area::Events) {
        let path = options.plot.clone().unwrap_or_else(|| in_target("events.svg"));
        std::fs::write(&path, plot::events(&report)).with_context(|| format!("cannot write {}", path.display()))?;
        println!("plot: {}", path.display());
    }
    counts.check("measured", true);
    Ok(())
}

/// The short form: yeet must start faster than deno, and take as many instructions as it took before.
pub(crate) fn for_ci(counts: &mut Counts) -> Result<()> {
    let options = Options { area: Area::All, short: true, rounds: None, out: None, plot: None, write_baseline: false };
    run(&options, counts)
}

fn faster_than_deno(report: &Report, counts: &mut Counts) {
    let medians = [YEET, DENO].map(|who| report.median(startup::HELLO, who));
    counts.check("hello.ts faster than with deno", matches!(medians, [Some(own), Some(deno)] if own < deno));
}
