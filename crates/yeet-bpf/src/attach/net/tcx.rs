//! The traffic-control chain: links of kernel 6.6 and later, filters before.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use libbpf_rs::Program;
use libbpf_sys as sys;

use super::super::explain::refused;
use super::super::spec::{Direction, Order, TcxSpec};
use super::super::{Attached, Hold, Outcome, failed_to_attach, link};
use super::interfaces::NamedInterface;
use super::{attach_each, clsact};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;

pub(crate) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &TcxSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let program = program.as_fd();
    let direction = spec.direction.unwrap_or(if decl.section.ends_with("/egress") {
        Direction::Egress
    } else {
        Direction::Ingress
    });
    attach_each(&what, &spec.ns, spec.interfaces.as_deref(), |what, interface, ns| {
        attach_one(program, interface, ns, direction, spec.order)
            .map_err(|errno| refusal(what, errno).with_errno(errno).with_program(&decl.name))
    })
}

fn attach_one(
    program: BorrowedFd<'_>,
    interface: &NamedInterface,
    ns: &OwnedFd,
    direction: Direction,
    order: Order,
) -> Result<Attached, i32> {
    let attach_type = match direction {
        Direction::Ingress => sys::BPF_TCX_INGRESS,
        Direction::Egress => sys::BPF_TCX_EGRESS,
    };
    let mut options = link::options();
    options.flags = match order {
        Order::Default => 0,
        Order::Before => sys::BPF_F_BEFORE,
        Order::After => sys::BPF_F_AFTER,
    };
    match link::create(program, interface.index as i32, attach_type, &options) {
        Ok(link) => Ok(Attached {
            how: format!("tcx ({})", direction.as_str()),
            target: interface.name.clone(),
            hold: Hold::Fd { link },
        }),
        Err(libc::EINVAL) if !has_tcx(interface.index) => clsact::attach(program, interface, ns, direction, order),
        Err(errno) => Err(errno),
    }
}

/// Does this kernel have the chain at all? Asking for its programs tells.
pub(crate) fn has_tcx(index: u32) -> bool {
    let mut options =
        sys::bpf_prog_query_opts { sz: size_of::<sys::bpf_prog_query_opts>() as u64, ..Default::default() };
    // SAFETY: the options live during the call, tell their own size and have no room for an answer but its length.
    unsafe { sys::bpf_prog_query_opts(index as i32, sys::BPF_TCX_INGRESS, &mut options) == 0 }
}

fn refusal(what: &str, errno: i32) -> Error {
    let reason = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::AttachNetwork),
        libc::ENODEV => "the interface is gone",
        libc::ERANGE | libc::ENOSPC => "the interface has no room for another program",
        libc::EEXIST => "the same program is attached there already; name each interface once",
        _ => refused(errno),
    };
    Error::new(Kind::AttachFailed, format!("{what}: {reason} ({})", errno_name(errno)))
}
