//! Map calls, the kernel's part included: each peer prints nanoseconds per call or per entry.

use anyhow::Result;

use super::Scope;
use super::child::{self, figures};
use super::peers::{BCC, BCC_BATCH, GO, Peers, YEET};
use super::report::{Report, Unit};
use super::stats::alternate;

pub(crate) const LOOKUP: &str = "lookup()";
pub(crate) const WALK: &str = "entries() of 1 M, each";

/// What the programs call a figure, and what the table does.
const FIGURES: [(&str, &str); 8] = [
    ("lookup", LOOKUP),
    ("update", "update()"),
    ("entries_10k", "entries() of 10 k, each"),
    ("entries_1m", WALK),
    ("update_batch_100k", "updateBatch of 100 k, each"),
    ("percpu_10k", "per-CPU sums, each"),
    ("global_read", "global, read"),
    ("global_patch", "global, patch"),
];

pub(crate) fn run(report: &mut Report, scope: Scope, peers: &Peers) -> Result<()> {
    const OBJECT: &str = "bench/bpf/maps.bpf.o";
    let contenders = [
        peers.yeet(YEET, "maps", &[]),
        peers.c("maps", &[OBJECT]),
        peers.go(GO, "maps", OBJECT),
        peers.bcc(BCC, "maps"),
        peers.bcc(BCC_BATCH, "maps-batch"),
    ];
    alternate(scope.rounds(5, 1), &contenders, |contender| {
        let mut command = match contender.command() {
            Ok(command) => command,
            Err(why) => {
                report.missing(LOOKUP, contender.name, Unit::Ns, &why);
                return Ok(());
            }
        };
        let ended = child::run(&mut command)?;
        let figures = figures(&ended.output);
        for (name, what) in FIGURES {
            if let Some(value) = figures.get(name) {
                report.add(what, contender.name, Unit::Ns, *value);
            }
        }
        Ok(())
    })
}
