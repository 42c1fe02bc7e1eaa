//! How a program attaches: what a caller may say.

use std::path::PathBuf;

/// How a program attaches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttachSpec {
    /// As its section says; network programs with their defaults.
    Auto,
    /// As its section says, with a cookie that the program reads with `bpf_get_attach_cookie()`.
    Cookie(u64),
    /// Loaded and attached nowhere, until [`Running::attach`](crate::object::Running::attach) says where.
    Load,
    /// Not at all: it is not even loaded.
    Off,
    /// A user-space probe to one or more places.
    Uprobe(Vec<UprobeSpec>),
    /// `SEC("usdt")` to a static probe.
    Usdt(UsdtSpec),
    /// `SEC("perf_event")` to a counter.
    Perf(PerfSpec),
    /// `SEC("xdp")` to network interfaces.
    Xdp(XdpSpec),
    /// `SEC("tcx/…")` and `SEC("tc")` to the traffic-control chain of network interfaces.
    Tcx(TcxSpec),
    /// A cgroup hook to a control group.
    Cgroup(CgroupSpec),
    /// `SEC("sk_lookup")` and `SEC("flow_dissector")` to a network namespace.
    Netns(NetnsSpec),
    /// `SEC("netfilter")` to a hook of netfilter.
    Netfilter(NetfilterSpec),
    /// `SEC("iter/…")` to some of what its kind of iterator can walk.
    Iter(IterSpec),
    /// Several times, each as one of these says.
    Several(Vec<AttachSpec>),
}

impl AttachSpec {
    /// The spec's kind as a script writes it; `None` where it has none.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Auto | Self::Cookie(_) | Self::Load | Self::Off | Self::Several(_) => None,
            Self::Uprobe(_) => Some("uprobe"),
            Self::Usdt(_) => Some("usdt"),
            Self::Perf(_) => Some("perf"),
            Self::Xdp(_) => Some("xdp"),
            Self::Tcx(_) => Some("tcx"),
            Self::Cgroup(_) => Some("cgroup"),
            Self::Netns(_) => Some("netns"),
            Self::Netfilter(_) => Some("netfilter"),
            Self::Iter(_) => Some("iter"),
        }
    }
}

/// A namespace, by somebody who is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Namespace {
    /// The one of process 1; where that cannot be seen, the one of the kernel's threads; in a container that hides both, the one of this
    /// process, with a warning.
    #[default]
    Host,
    /// The one of this process id.
    Pid(u32),
    /// The one behind this file, like `/run/netns/blue` or `/proc/1234/ns/net`.
    Path(PathBuf),
}

/// A place in a user-space binary. Entry or return is the section's to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UprobeSpec {
    /// An absolute path, or a bare name: a library as the dynamic loader finds it, else an executable of `$PATH`. With `pid` as that
    /// process sees it.
    pub binary: String,
    /// The function, if need be with a version (`memcpy@GLIBC_2.2.5`). C++ and Rust functions may be written as in their source.
    pub symbol: Option<String>,
    /// Instead of a symbol: all functions whose names match.
    pub pattern: Option<NamePattern>,
    /// Bytes behind the symbol; without symbol, bytes from the start of the file.
    pub offset: u64,
    /// Only this process; `None` for every process that has the binary mapped.
    pub pid: Option<u32>,
    /// What the program reads with `bpf_get_attach_cookie()`; without one that is 0.
    pub cookie: Option<u64>,
}

/// A regular expression over names of functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    pub source: String,
    pub ignore_case: bool,
    /// Names as the linker knows them; else C++ and Rust names as their source has them.
    pub mangled: bool,
}

/// A static probe of a user-space binary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsdtSpec {
    /// As for [`UprobeSpec::binary`].
    pub binary: String,
    pub provider: String,
    pub name: String,
    /// Only this process; `None` for every process that has the binary mapped.
    pub pid: Option<u32>,
    /// What the program reads with `bpf_usdt_cookie()`; without one that is 0.
    pub cookie: Option<u64>,
}

/// A counter, on which CPUs and for whom it counts, and how often the program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerfSpec {
    pub event: PerfEvent,
    /// `None` for every CPU that is online.
    pub cpus: Option<Vec<u32>>,
    pub target: PerfTarget,
    pub sample: Sample,
    /// What the program reads with `bpf_get_attach_cookie()`; 0 for `None`.
    pub cookie: Option<u64>,
}

/// An event by the name that a script gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerfEvent {
    /// `cpu_clock`, `task_clock`, `page_faults`, …
    Software(String),
    /// `cpu_cycles`, `instructions`, …
    Hardware(String),
}

/// Whom an event counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerfTarget {
    /// Processes of a pid namespace, with all their threads and what they fork or clone later.
    Pids {
        ns: Namespace,
        /// As numbered in that namespace; `None` for all. Those that enter the namespace later are not seen.
        pids: Option<Vec<u32>>,
    },
    /// The tasks of the control group with this folder.
    Cgroup(PathBuf),
}

impl Default for PerfTarget {
    fn default() -> Self {
        Self::Pids { ns: Namespace::Host, pids: None }
    }
}

/// How often the program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sample {
    /// Never: the event only counts.
    #[default]
    None,
    /// About so many times a second.
    Freq(u64),
    /// Every so many events.
    Period(u64),
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interface {
    Index(u32),
    Name(String),
}

/// The default is all interfaces of the host's namespace; those that refuse the program are then skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XdpSpec {
    pub ns: Namespace,
    /// `None` for all.
    pub interfaces: Option<Vec<Interface>>,
}

/// The default is all interfaces of the host's namespace; those that refuse the program are then skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TcxSpec {
    pub ns: Namespace,
    /// `None` for all.
    pub interfaces: Option<Vec<Interface>>,
    pub order: Order,
    /// `None` for what the section says, which is ingress where it says nothing.
    pub direction: Option<Direction>,
}

/// The place in the chain of programs of an interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Where the kernel puts it: behind the others.
    #[default]
    Default,
    /// Before all others.
    Before,
    /// Behind all others.
    After,
}

/// Which way packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }
}

/// The default is the root of the cgroup v2 hierarchy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CgroupSpec {
    /// The group's folder.
    pub path: Option<PathBuf>,
}

/// The default is the host's namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetnsSpec {
    pub ns: Namespace,
}

/// A hook of netfilter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetfilterSpec {
    pub ns: Namespace,
    pub pf: Family,
    pub hook: NetfilterHook,
    /// Lower numbers see packets first. Each can be taken once.
    pub priority: i32,
}

/// A protocol family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Inet4,
    Inet6,
}

/// Where on its way a packet is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetfilterHook {
    PreRouting,
    LocalIn,
    Forward,
    LocalOut,
    PostRouting,
}

/// What an iterator walks. Which of these a program takes is its section's to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IterSpec {
    /// For `iter/bpf_map_elem` and `iter/bpf_sk_storage_map`: the map of the object whose elements are walked.
    pub map: Option<String>,
    /// For the iterators of tasks: `None` for every task.
    pub task: Option<IterTask>,
    /// For `iter/cgroup`.
    pub cgroup: Option<IterCgroup>,
}

/// Whose tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IterTask {
    /// One thread.
    Thread(u32),
    /// All threads of one process.
    Process(u32),
}

/// Which control groups, in which order. The default is all of the hierarchy, each before those below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IterCgroup {
    /// The folder to start at; `None` for the root of the cgroup v2 hierarchy.
    pub path: Option<PathBuf>,
    pub order: CgroupOrder,
}

/// The way through the hierarchy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CgroupOrder {
    /// The group alone.
    Own,
    /// Each group before those below it.
    #[default]
    DescendantsPre,
    /// Each group behind those below it.
    DescendantsPost,
    /// From the group to the root.
    AncestorsUp,
}
