//! Which way a program gets attached, told by its section and type.

use libbpf_sys as sys;

/// A way of attaching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lane {
    /// The section names the hook: tracepoints, kernel functions, LSM hooks.
    Auto,
    /// The section names the kind of hook but no hook (`SEC("kprobe")`), and nothing else can name it.
    NoTarget,
    /// Walks what its section names when it is read.
    Iter,
    /// Loaded and run or installed by other means: `syscall`, `socket`.
    LoadOnly,
    /// Replaces a function of another program, which has to be named before load.
    Replace,
    /// A user-space probe, which needs to be told where unless its section says it (`SEC("uprobe/PATH:FUNCTION")`).
    Uprobe,
    /// A user-space static probe, which needs to be told where unless its section says it (`SEC("usdt/PATH:PROVIDER:NAME")`).
    Usdt,
    /// A perf event that needs to be told which.
    Perf,
    /// Network interfaces, at the driver.
    Xdp,
    /// Network interfaces, in the traffic-control chain.
    Tcx,
    /// A control group.
    Cgroup,
    /// A network namespace: `sk_lookup`, `flow_dissector`.
    Netns,
    /// A netfilter hook.
    Netfilter,
    /// A table of functions that the kernel calls; its map is what attaches.
    StructOps,
    /// Attaches to something that the program's user has to give: a socket map, a route, a device of its own.
    Manual,
    /// The section is not one that libbpf knows.
    Unknown,
}

impl Lane {
    /// `prog_type` and `attach_type` are the kernel's numbers.
    pub(crate) fn of(section: &str, prog_type: u32, attach_type: u32) -> Self {
        match prog_type {
            sys::BPF_PROG_TYPE_KPROBE => Self::of_probe(section),
            sys::BPF_PROG_TYPE_TRACING if attach_type == sys::BPF_TRACE_ITER && hook(section).is_some() => Self::Iter,
            sys::BPF_PROG_TYPE_TRACEPOINT
            | sys::BPF_PROG_TYPE_RAW_TRACEPOINT
            | sys::BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE
            | sys::BPF_PROG_TYPE_TRACING => Self::auto(section),
            sys::BPF_PROG_TYPE_LSM if attach_type == sys::BPF_LSM_CGROUP => Self::Cgroup,
            sys::BPF_PROG_TYPE_LSM => Self::auto(section),
            sys::BPF_PROG_TYPE_SYSCALL | sys::BPF_PROG_TYPE_SOCKET_FILTER => Self::LoadOnly,
            sys::BPF_PROG_TYPE_EXT => Self::Replace,
            sys::BPF_PROG_TYPE_PERF_EVENT => Self::Perf,
            sys::BPF_PROG_TYPE_XDP if attach_type == sys::BPF_XDP => Self::Xdp,
            sys::BPF_PROG_TYPE_SCHED_CLS if !section.starts_with("netkit") => Self::Tcx,
            sys::BPF_PROG_TYPE_CGROUP_SKB
            | sys::BPF_PROG_TYPE_CGROUP_SOCK
            | sys::BPF_PROG_TYPE_CGROUP_SOCK_ADDR
            | sys::BPF_PROG_TYPE_CGROUP_SYSCTL
            | sys::BPF_PROG_TYPE_CGROUP_SOCKOPT
            | sys::BPF_PROG_TYPE_CGROUP_DEVICE
            | sys::BPF_PROG_TYPE_SOCK_OPS => Self::Cgroup,
            sys::BPF_PROG_TYPE_SK_LOOKUP | sys::BPF_PROG_TYPE_FLOW_DISSECTOR => Self::Netns,
            sys::BPF_PROG_TYPE_NETFILTER => Self::Netfilter,
            sys::BPF_PROG_TYPE_STRUCT_OPS => Self::StructOps,
            sys::BPF_PROG_TYPE_UNSPEC => Self::Unknown,
            _ => Self::Manual,
        }
    }

    /// The `kind` of spec that `attach()` takes for it; `section` where its section says it all, `none` where nothing attaches.
    pub fn attach_kind(self) -> &'static str {
        match self {
            Self::Auto => "section",
            Self::Iter => "iter",
            Self::Uprobe => "uprobe",
            Self::Usdt => "usdt",
            Self::Perf => "perf",
            Self::Xdp => "xdp",
            Self::Tcx => "tcx",
            Self::Cgroup => "cgroup",
            Self::Netns => "netns",
            Self::Netfilter => "netfilter",
            Self::NoTarget | Self::LoadOnly | Self::Replace | Self::StructOps | Self::Manual | Self::Unknown => "none",
        }
    }

    fn auto(section: &str) -> Self {
        match hook(section) {
            Some(_) => Self::Auto,
            None => Self::NoTarget,
        }
    }

    /// Kernel and user-space probes share one program type.
    fn of_probe(section: &str) -> Self {
        if section.starts_with("uprobe") || section.starts_with("uretprobe") {
            return Self::Uprobe;
        }
        if section.starts_with("usdt") {
            return Self::Usdt;
        }
        Self::auto(section)
    }
}

/// What stands behind the first slash of a section: `sched/sched_switch` of `tracepoint/sched/sched_switch`.
pub(crate) fn hook(section: &str) -> Option<&str> {
    section.split_once('/').map(|(_, hook)| hook).filter(|hook| !hook.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_choose_their_lane() {
        let kprobe = |section| Lane::of(section, sys::BPF_PROG_TYPE_KPROBE, 0);
        assert_eq!(kprobe("kprobe/do_sys_open"), Lane::Auto);
        assert_eq!(kprobe("kprobe"), Lane::NoTarget);
        assert_eq!(kprobe("uprobe"), Lane::Uprobe);
        assert_eq!(kprobe("uretprobe/SSL_read"), Lane::Uprobe);
        assert_eq!(kprobe("uprobe//usr/lib/libc.so.6:malloc"), Lane::Uprobe);
        assert_eq!(kprobe("usdt"), Lane::Usdt);
        assert_eq!(kprobe("usdt/libc.so.6:libc:setjmp"), Lane::Usdt);
        assert_eq!(Lane::of("xdp", sys::BPF_PROG_TYPE_XDP, sys::BPF_XDP), Lane::Xdp);
        assert_eq!(Lane::of("xdp/devmap", sys::BPF_PROG_TYPE_XDP, sys::BPF_XDP_DEVMAP), Lane::Manual);
        assert_eq!(Lane::of("tcx/ingress", sys::BPF_PROG_TYPE_SCHED_CLS, sys::BPF_TCX_INGRESS), Lane::Tcx);
        assert_eq!(Lane::of("iter/task", sys::BPF_PROG_TYPE_TRACING, sys::BPF_TRACE_ITER), Lane::Iter);
        assert_eq!(Lane::of("iter", sys::BPF_PROG_TYPE_TRACING, sys::BPF_TRACE_ITER), Lane::NoTarget);
        assert_eq!(Lane::of("netkit/peer", sys::BPF_PROG_TYPE_SCHED_CLS, 0), Lane::Manual);
        assert_eq!(Lane::of("tp", sys::BPF_PROG_TYPE_TRACEPOINT, 0), Lane::NoTarget);
        assert_eq!(Lane::of("nonsense", sys::BPF_PROG_TYPE_UNSPEC, 0), Lane::Unknown);
    }
}
