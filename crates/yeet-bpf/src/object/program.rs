//! Programs of a started object.

use std::os::fd::BorrowedFd;

use super::ProgramDecl;
use crate::attach::Attached;
use crate::sys;

/// One place where a program is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The kernel's kind of link (`perf_event`, `raw_tracepoint`, `tracing`, …).
    pub how: String,
    /// What it is attached to (`sched/sched_process_exec`).
    pub target: String,
}

/// What the kernel counted of a program while its statistics were on (`kernel.bpf_stats_enabled`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunStats {
    pub runs: u64,
    /// Nanoseconds in all of them.
    pub time_ns: u64,
}

/// A program of a started object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramState {
    pub name: String,
    pub section: String,
    /// The kernel's name of its type.
    pub prog_type: String,
    /// The kernel's id; `None` for a program that was left out.
    pub id: Option<u32>,
    /// Without those whose interface, network namespace or control group has gone.
    pub attached: Vec<Attachment>,
    /// `None` where the kernel does not count.
    pub stats: Option<RunStats>,
}

/// A program as [`Running`](super::Running) holds it.
pub(super) struct Program {
    pub(super) decl: ProgramDecl,
    /// The kernel's id; `None` for a program that was left out.
    pub(super) id: Option<u32>,
    /// Dropping a place detaches.
    pub(super) places: Vec<Attached>,
}

impl Program {
    pub(super) fn state(&self, fd: Option<BorrowedFd<'_>>) -> ProgramState {
        ProgramState {
            name: self.decl.name.clone(),
            section: self.decl.section.clone(),
            prog_type: self.decl.prog_type.clone(),
            id: self.id,
            attached: self.places.iter().filter(|place| !place.is_over()).map(Into::into).collect(),
            stats: fd.and_then(stats),
        }
    }
}

fn stats(fd: BorrowedFd<'_>) -> Option<RunStats> {
    let info = sys::bpf::program_info(fd).ok()?;
    // The sysctl is one way to switch them on. Another program may have done it by a descriptor, which nobody else can see.
    let counts =
        || std::fs::read_to_string("/proc/sys/kernel/bpf_stats_enabled").is_ok_and(|value| value.trim_end() != "0");
    (info.run_cnt > 0 || counts()).then_some(RunStats { runs: info.run_cnt, time_ns: info.run_time_ns })
}
