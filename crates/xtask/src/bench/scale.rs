//! Growth: the same script with 1, 10 and 100 of something.

use std::collections::HashMap;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::Scope;
use super::child::{self, Running, figures};
use super::peers::{C, Contender, Peers, YEET};
use super::report::{Report, Unit};
use crate::command::{command, output};

pub(crate) const UPROBES_START: &str = "100 uprobes, start";
pub(crate) const UPROBES_STOP: &str = "100 uprobes, stop";

/// What grows, and to how many.
const GROWING: [(&str, [u32; 3]); 4] =
    [("subscriptions", [1, 10, 100]), ("rings", [1, 10, 100]), ("maps", [1, 100, 1000]), ("uprobes", [1, 10, 100])];

pub(crate) fn run(report: &mut Report, scope: Scope, peers: &Peers) -> Result<()> {
    for _ in 0..scope.rounds(5, 1) {
        for (what, counts) in GROWING {
            for count in counts {
                let took = if what == "subscriptions" {
                    subscriptions(report, peers, count)?
                } else {
                    one(peers, what, count)?
                };
                report.add(&name(what, count, "start"), YEET, Unit::Ms, took.start_ms);
                report.add(&name(what, count, "stop"), YEET, Unit::Ms, took.stop_ms);
            }
        }
        let targets = peers.own("targets").display().to_string();
        let took = timed(&peers.c("uprobes", &["bench/bpf/probe.bpf.o", &targets, "100"]))?;
        report.add(UPROBES_START, C, Unit::Ms, took.start_ms);
        report.add(UPROBES_STOP, C, Unit::Ms, took.stop_ms);
    }
    Ok(())
}

struct Took {
    start_ms: f64,
    stop_ms: f64,
}

impl Took {
    fn read(output: &str) -> Result<Self> {
        let figures: HashMap<&str, f64> = figures(output);
        let figure = |name| figures.get(name).copied().with_context(|| format!("no {name} in {output:?}"));
        Ok(Self { start_ms: figure("start_ms")?, stop_ms: figure("stop_ms")? })
    }
}

fn timed(contender: &Contender) -> Result<Took> {
    Took::read(&child::run(&mut contender.must()?)?.output)
}

fn one(peers: &Peers, what: &str, count: u32) -> Result<Took> {
    let (object, binary) = match what {
        "uprobes" => ("bench/bpf/probe.bpf.o".to_owned(), peers.own("targets").display().to_string()),
        _ => (object(peers, what, count)?, String::new()),
    };
    timed(&peers.yeet(YEET, "scale", &[what, &count.to_string(), &object, &binary]))
}

/// An object with so many maps, compiled on its first use.
fn object(peers: &Peers, what: &str, count: u32) -> Result<String> {
    let path = peers.own(&format!("{what}-{count}.bpf.o"));
    let size = format!("-DCOUNT={count}");
    let kind = if what == "rings" { "-DRINGS" } else { "-UMAPS" };
    let mut clang = command("clang", &["-g", "-O2", "-target", "bpf", "-mcpu=v3", "-Wall", "-Werror", &size, kind]);
    clang.args(["-idirafter", "/usr/include/x86_64-linux-gnu", "-c", "bench/bpf/scale.bpf.c", "-o"]).arg(&path);
    output(&mut clang)?;
    Ok(path.display().to_string())
}

/// Each subscription gets every record; what one delivery costs must not depend on how many there are.
fn subscriptions(report: &mut Report, peers: &Peers, count: u32) -> Result<Took> {
    const SECONDS: &str = "1";
    const RATE: f64 = 10_000.0;
    let words = ["subscriptions", &count.to_string(), "bench/bpf/load.bpf.o"];
    let mut running = Running::start(&mut peers.yeet(YEET, "scale", &words).must()?)?;
    running.expect("ready")?;
    let before = running.cpu()?;
    child::run(Command::new(peers.own("produce")).args(["paced", &RATE.to_string(), SECONDS]))?;
    let ended = running.finish()?;
    let cpu = ended.cpu.saturating_sub(before).as_secs_f64() / RATE / f64::from(count) * 1e6;
    report.add(&format!("{count} subscriptions, CPU"), YEET, Unit::CpuSeconds, cpu);
    Took::read(&ended.output)
}

fn name(what: &str, count: u32, phase: &str) -> String {
    let what = if count == 1 { what.trim_end_matches('s') } else { what };
    format!("{count} {what}, {phase}")
}

/// The largest growth between two sizes, in parts of the linear one.
pub(crate) fn worst_growth(report: &Report) -> Option<f64> {
    let growths = GROWING.iter().flat_map(|(what, counts)| {
        ["start", "stop"].into_iter().flat_map(move |phase| {
            counts.windows(2).filter_map(move |pair| {
                let [less, more] = [pair[0], pair[1]].map(|count| report.median(&name(what, count, phase), YEET));
                Some(more? / less? / (f64::from(pair[1]) / f64::from(pair[0])))
            })
        })
    });
    growths.reduce(f64::max)
}
