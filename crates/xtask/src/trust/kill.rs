//! Ending a busy script from outside at random moments: by SIGKILL, after which the kernel alone cleans up, and by SIGTERM.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::BuildHasher;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use yeet_spec::kernel::{Ids, leaks, remaining};

use super::{Row, Scope};
use crate::workspace::{root, yeet};

const SCRIPT: &str = "tests/faults/scripts/busy.ts";
const PHASES: [&str; 4] = ["load", "attach", "drain", "batch"];
/// After a SIGKILL, from the moment it is sent.
const GONE: Duration = Duration::from_secs(1);
/// After a SIGTERM.
const ENDED: Duration = Duration::from_secs(2);
/// A whole life of the script's object fits several times.
const MOMENTS: Duration = Duration::from_millis(400);

pub(super) fn run(scope: Scope) -> Result<Vec<Row>> {
    let (kills, terms) = if scope.short { (25, 3) } else { (100, 20) };
    let mut rows = vec![killed(kills)?];
    for phase in PHASES {
        rows.push(terminated(phase, terms)?);
    }
    Ok(rows)
}

/// Whatever it was doing: opening, verifying, attaching, reading or stopping.
fn killed(times: usize) -> Result<Row> {
    let (mut slowest, mut wrong) = (Duration::ZERO, 0);
    for _ in 0..times {
        let before = Leftovers::now()?;
        let mut child = spawn("start")?;
        std::thread::sleep(moment());
        let begin = Instant::now();
        signal(&child, Signal::SIGKILL)?;
        let status = child.wait()?;
        while !before.is_back()? && begin.elapsed() < GONE {
            std::thread::sleep(Duration::from_millis(5));
        }
        slowest = slowest.max(begin.elapsed());
        if !before.is_back()? || status.signal() != Some(libc::SIGKILL) {
            wrong += 1;
            println!("  killed: {status}, left: {:?}", leaks(&before.ids)?);
        }
    }
    Ok(Row {
        what: format!("SIGKILL at {times} random moments of start, attach, drain and stop"),
        figure: format!("{wrong} left something; the slowest was gone after {} ms", slowest.as_millis()),
        limit: "no program, map, link, probe or pin after 1 s".to_owned(),
        held: wrong == 0,
    })
}

fn terminated(phase: &str, times: usize) -> Result<Row> {
    let (mut slowest, mut wrong) = (Duration::ZERO, 0);
    let before = Leftovers::now()?;
    for _ in 0..times {
        let mut child = spawn(phase)?;
        wait_until_ready(&mut child)?;
        std::thread::sleep(moment() / 4);
        let begin = Instant::now();
        signal(&child, Signal::SIGTERM)?;
        let status = end(&mut child)?;
        slowest = slowest.max(begin.elapsed());
        if status.code() != Some(143) || begin.elapsed() > ENDED {
            wrong += 1;
            println!("  SIGTERM in {phase}: {status} after {} ms", begin.elapsed().as_millis());
        }
    }
    let left = leaks(&before.ids)?;
    left.iter().for_each(|leak| println!("  SIGTERM in {phase}: {leak}"));
    Ok(Row {
        what: format!("SIGTERM during {phase}, {times} times"),
        figure: format!(
            "{} of {times} with exit code 143; the slowest took {} ms; {} left",
            times - wrong,
            slowest.as_millis(),
            left.len()
        ),
        limit: "143 within 2 s; nothing left".to_owned(),
        held: wrong == 0 && left.is_empty() && before.is_back()?,
    })
}

/// What a process could leave in the kernel.
struct Leftovers {
    ids: Ids,
    /// Probes of tracefs, by which older kernels attach.
    probes: [String; 2],
    pins: usize,
}

impl Leftovers {
    fn now() -> Result<Self> {
        let probes = |name: &str| fs::read_to_string(format!("/sys/kernel/tracing/{name}")).unwrap_or_default();
        let pins = fs::read_dir("/sys/fs/bpf").map_or(0, Iterator::count);
        Ok(Self { ids: Ids::now()?, probes: [probes("uprobe_events"), probes("kprobe_events")], pins })
    }

    /// Is nothing there any more that was not there before? Others may have given something back meanwhile.
    fn is_back(&self) -> Result<bool> {
        let now = Self::now()?;
        Ok(remaining(&self.ids)? == 0 && now.probes == self.probes && now.pins == self.pins)
    }
}

fn spawn(phase: &str) -> Result<Child> {
    let mut command = Command::new(yeet());
    command.args(["run", SCRIPT, phase]).current_dir(root()).stdin(Stdio::null()).stdout(Stdio::piped());
    command.spawn().context("cannot start yeet")
}

fn wait_until_ready(child: &mut Child) -> Result<()> {
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("its output is a pipe")?).read_line(&mut line)?;
    if line.trim() != "ready" {
        bail!("the script ended before it was busy: {}", child.wait()?);
    }
    Ok(())
}

fn signal(child: &Child, signal: Signal) -> Result<()> {
    Ok(kill(Pid::from_raw(child.id().cast_signed()), signal)?)
}

/// A process that does not end is killed, and that shows.
fn end(child: &mut Child) -> Result<ExitStatus> {
    let deadline = Instant::now() + ENDED * 2;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill()?;
    Ok(child.wait()?)
}

fn moment() -> Duration {
    // Each such state is seeded anew.
    let random = RandomState::new().hash_one(0);
    MOMENTS * u32::try_from(random % 1000).unwrap_or(0) / 1000
}
