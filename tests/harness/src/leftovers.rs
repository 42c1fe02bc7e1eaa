//! Finds processes that a step left behind.
//!
//! Every process of a step inherits a mark in its environment, so that it is found even where it has left its session and
//! its parent is gone. In the middle of an exec the kernel shows no environment at all, so such a process would be missed: the
//! harness adopts orphans, and waits until it can read the mark of each.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::guest::stretched;

/// The environment variable that carries the mark.
pub const VARIABLE: &str = "YEET_SPEC_STEP";

/// How long a process may take to end after the one that started it.
const GRACE: Duration = Duration::from_secs(1);

/// A mark that no other step has. From the first one on, orphans become children of the harness.
pub fn mark() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static ADOPT: Once = Once::new();
    ADOPT.call_once(|| {
        // SAFETY: this prctl takes one number and touches no memory.
        unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) };
    });
    format!("{}.{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A process still alive.
#[derive(Debug)]
pub struct Process {
    pub pid: Pid,
    pub command: String,
}

/// Kills what is left of a step after a grace period and says what it was.
pub fn end(mark: &str, besides: Pid) -> Vec<Process> {
    let deadline = Instant::now() + stretched(GRACE);
    loop {
        let (left, unreadable) = find(mark, besides);
        if left.is_empty() && !unreadable {
            return left;
        }
        if Instant::now() >= deadline {
            for process in &left {
                // Gone meanwhile is as good.
                let _ = kill(process.pid, Signal::SIGKILL);
            }
            return left;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The processes with that mark, and whether there is an orphan whose mark cannot be read at this moment.
fn find(mark: &str, besides: Pid) -> (Vec<Process>, bool) {
    let entry = format!("{VARIABLE}={mark}");
    let (mut left, mut unreadable) = (Vec::new(), false);
    let pids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in pids.filter_map(|dir| dir.file_name().to_str()?.parse::<i32>().ok()) {
        if pid == besides.as_raw() || pid == std::process::id().cast_signed() {
            continue;
        }
        let environment = environment(pid);
        if environment.split(|&byte| byte == 0).any(|variable| variable == entry.as_bytes()) {
            left.push(Process { pid: Pid::from_raw(pid), command: command_line(pid) });
        }
        unreadable |= environment.is_empty() && is_living_child(pid);
    }
    (left, unreadable)
}

/// Whether the process is a child of the harness, by birth or adoption, and has not ended.
fn is_living_child(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in brackets, may hold anything: what follows it is the state and the parent.
    let mut fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    let (state, parent) = (fields.next(), fields.next().and_then(|parent| parent.parse::<u32>().ok()));
    !matches!(state, None | Some("Z" | "X")) && parent == Some(std::process::id())
}

/// Whether the process carries any step's mark of this run: it belongs to the harness, not to the rest of the machine.
pub fn is_ours(pid: i32) -> bool {
    let prefix = format!("{VARIABLE}={}.", std::process::id());
    environment(pid).split(|&byte| byte == 0).any(|variable| variable.starts_with(prefix.as_bytes()))
}

/// Empty for kernel threads, ended processes and those of others.
fn environment(pid: i32) -> Vec<u8> {
    std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default()
}

fn command_line(pid: i32) -> String {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ").trim().to_owned()
}
