//! Hooks of a network namespace as a whole: `sk_lookup` and `flow_dissector`.

use std::os::fd::{AsFd, AsRawFd};

use libbpf_rs::{AsRawLibbpf, Program};
use libbpf_sys as sys;

use super::explain::refused;
use super::namespace::{self, NetNs};
use super::spec::NetnsSpec;
use super::{Attached, Hold, Outcome, failed_to_attach, link};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &NetnsSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let NetNs { fd, name: target, doubt, .. } =
        namespace::open_net(&spec.ns, &what).map_err(|error| error.with_program(&decl.name))?;
    // SAFETY: the program belongs to a loaded object; this only reads.
    let attach_type = unsafe { sys::bpf_program__expected_attach_type(program.as_libbpf_object().as_ptr()) };
    match link::create(program.as_fd(), fd.as_raw_fd(), attach_type, &link::options()) {
        Ok(link) => {
            let attached = Attached { how: "netns".to_owned(), target, hold: Hold::Fd { link } };
            Ok(Outcome { attached: vec![attached], warnings: doubt.into_iter().collect() })
        }
        Err(errno) => {
            Err(refusal(&format!("{what} to {target}"), attach_type, errno).with_errno(errno).with_program(&decl.name))
        }
    }
}

fn refusal(what: &str, attach_type: sys::bpf_attach_type, errno: i32) -> Error {
    let reason = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::AttachNetwork),
        libc::EEXIST if attach_type == sys::BPF_FLOW_DISSECTOR => {
            "a flow dissector is there already or in another namespace, and the kernel takes either one in the host's namespace, for all of \
             them, or one in each of the others; detach that one first (bpftool net, bpftool link)"
        }
        libc::EEXIST | libc::E2BIG => {
            "the namespace has such a program already and takes no other; detach that one first"
        }
        libc::EINVAL => "this kernel does not have that hook",
        _ => refused(errno),
    };
    Error::new(Kind::AttachFailed, format!("{what}: {reason} ({})", errno_name(errno)))
}
