//! Resident memory: at rest with a subscription, after ten million events, after a walk over a million entries; and the CPU time of rest.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Scope;
use super::child::{self, Running};
use super::peers::{GO, Peers, YEET};
use super::report::{Report, Unit};

pub(crate) const IDLE: &str = "idle subscription, RSS";
pub(crate) const IDLE_CPU: &str = "idle subscription, CPU";
const EVENTS: &str = "10 M events, peak";
const WALK: &str = "1 M entries, peak";

/// Exit code of an interrupted script.
const INTERRUPTED: i32 = 130;

pub(crate) fn run(report: &mut Report, scope: Scope, peers: &Peers) -> Result<()> {
    let rest = Duration::from_secs(if scope.short { 2 } else { 5 });
    for _ in 0..scope.rounds(3, 1) {
        let mut idle = Running::start(&mut peers.yeet(YEET, "idle", &[]).must()?)?;
        idle.expect("ready")?;
        // Garbage of the start may still be collected.
        thread::sleep(Duration::from_secs(1));
        let before = idle.cpu()?;
        thread::sleep(rest);
        report.add(IDLE_CPU, YEET, Unit::Percent, 100.0 * (idle.cpu()? - before).as_secs_f64() / rest.as_secs_f64());
        report.add(IDLE, YEET, Unit::MiB, idle.rss_mib()?);
        idle.end_with(INTERRUPTED)?;
        for contender in [peers.yeet(YEET, "events", &[]), peers.go(GO, "events-fast", "bench/bpf/load.bpf.o")] {
            let Ok(mut command) = contender.command() else { continue };
            let mut consumer = Running::start(&mut command)?;
            consumer.expect("ready")?;
            child::run(Command::new(peers.own("produce")).args(["paced", "2000000", "5"]))?;
            report.add(EVENTS, contender.name, Unit::MiB, consumer.finish()?.peak_mib);
        }
        let walk = child::run(&mut peers.yeet(YEET, "maps", &["--walk"]).must()?)?;
        report.add(WALK, YEET, Unit::MiB, walk.peak_mib);
    }
    Ok(())
}
