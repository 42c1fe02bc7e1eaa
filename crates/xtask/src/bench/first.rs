//! From exec to the first printed event of a tracepoint that fires all the time.

use anyhow::{Result, ensure};

use super::Scope;
use super::child::Running;
use super::peers::{BCC, GO, Peers, YEET};
use super::report::{Report, Unit};
use super::stats::alternate;

pub(crate) const WHAT: &str = "first event";

pub(crate) fn run(report: &mut Report, scope: Scope, peers: &Peers) -> Result<()> {
    const OBJECT: &str = "bench/bpf/first.bpf.o";
    let contenders = [
        peers.yeet(YEET, "first", &[]),
        peers.c("first", &[OBJECT]),
        peers.go(GO, "first", OBJECT),
        peers.bpftrace("first"),
        peers.bcc(BCC, "first"),
    ];
    alternate(scope.rounds(11, 5), &contenders, |contender| {
        let mut command = match contender.command() {
            Ok(command) => command,
            Err(why) => {
                report.missing(WHAT, contender.name, Unit::Ms, &why);
                return Ok(());
            }
        };
        let mut running = Running::start(&mut command)?;
        let (line, time) = running.line()?;
        let is_event = line.split_once(' ').is_some_and(|(pid, _)| pid.parse::<u32>().is_ok());
        ensure!(is_event, "{} printed {line:?}, which is no event", contender.name);
        running.finish()?;
        report.add(WHAT, contender.name, Unit::Ms, time.as_secs_f64() * 1e3);
        Ok(())
    })
}
