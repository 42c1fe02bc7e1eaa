//! How a program attaches: what a caller may say.

use std::path::PathBuf;

/// How a program attaches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttachSpec {
    /// As its section says; network programs with their defaults.
    Auto,
    /// Not at all: it is not even loaded.
    Off,
    /// `SEC("xdp")` to network interfaces.
    Xdp(XdpSpec),
    /// `SEC("tcx/…")` and `SEC("tc")` to the traffic-control chain of network interfaces.
    Tcx(TcxSpec),
    /// A cgroup hook to a control group.
    Cgroup(CgroupSpec),
    /// `SEC("sk_lookup")` and `SEC("flow_dissector")` to a network namespace.
    Netns(NetnsSpec),
}

impl AttachSpec {
    /// The spec's kind as a script writes it; `None` where it has none.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Auto | Self::Off => None,
            Self::Xdp(_) => Some("xdp"),
            Self::Tcx(_) => Some("tcx"),
            Self::Cgroup(_) => Some("cgroup"),
            Self::Netns(_) => Some("netns"),
        }
    }
}

/// A namespace, by somebody who is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Namespace {
    /// The one of process 1; where that cannot be seen, the one of this process.
    #[default]
    Host,
    /// The one of this process id.
    Pid(u32),
    /// The one behind this file, like `/run/netns/blue` or `/proc/1234/ns/net`.
    Path(PathBuf),
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
