//! How programs attach, as js/attach lowers it.

use serde::Deserialize;
use yeet_bpf::attach::{
    AttachSpec, CgroupOrder, CgroupSpec, Direction, Family, Interface, IterCgroup, IterSpec, IterTask, NamePattern,
    Namespace, NetfilterHook, NetfilterSpec, NetnsSpec, Order, PerfEvent, PerfSpec, PerfTarget, Sample, TcxSpec,
    UprobeSpec, UsdtSpec, XdpSpec,
};

#[derive(Deserialize)]
pub(crate) struct WireAttach {
    pub(crate) program: String,
    pub(crate) how: How,
}

/// One of the lanes of js/attach/spec.ts.
#[derive(Clone, Deserialize)]
#[serde(tag = "lane", rename_all = "lowercase")]
pub(crate) enum How {
    Auto { cookie: Option<Cookie> },
    Load,
    Off,
    Uprobe { places: Vec<Place> },
    Usdt { binary: String, provider: String, name: String, pid: Option<u32>, cookie: Option<Cookie> },
    Perf { event: Event, cpus: Option<Vec<u32>>, target: Target, sample: Option<Rate>, cookie: Option<Cookie> },
    Xdp { ns: Ns, interfaces: Option<Vec<Device>> },
    Tcx { ns: Ns, interfaces: Option<Vec<Device>>, order: WireOrder, direction: Option<WireDirection> },
    Cgroup { path: String },
    Netns { ns: Ns },
    Netfilter { ns: Ns, pf: WireFamily, hook: WireHook, priority: i32 },
    Iter { map: Option<String>, task: Option<WireTask>, cgroup: Option<WireCgroup> },
    Several { each: Vec<How> },
}

/// The number that a program reads with `bpf_get_attach_cookie()`; it comes in decimal.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Cookie(u64);

impl TryFrom<String> for Cookie {
    type Error = std::num::ParseIntError;

    fn try_from(decimal: String) -> Result<Self, Self::Error> {
        decimal.parse().map(Self)
    }
}

#[derive(Clone, Deserialize)]
pub(crate) struct Place {
    binary: String,
    symbol: Option<String>,
    pattern: Option<Pattern>,
    offset: Whole,
    pid: Option<u32>,
    cookie: Option<Cookie>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Pattern {
    source: String,
    ignore_case: bool,
}

#[derive(Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Ns {
    Host,
    Pid { pid: u32 },
    Path { path: String },
}

#[derive(Clone, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "lowercase")]
pub(crate) enum Event {
    Software(String),
    Hardware(String),
}

#[derive(Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Target {
    Pids { ns: Ns, pids: Option<Vec<u32>> },
    Cgroup { path: String },
}

#[derive(Clone, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub(crate) enum Rate {
    Freq(Whole),
    Period(Whole),
}

/// A whole number that JavaScript holds exactly. Above 32 bits it comes as floating point.
#[derive(Clone, Copy, Deserialize)]
#[serde(from = "f64")]
pub(crate) struct Whole(u64);

impl From<f64> for Whole {
    fn from(value: f64) -> Self {
        Self(value as u64)
    }
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Device {
    Index(u32),
    Name(String),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub(crate) enum WireTask {
    Tid(u32),
    Pid(u32),
}

#[derive(Clone, Deserialize)]
pub(crate) struct WireCgroup {
    path: Option<String>,
    order: WireCgroupOrder,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WireCgroupOrder {
    Own,
    DescendantsPre,
    DescendantsPost,
    AncestorsUp,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WireOrder {
    Default,
    Before,
    After,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WireDirection {
    Ingress,
    Egress,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WireFamily {
    Inet4,
    Inet6,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WireHook {
    PreRouting,
    LocalIn,
    Forward,
    LocalOut,
    PostRouting,
}

impl How {
    pub(crate) fn lower(&self) -> AttachSpec {
        match self.clone() {
            Self::Auto { cookie: None } => AttachSpec::Auto,
            Self::Auto { cookie: Some(Cookie(cookie)) } => AttachSpec::Cookie(cookie),
            Self::Load => AttachSpec::Load,
            Self::Off => AttachSpec::Off,
            Self::Uprobe { places } => AttachSpec::Uprobe(places.into_iter().map(Into::into).collect()),
            Self::Usdt { binary, provider, name, pid, cookie } => {
                AttachSpec::Usdt(UsdtSpec { binary, provider, name, pid, cookie: cookie.map(|cookie| cookie.0) })
            }
            Self::Perf { event, cpus, target, sample, cookie } => AttachSpec::Perf(PerfSpec {
                event: event.into(),
                cpus,
                target: target.into(),
                sample: sample.map_or(Sample::None, Into::into),
                cookie: cookie.map(|cookie| cookie.0),
            }),
            Self::Xdp { ns, interfaces } => AttachSpec::Xdp(XdpSpec { ns: ns.into(), interfaces: devices(interfaces) }),
            Self::Tcx { ns, interfaces, order, direction } => AttachSpec::Tcx(TcxSpec {
                ns: ns.into(),
                interfaces: devices(interfaces),
                order: order.into(),
                direction: direction.map(Into::into),
            }),
            Self::Cgroup { path } => AttachSpec::Cgroup(CgroupSpec { path: Some(path.into()) }),
            Self::Netns { ns } => AttachSpec::Netns(NetnsSpec { ns: ns.into() }),
            Self::Netfilter { ns, pf, hook, priority } => {
                AttachSpec::Netfilter(NetfilterSpec { ns: ns.into(), pf: pf.into(), hook: hook.into(), priority })
            }
            Self::Iter { map, task, cgroup } => {
                AttachSpec::Iter(IterSpec { map, task: task.map(Into::into), cgroup: cgroup.map(Into::into) })
            }
            Self::Several { each } => AttachSpec::Several(each.iter().map(Self::lower).collect()),
        }
    }
}

fn devices(wire: Option<Vec<Device>>) -> Option<Vec<Interface>> {
    let interface = |device| match device {
        Device::Index(index) => Interface::Index(index),
        Device::Name(name) => Interface::Name(name),
    };
    wire.map(|devices| devices.into_iter().map(interface).collect())
}

impl From<Place> for UprobeSpec {
    fn from(Place { binary, symbol, pattern, offset, pid, cookie }: Place) -> Self {
        let cookie = cookie.map(|cookie| cookie.0);
        Self { binary, symbol, pattern: pattern.map(Into::into), offset: offset.0, pid, cookie }
    }
}

impl From<Pattern> for NamePattern {
    fn from(Pattern { source, ignore_case }: Pattern) -> Self {
        Self { source, ignore_case, mangled: false }
    }
}

impl From<WireTask> for IterTask {
    fn from(task: WireTask) -> Self {
        match task {
            WireTask::Tid(id) => Self::Thread(id),
            WireTask::Pid(id) => Self::Process(id),
        }
    }
}

impl From<WireCgroup> for IterCgroup {
    fn from(WireCgroup { path, order }: WireCgroup) -> Self {
        let order = match order {
            WireCgroupOrder::Own => CgroupOrder::Own,
            WireCgroupOrder::DescendantsPre => CgroupOrder::DescendantsPre,
            WireCgroupOrder::DescendantsPost => CgroupOrder::DescendantsPost,
            WireCgroupOrder::AncestorsUp => CgroupOrder::AncestorsUp,
        };
        Self { path: path.map(Into::into), order }
    }
}

impl From<Ns> for Namespace {
    fn from(ns: Ns) -> Self {
        match ns {
            Ns::Host => Self::Host,
            Ns::Pid { pid } => Self::Pid(pid),
            Ns::Path { path } => Self::Path(path.into()),
        }
    }
}

impl From<Event> for PerfEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Software(name) => Self::Software(name),
            Event::Hardware(name) => Self::Hardware(name),
        }
    }
}

impl From<Target> for PerfTarget {
    fn from(target: Target) -> Self {
        match target {
            Target::Pids { ns, pids } => Self::Pids { ns: ns.into(), pids },
            Target::Cgroup { path } => Self::Cgroup(path.into()),
        }
    }
}

impl From<Rate> for Sample {
    fn from(rate: Rate) -> Self {
        match rate {
            Rate::Freq(Whole(value)) => Self::Freq(value),
            Rate::Period(Whole(value)) => Self::Period(value),
        }
    }
}

impl From<WireOrder> for Order {
    fn from(order: WireOrder) -> Self {
        match order {
            WireOrder::Default => Self::Default,
            WireOrder::Before => Self::Before,
            WireOrder::After => Self::After,
        }
    }
}

impl From<WireDirection> for Direction {
    fn from(direction: WireDirection) -> Self {
        match direction {
            WireDirection::Ingress => Self::Ingress,
            WireDirection::Egress => Self::Egress,
        }
    }
}

impl From<WireFamily> for Family {
    fn from(family: WireFamily) -> Self {
        match family {
            WireFamily::Inet4 => Self::Inet4,
            WireFamily::Inet6 => Self::Inet6,
        }
    }
}

impl From<WireHook> for NetfilterHook {
    fn from(hook: WireHook) -> Self {
        match hook {
            WireHook::PreRouting => Self::PreRouting,
            WireHook::LocalIn => Self::LocalIn,
            WireHook::Forward => Self::Forward,
            WireHook::LocalOut => Self::LocalOut,
            WireHook::PostRouting => Self::PostRouting,
        }
    }
}
