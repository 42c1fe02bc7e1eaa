//! Hooks of a network namespace as a whole: `sk_lookup` and `flow_dissector`.

use std::os::fd::{AsFd, AsRawFd};

use libbpf_rs::{AsRawLibbpf, Program};
use libbpf_sys as sys;

use super::spec::{Namespace, NetnsSpec};
use super::{Attached, Hold, Outcome, failed_to_attach, link, namespace};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &NetnsSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let ns = namespace::open_net(&spec.ns, &what).map_err(|error| error.with_program(&decl.name))?;
    // SAFETY: the program belongs to a loaded object; this only reads.
    let attach_type = unsafe { sys::bpf_program__expected_attach_type(program.as_libbpf_object().as_ptr()) };
    let target = match &spec.ns {
        Namespace::Host => "the host's network namespace".to_owned(),
        Namespace::Pid(pid) => format!("the network namespace of process {pid}"),
        Namespace::Path(path) => path.display().to_string(),
    };
    match link::create(program.as_fd(), ns.as_raw_fd(), attach_type, &link::options()) {
        Ok(link) => Ok(Outcome::from(Attached { how: "netns".to_owned(), target, hold: Hold::Fd { link } })),
        Err(errno) => Err(refusal(&format!("{what} to {target}"), errno).with_errno(errno).with_program(&decl.name)),
    }
}

fn refusal(what: &str, errno: i32) -> Error {
    let reason = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::AttachNetwork),
        libc::EEXIST | libc::E2BIG => {
            "the namespace has such a program already and takes no other; detach that one first"
        }
        libc::EINVAL => "this kernel does not have that hook",
        _ => "the kernel refuses it",
    };
    Error::new(Kind::AttachFailed, format!("{what}: {reason} ({})", errno_name(errno)))
}
