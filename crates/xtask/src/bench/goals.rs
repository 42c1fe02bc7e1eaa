//! What yeet wants to reach, as ratios and limits within one run.

use serde::Serialize;

use super::peers::{BCC, BPFTRACE, BUN, C, DENO, GO, YEET, YEET_BATCH};
use super::report::Report;
use super::{events, first, maps, memory, scale, startup};

struct Goal {
    text: &'static str,
    limit: f64,
    at_least: bool,
    figure: fn(&Report) -> Option<f64>,
}

#[derive(Serialize)]
pub(crate) struct Verdict {
    goal: &'static str,
    limit: f64,
    figure: f64,
    reached: bool,
}

const fn at_most(text: &'static str, limit: f64, figure: fn(&Report) -> Option<f64>) -> Goal {
    Goal { text, limit, at_least: false, figure }
}

const fn at_least(text: &'static str, limit: f64, figure: fn(&Report) -> Option<f64>) -> Goal {
    Goal { text, limit, at_least: true, figure }
}

fn ratio(report: &Report, what: &str, own: &str, peer: &str) -> Option<f64> {
    Some(report.median(what, own)? / report.median(what, peer)?)
}

const GOALS: [Goal; 21] = [
    at_most("hello.ts, wall: × bun", 1.0, |r| ratio(r, startup::HELLO, YEET, BUN)),
    at_most("hello.ts, wall: × deno", 0.35, |r| ratio(r, startup::HELLO, YEET, DENO)),
    at_most("hello.ts, peak memory: × deno", 1.3, |r| ratio(r, startup::PEAK, YEET, DENO)),
    at_most("first event: ms more than C", 20.0, |r| Some(r.median(first::WHAT, YEET)? - r.median(first::WHAT, C)?)),
    at_most("first event: × bpftrace", 0.2, |r| ratio(r, first::WHAT, YEET, BPFTRACE)),
    at_most("first event: × BCC", 0.1, |r| ratio(r, first::WHAT, YEET, BCC)),
    at_least("events, callback, 3 M/s offered: M/s", 2.99, |r| Some(r.median(events::STEADY, YEET)? / 1e6)),
    at_least("events, callback: × cilium/ebpf", 2.0, |r| ratio(r, events::FLAT, YEET, GO)),
    at_least("events, callback: × BCC", 20.0, |r| ratio(r, events::FLAT, YEET, BCC)),
    at_least("events, callback: × C", 0.25, |r| ratio(r, events::FLAT, YEET, C)),
    at_least("events, batch: × C", 0.5, |r| ratio(r, events::FLAT, YEET_BATCH, C)),
    at_most("latency at 10 k/s, p99: µs", 1000.0, |r| r.median(events::P99, YEET)),
    at_most("idle subscription: % of a CPU", 0.1, |r| r.median(memory::IDLE_CPU, YEET)),
    at_most("lookup(): × cilium/ebpf", 1.3, |r| ratio(r, maps::LOOKUP, YEET, GO)),
    at_most("entries() of 1 M: × cilium/ebpf, batch", 1.0, |r| ratio(r, maps::WALK, YEET, GO)),
    at_most("entries() of 1 M: × BCC, items()", 0.1, |r| ratio(r, maps::WALK, YEET, BCC)),
    at_most("idle subscription, RSS: MiB", 45.0, |r| r.median(memory::IDLE, YEET)),
    at_most("stripped binary: MB", 55.0, |r| Some(r.median(startup::STRIPPED, YEET)? * 1.048_576)),
    at_most("100 uprobes, start: × C", 1.2, |r| ratio(r, scale::UPROBES_START, YEET, C)),
    at_most("100 uprobes, stop: × C", 1.2, |r| ratio(r, scale::UPROBES_STOP, YEET, C)),
    at_most("growth from 1 to 100 of anything: × linear", 1.0, scale::worst_growth),
];

/// The goals whose figures were measured.
pub(crate) fn judge(report: &Report) -> Vec<Verdict> {
    GOALS
        .iter()
        .filter_map(|Goal { text, limit, at_least, figure }| {
            let figure = figure(report)?;
            let reached = if *at_least { figure >= *limit } else { figure <= *limit };
            Some(Verdict { goal: text, limit: *limit, figure, reached })
        })
        .collect()
}

pub(crate) fn print(verdicts: &[Verdict]) {
    if verdicts.is_empty() {
        return;
    }
    println!("\n{:<44} {:>8} {:>9}", "goal", "limit", "figure");
    for Verdict { goal, limit, figure, reached } in verdicts {
        println!("{goal:<44} {limit:>8} {figure:>9.2}  {}", if *reached { "reached" } else { "NOT reached" });
    }
}
