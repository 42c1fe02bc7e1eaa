//! XDP: packets at the driver, before the kernel makes anything of them.

use std::os::fd::{AsFd, BorrowedFd};

use libbpf_rs::Program;
use libbpf_sys as sys;

use super::super::explain::refused;
use super::super::spec::XdpSpec;
use super::super::{Attached, Hold, Outcome, failed_to_attach, link};
use super::attach_each;
use super::interfaces::NamedInterface;
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;

pub(crate) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &XdpSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let program = program.as_fd();
    attach_each(&what, &spec.ns, spec.interfaces.as_deref(), |what, interface, _| {
        attach_one(program, interface)
            .map_err(|errno| refusal(what, program, interface, errno).with_errno(errno).with_program(&decl.name))
    })
}

fn attach_one(program: BorrowedFd<'_>, interface: &NamedInterface) -> Result<Attached, i32> {
    // Without flags the kernel takes the driver's own mode where there is one.
    let link = link::create(program, interface.index as i32, sys::BPF_XDP, &link::options())?;
    Ok(Attached {
        how: format!("xdp ({})", mode(interface.index)),
        target: interface.name.clone(),
        hold: Hold::Fd { link },
    })
}

fn refusal(what: &str, program: BorrowedFd<'_>, interface: &NamedInterface, errno: i32) -> Error {
    let reason = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::AttachNetwork),
        libc::EBUSY | libc::EEXIST => taken(program, interface.index),
        libc::EOPNOTSUPP => "its driver does not take this program".to_owned(),
        libc::ERANGE => format!(
            "its MTU, or that of its other end, is too large for a program that takes packets in one piece; \
             make it SEC(\"xdp.frags\"), or the MTU smaller: ip link set dev {} mtu 1500",
            interface.name
        ),
        libc::EINVAL if interface.is_there() => {
            "the kernel refuses it there (MTU or features of the device, or an old kernel)".to_owned()
        }
        libc::ENODEV | libc::EINVAL => "the interface is gone".to_owned(),
        _ => refused(errno).to_owned(),
    };
    Error::new(Kind::AttachFailed, format!("{what}: {reason} ({})", errno_name(errno)))
}

/// An interface takes one program.
fn taken(program: BorrowedFd<'_>, index: u32) -> String {
    let there = query(index).map_or(0, |found| found.prog_id);
    match Program::id_from_fd(program) {
        Ok(own) if own == there => "the same program is attached there already".to_owned(),
        _ => format!("another XDP program is there (id {there}); detach it first, an interface takes one"),
    }
}

/// How the program got attached: `native` in the driver, or `generic` behind it.
fn mode(index: u32) -> &'static str {
    const NATIVE: u8 = 1;
    const GENERIC: u8 = 2;
    const OFFLOADED: u8 = 3;
    match query(index).map(|found| found.attach_mode) {
        Some(NATIVE) => "native",
        Some(GENERIC) => "generic",
        Some(OFFLOADED) => "offloaded",
        _ => "mode unknown",
    }
}

fn query(index: u32) -> Option<sys::bpf_xdp_query_opts> {
    let mut found = sys::bpf_xdp_query_opts { sz: size_of::<sys::bpf_xdp_query_opts>() as u64, ..Default::default() };
    // SAFETY: the options live during the call, which fills them in, and tell their own size.
    (unsafe { sys::bpf_xdp_query(index as i32, 0, &mut found) } == 0).then_some(found)
}
