//! The ring buffer: what consumers deliver when a producer runs flat out, at a steady rate, and how late.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::Scope;
use super::child::{self, Running, figures};
use super::peers::{BCC, BPFTRACE, Contender, GO, GO_FAST, Peers, YEET, YEET_BATCH};
use super::report::{Report, Unit};
use super::stats::alternate;

pub(crate) const FLAT: &str = "events, flat out";
const FLAT_LOST: &str = "events, flat out: lost";
const FLAT_CPU: &str = "events, flat out: CPU";
const FLAT_PEAK: &str = "events, flat out: peak";
pub(crate) const STEADY: &str = "events, 3 M/s offered";
const STEADY_LOST: &str = "events, 3 M/s: lost";
const STEADY_CPU: &str = "events, 3 M/s: CPU";
const P50: &str = "latency at 10 k/s, p50";
pub(crate) const P99: &str = "latency at 10 k/s, p99";

/// Records of a run that JIT compilers warm up with are counted like all others.
struct Run {
    per_second: f64,
    lost_percent: f64,
    cpu_per_million: f64,
    peak_mib: f64,
    /// Median and 99th percentile, in microseconds, of a run with stamped records.
    latency_us: Option<(f64, f64)>,
}

fn contenders(peers: &Peers) -> [Contender; 6] {
    const OBJECT: &str = "bench/bpf/load.bpf.o";
    [
        peers.yeet(YEET, "events", &[]),
        peers.yeet(YEET_BATCH, "events", &["--batch"]),
        peers.c("events", &[OBJECT]),
        peers.go(GO_FAST, "events-fast", OBJECT),
        peers.go(GO, "events", OBJECT),
        peers.bcc(BCC, "events"),
    ]
}

pub(crate) fn run(report: &mut Report, scope: Scope, peers: &Peers) -> Result<()> {
    let seconds = if scope.short { "1" } else { "2" };
    alternate(scope.rounds(5, 2), &contenders(peers), |contender| {
        let Some(run) = measure(report, peers, contender, FLAT, &["flat", seconds])? else { return Ok(()) };
        report.add(FLAT, contender.name, Unit::PerSecond, run.per_second);
        report.add(FLAT_LOST, contender.name, Unit::Percent, run.lost_percent);
        report.add(FLAT_CPU, contender.name, Unit::CpuSeconds, run.cpu_per_million);
        report.add(FLAT_PEAK, contender.name, Unit::MiB, run.peak_mib);
        anyhow::Ok(())
    })?;
    for _ in 0..scope.rounds(5, 1) {
        match bpftrace(peers, seconds)? {
            Ok(per_second) => report.add(FLAT, BPFTRACE, Unit::PerSecond, per_second),
            Err(why) => report.missing(FLAT, BPFTRACE, Unit::PerSecond, &why),
        }
    }
    alternate(scope.rounds(5, 2), &contenders(peers), |contender| {
        let Some(run) = measure(report, peers, contender, STEADY, &["paced", "3000000", seconds])? else {
            return Ok(());
        };
        report.add(STEADY, contender.name, Unit::PerSecond, run.per_second);
        report.add(STEADY_LOST, contender.name, Unit::Percent, run.lost_percent);
        report.add(STEADY_CPU, contender.name, Unit::CpuSeconds, run.cpu_per_million);
        anyhow::Ok(())
    })
}

pub(crate) fn latency(report: &mut Report, scope: Scope, peers: &Peers) -> Result<()> {
    let seconds = if scope.short { "1" } else { "3" };
    alternate(scope.rounds(5, 1), &contenders(peers), |contender| {
        let Some(run) = measure(report, peers, contender, P50, &["paced", "10000", seconds, "stamped"])? else {
            return Ok(());
        };
        let (p50, p99) = run.latency_us.with_context(|| format!("{} took no time", contender.name))?;
        report.add(P50, contender.name, Unit::Us, p50);
        report.add(P99, contender.name, Unit::Us, p99);
        anyhow::Ok(())
    })
}

/// One run of a consumer and a producer beside it; none where the consumer cannot run.
fn measure(
    report: &mut Report,
    peers: &Peers,
    contender: &Contender,
    what: &str,
    load: &[&str],
) -> Result<Option<Run>> {
    let mut command = match contender.command() {
        Ok(command) => command,
        Err(why) => {
            report.missing(what, contender.name, if what == P50 { Unit::Us } else { Unit::PerSecond }, &why);
            return Ok(None);
        }
    };
    let mut consumer = Running::start(&mut command)?;
    consumer.expect("ready")?;
    // Whatever else a start brings along, such as a compiler in the background, is not the events'.
    thread::sleep(Duration::from_millis(200));
    let before = consumer.cpu()?;
    let produced = child::run(Command::new(peers.own("produce")).args(load))?;
    let ended = consumer.finish()?;
    let (produced, consumed) = (figures(&produced.output), figures(&ended.output));
    let number = |from: &std::collections::HashMap<&str, f64>, name: &str| {
        from.get(name).copied().with_context(|| format!("{} says nothing about {name}", contender.name))
    };
    let (offered, delivered) = (number(&produced, "offered")?, number(&consumed, "delivered")?);
    ensure!(delivered > 0.0 && delivered <= offered, "{} got {delivered} of {offered} records", contender.name);
    Ok(Some(Run {
        per_second: delivered / number(&consumed, "elapsed_ns")? * 1e9,
        lost_percent: 100.0 * (1.0 - delivered / offered),
        cpu_per_million: ended.cpu.saturating_sub(before).as_secs_f64() / delivered * 1e6,
        peak_mib: ended.peak_mib,
        latency_us: consumed.get("p50_ns").zip(consumed.get("p99_ns")).map(|(p50, p99)| (p50 / 1e3, p99 / 1e3)),
    }))
}

/// bpftrace reads no ring buffer of others, so it prints records of its own, of a system call that a program makes flat out.
fn bpftrace(peers: &Peers, seconds: &str) -> Result<Result<f64, String>> {
    let contender = peers.bpftrace("events");
    let mut command = match contender.command() {
        Ok(command) => command,
        Err(why) => return Ok(Err(why)),
    };
    let mut consumer = Running::start(&mut command)?;
    consumer.expect("ready")?;
    let calls = Command::new(peers.own("call")).arg(seconds).output()?;
    ensure!(calls.status.success(), "the caller failed");
    let output = consumer.finish()?.output;
    let times: Vec<f64> = output.lines().filter_map(|line| line.split(' ').next()?.parse().ok()).collect();
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return Ok(Err("it printed no record".into()));
    };
    Ok(Ok(times.len() as f64 / (last - first) * 1e9))
}
