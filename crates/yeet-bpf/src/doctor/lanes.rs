//! The ways to attach, each tried as far as it can be without touching anything of the host.

use std::ffi::CStr;
use std::os::fd::AsFd;
use std::path::Path;

use libbpf_sys as sys;

use super::trial::{Program, Refusal, Result, raw_tracepoint};
use super::{Check, Group, Verdict};
use crate::attach;
use crate::diagnose::{Environment, Need};
use crate::sys::perf;

/// One way to attach, and whether it is to be had: what it says of itself, or why not.
pub(super) struct Lane {
    name: &'static str,
    pub(super) result: Result<&'static str>,
}

impl Lane {
    pub(super) fn check(&self, environment: &Environment, program: &str) -> Check {
        match &self.result {
            Ok(said) => Check::new(Group::Attach, self.name, Verdict::Ok, *said),
            Err(refusal) => {
                let cause = refusal.cause(environment, program);
                Check::new(Group::Attach, self.name, Verdict::No, cause.reason).with_fix(cause.fix)
            }
        }
    }
}

/// The one that asks for the least comes first.
pub(super) fn examine(environment: &Environment) -> Vec<Lane> {
    let attaches = |lane: fn() -> Result<&'static str>| {
        move || {
            // Some of these load without it, and the kernel asks for it when they are attached.
            match environment.missing(Need::AttachNetwork).is_empty() {
                true => lane(),
                false => Err(Refusal::Errno(libc::EPERM, Need::AttachNetwork)),
            }
        }
    };
    let lanes: [(&'static str, &dyn Fn() -> Result<&'static str>); 15] = [
        ("raw_tp", &raw_tp),
        ("tracepoint", &tracepoint),
        ("tp_btf", &|| typed(sys::BPF_TRACE_RAW_TP, c"task_rename", "attaches")),
        ("kprobe", &kprobe),
        ("fentry, fexit", &fentry),
        ("lsm", &lsm),
        ("iter", &|| typed(sys::BPF_TRACE_ITER, c"task", "loads")),
        ("uprobe", &uprobe),
        ("usdt", &uprobe),
        ("perf", &perf_event),
        ("xdp", &attaches(|| network(sys::BPF_PROG_TYPE_XDP, sys::BPF_XDP).try_load())),
        ("tcx", &attaches(tcx)),
        ("cgroup", &attaches(cgroup)),
        ("sk_lookup", &attaches(|| network(sys::BPF_PROG_TYPE_SK_LOOKUP, sys::BPF_SK_LOOKUP).try_load())),
        ("netfilter", &attaches(|| network(sys::BPF_PROG_TYPE_NETFILTER, sys::BPF_NETFILTER).try_load())),
    ];
    lanes.into_iter().map(|(name, examine)| Lane { name, result: examine() }).collect()
}

const fn tracing(prog_type: sys::bpf_prog_type) -> Program {
    Program::new(prog_type, Need::Tracing)
}

const fn network(prog_type: sys::bpf_prog_type, attach_type: sys::bpf_attach_type) -> Program {
    Program { attach_type, ..Program::new(prog_type, Need::Network) }
}

impl Program {
    fn try_load(&self) -> Result<&'static str> {
        self.load().map(|_| "loads")
    }
}

fn raw_tp() -> Result<&'static str> {
    let program = tracing(sys::BPF_PROG_TYPE_RAW_TRACEPOINT).load()?;
    raw_tracepoint(program.as_fd(), Some(c"task_rename")).map(|_| "attaches")
}

/// A program whose section names something of the kernel's BTF.
fn typed(attach_type: sys::bpf_attach_type, target: &'static CStr, said: &'static str) -> Result<&'static str> {
    let program = Program { attach_type, target: Some(target), ..tracing(sys::BPF_PROG_TYPE_TRACING) }.load()?;
    if attach_type == sys::BPF_TRACE_RAW_TP {
        raw_tracepoint(program.as_fd(), None)?;
    }
    Ok(said)
}

fn tracepoint() -> Result<&'static str> {
    let program = tracing(sys::BPF_PROG_TYPE_TRACEPOINT).load()?;
    let Some(tracefs) = attach::tracefs() else {
        return Err(Refusal::lacks("tracefs is not mounted", "mount -t tracefs nodev /sys/kernel/tracing"));
    };
    let id = std::fs::read_to_string(tracefs.join("events/task/task_rename/id"))
        .map_err(|error| Refusal::Errno(error.raw_os_error().unwrap_or(libc::EIO), Need::Attach))?;
    perf::try_tracepoint(id.trim().parse().unwrap_or(0), program.as_fd())
        .map_err(|errno| Refusal::Errno(errno.0, Need::Attach))?;
    Ok("attaches")
}

fn kprobe() -> Result<&'static str> {
    tracing(sys::BPF_PROG_TYPE_KPROBE).load()?;
    if !attach::has_kprobes(attach::tracefs().as_deref()) {
        let reason = "this kernel cannot probe its functions";
        return Err(Refusal::lacks(reason, "use a kernel with CONFIG_KPROBE_EVENTS"));
    }
    perf_event().map(|_| "loads")
}

/// Redirecting functions, which LSM programs need too.
fn function_tracing() -> Result<()> {
    match attach::function_tracing_refusal() {
        Some(refusal) => Err(Refusal::lacks(
            format!("this kernel does not let its functions be traced ({refusal})"),
            "use a kernel with CONFIG_FUNCTION_TRACER",
        )),
        None => Ok(()),
    }
}

fn fentry() -> Result<&'static str> {
    function_tracing()?;
    typed(sys::BPF_TRACE_FENTRY, c"vfs_open", "loads")
}

fn lsm() -> Result<&'static str> {
    function_tracing()?;
    let modules = attach::security_modules().unwrap_or_default();
    if !modules.is_empty() && !modules.split(',').any(|name| name == "bpf") {
        let fix = format!("boot with lsm={modules},bpf");
        return Err(Refusal::Lacks(format!("the active security modules ({modules}) do not include bpf"), Some(fix)));
    }
    let target = Some(c"file_open");
    Program { attach_type: sys::BPF_LSM_MAC, target, ..tracing(sys::BPF_PROG_TYPE_LSM) }.try_load()
}

fn uprobe() -> Result<&'static str> {
    tracing(sys::BPF_PROG_TYPE_KPROBE).load()?;
    if attach::shares_uprobe_links() {
        return Ok("loads; several probes share a link");
    }
    if !Path::new("/sys/bus/event_source/devices/uprobe").exists() {
        return Err(Refusal::lacks("this kernel cannot probe programs", "use a kernel with CONFIG_UPROBE_EVENTS"));
    }
    perf_event().map(|_| "loads; each probe has a link of its own")
}

fn perf_event() -> Result<&'static str> {
    tracing(sys::BPF_PROG_TYPE_PERF_EVENT).load()?;
    perf::try_clock().map_err(|errno| Refusal::Errno(errno.0, Need::Attach))?;
    Ok("opens events")
}

fn tcx() -> Result<&'static str> {
    network(sys::BPF_PROG_TYPE_SCHED_CLS, 0).load()?;
    // The loopback interface, which every network namespace has.
    Ok(if attach::has_tcx(1) { "loads; attaches by links" } else { "loads; attaches as filters, without TCX" })
}

fn cgroup() -> Result<&'static str> {
    network(sys::BPF_PROG_TYPE_CGROUP_SKB, 0).load()?;
    match attach::cgroup_root() {
        Some(_) => Ok("loads"),
        None => Err(Refusal::lacks("no cgroup v2 hierarchy is mounted", "mount -t cgroup2 none /sys/fs/cgroup")),
    }
}
