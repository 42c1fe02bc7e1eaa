//! Attaching: which way each program goes is planned before anything is loaded, and carried out after.

mod auto;
mod cgroup;
mod explain;
mod functions;
#[cfg(fuzzing)]
pub mod fuzzing;
mod intent;
mod iter;
mod lane;
mod link;
mod namespace;
mod net;
mod netfilter;
mod netns;
mod perf;
mod plan;
mod probes;
mod refusals;
mod release;
mod similar;
mod spec;
mod struct_ops;
mod uprobe;
mod usdt;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use libbpf_rs::{Link, OpenProgramMut, Program};

use crate::error::Result;
use crate::object::{Attachment, Maps, ProgramDecl};
use uprobe::UprobeStep;

pub(crate) use cgroup::root as cgroup_root;
pub(crate) use explain::{kernel_function_not_found, refused};
pub(crate) use functions::tracing_refused;
pub use intent::Intent;
pub use lane::Lane;
pub(crate) use net::has_tcx;
pub(crate) use plan::{Plan, plan, plan_late};
pub(crate) use probes::{
    file_system, function_tracing_refusal, has_kprobes, kernel_version, security_modules, tracefs, version_of,
};
pub(crate) use refusals::no_such_program;
pub(crate) use release::release;
pub use spec::{
    AttachSpec, CgroupOrder, CgroupSpec, Direction, Family, Interface, IterCgroup, IterSpec, IterTask, NamePattern,
    Namespace, NetfilterHook, NetfilterSpec, NetnsSpec, Order, PerfEvent, PerfSpec, PerfTarget, Sample, TcxSpec,
    UprobeSpec, UsdtSpec, XdpSpec,
};
pub(crate) use struct_ops::attach_all as attach_struct_ops;
pub(crate) use uprobe::shares_links as shares_uprobe_links;

/// What will be done with a program, decided before load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Left out.
    Off,
    /// Loaded and left for its user to run or to install.
    Load,
    /// Loaded and attached by its section.
    Auto {
        cookie: Option<u64>,
    },
    Iter(IterSpec),
    Uprobe(UprobeStep),
    Usdt(UsdtSpec),
    Perf(PerfSpec),
    Xdp(XdpSpec),
    Tcx(TcxSpec),
    Cgroup(CgroupSpec),
    Netns(NetnsSpec),
    Netfilter(NetfilterSpec),
    Several(Vec<Step>),
}

impl Step {
    pub(crate) fn loads(&self) -> bool {
        !matches!(self, Self::Off)
    }

    /// Sets what libbpf has to know of a program before it loads it.
    pub(crate) fn prepare(&self, decl: &ProgramDecl, program: &mut OpenProgramMut<'_>) {
        program.set_autoload(self.loads());
        if let Self::Uprobe(step) = self {
            step.prepare(decl, program);
        }
    }
}

/// What keeps a program attached; dropping it detaches.
pub(crate) enum Hold {
    /// One of libbpf's links.
    Link { link: Link },
    /// A link of the kernel.
    Fd { link: OwnedFd },
    /// A link of the kernel, and what the program was told of its places.
    Usdt { _link: OwnedFd, _specs: Vec<usdt::SpecId> },
    /// A link that another place of the same program holds.
    Shared,
    /// A traffic-control filter.
    Filter { _filter: net::Filter },
}

impl Hold {
    /// The descriptor of the link, where it is this place's own.
    pub(crate) fn link_fd(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Link { link } => Some(link.as_fd()),
            Self::Fd { link } => Some(link.as_fd()),
            _ => None,
        }
    }
}

/// One place where a program got attached.
pub(crate) struct Attached {
    pub(crate) hold: Hold,
    pub(crate) how: String,
    pub(crate) target: String,
}

impl From<&Attached> for Attachment {
    fn from(place: &Attached) -> Self {
        Self { how: place.how.clone(), target: place.target.clone() }
    }
}

impl Attached {
    /// Has what the program was attached to gone? The hold is still to be given back.
    pub(crate) fn is_over(&self) -> bool {
        self.hold.link_fd().is_some_and(link::is_over)
    }
}

/// What came of attaching one program.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) attached: Vec<Attached>,
    pub(crate) warnings: Vec<String>,
}

impl From<Attached> for Outcome {
    fn from(attached: Attached) -> Self {
        Self { attached: vec![attached], warnings: Vec::new() }
    }
}

/// Carries out the step of one loaded program.
pub(crate) fn run(step: &Step, decl: &ProgramDecl, program: &Program<'_>, maps: &Maps<'_>) -> Result<Outcome> {
    match step {
        Step::Off | Step::Load => Ok(Outcome::default()),
        Step::Auto { cookie } => auto::attach(decl, program, *cookie).map(Outcome::from),
        Step::Iter(spec) => iter::attach(decl, program, spec, maps),
        Step::Uprobe(step) => uprobe::attach(decl, program, step),
        Step::Usdt(spec) => usdt::attach(decl, program, spec),
        Step::Perf(spec) => perf::attach(decl, program, spec),
        Step::Xdp(spec) => net::attach_xdp(decl, program, spec),
        Step::Tcx(spec) => net::attach_tcx(decl, program, spec),
        Step::Cgroup(spec) => cgroup::attach(decl, program, spec),
        Step::Netns(spec) => netns::attach(decl, program, spec),
        Step::Netfilter(spec) => netfilter::attach(decl, program, spec),
        Step::Several(steps) => {
            let mut all = Outcome::default();
            for step in steps {
                let outcome = run(step, decl, program, maps)?;
                all.attached.extend(outcome.attached);
                all.warnings.extend(outcome.warnings);
            }
            Ok(all)
        }
    }
    .map_err(|error| error.with_program(&decl.name))
}

/// The beginning of every sentence about a failure to attach.
fn failed_to_attach(decl: &ProgramDecl) -> String {
    format!("failed to attach program '{}' (SEC(\"{}\"))", decl.name, decl.section)
}
