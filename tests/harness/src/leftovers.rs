//! Finds processes that a step left behind.
//!
//! Every process of a step inherits a mark in its environment, so that it is found even where it has left its session and
//! its parent is gone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The environment variable that carries the mark.
pub const VARIABLE: &str = "YEET_SPEC_STEP";

/// How long a process may take to end after the one that started it.
const GRACE: Duration = Duration::from_secs(1);

/// A mark that no other step has.
pub fn mark() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
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
    let deadline = Instant::now() + GRACE;
    loop {
        let left = find(mark, besides);
        if left.is_empty() {
            return left;
        }
        if Instant::now() >= deadline {
            for process in &left {
                // Gone meanwhile is as good.
                let _ = kill(process.pid, Signal::SIGKILL);
            }
            return left;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn find(mark: &str, besides: Pid) -> Vec<Process> {
    let entry = format!("{VARIABLE}={mark}");
    let pids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|dir| dir.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|&pid| pid != besides.as_raw() && pid != std::process::id().cast_signed())
        .filter(|pid| has_variable(*pid, entry.as_bytes()))
        .map(|pid| Process { pid: Pid::from_raw(pid), command: command_line(pid) })
        .collect()
}

/// Whether the process carries any step's mark of this run: it belongs to the harness, not to the rest of the machine.
pub fn is_ours(pid: i32) -> bool {
    let prefix = format!("{VARIABLE}={}.", std::process::id());
    environment(pid).split(|&byte| byte == 0).any(|variable| variable.starts_with(prefix.as_bytes()))
}

fn has_variable(pid: i32, entry: &[u8]) -> bool {
    environment(pid).split(|&byte| byte == 0).any(|variable| variable == entry)
}

/// Empty for kernel threads, ended processes and those of others.
fn environment(pid: i32) -> Vec<u8> {
    std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default()
}

fn command_line(pid: i32) -> String {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ").trim().to_owned()
}
