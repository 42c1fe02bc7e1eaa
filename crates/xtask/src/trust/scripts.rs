//! Scripts that misbehave: what it takes to end them. What they are told is in tests/spec/hostile.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Row, Scope};
use crate::bench::child::Running;
use crate::command::command;
use crate::workspace::yeet;

const PLACES: [&str; 5] = ["callback", "batch", "async", "onError", "getter"];

const LIMIT: Duration = Duration::from_secs(60);

pub(super) fn run(_: Scope) -> Result<Vec<Row>> {
    let mut rows = vec![busy()?];
    for (script, what) in [
        ("uncatchable", "objects, and catches everything"),
        ("microtasks", "microtasks that beget microtasks"),
        ("native", "one call of native code after the other"),
    ] {
        rows.push(full(script, what)?);
    }
    Ok(rows)
}

fn yeet_run(words: &[&str]) -> Command {
    let mut command = command(yeet(), &["run"]);
    command.args(words).env("NO_COLOR", "1");
    command
}

/// An endless loop, wherever a script is called back.
fn busy() -> Result<Row> {
    let mut slowest = Duration::ZERO;
    for place in PLACES {
        for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
            let mut running =
                Running::start_within(&mut yeet_run(&["tests/spec/hostile/busy/callback.ts", place]), LIMIT)?;
            running.expect("busy")?;
            let begin = Instant::now();
            kill(Pid::from_raw(running.pid().cast_signed()), signal)?;
            running.end(code).with_context(|| format!("{signal} in a busy {place}"))?;
            slowest = slowest.max(begin.elapsed());
        }
    }
    Ok(Row {
        what: "an endless loop in a callback, in five places: from SIGINT or SIGTERM to the end".into(),
        figure: format!("{} ms at most", slowest.as_millis()),
        limit: "< 2,000 ms".into(),
        held: slowest < Duration::from_secs(2),
    })
}

/// A script that fills the heap: it must fail as a script does, by exit code 1, and not by a signal.
fn full(script: &str, what: &str) -> Result<Row> {
    let path = format!("tests/spec/hostile/heap/{script}.ts");
    let ended = Running::start_within(&mut yeet_run(&["--max-heap", "64M", &path]), LIMIT)?.end(1)?;
    Ok(Row {
        what: format!("a heap of 64 MiB filled with {what}"),
        figure: format!("exit code 1 after {:.1} s, {:.0} MiB at most", ended.wall.as_secs_f64(), ended.peak_mib),
        limit: "an error, < 256 MiB".into(),
        held: ended.peak_mib < 256.0,
    })
}
