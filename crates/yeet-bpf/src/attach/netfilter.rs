//! Netfilter: packets at one of the five hooks of a protocol family.

use std::os::fd::AsFd;

use libbpf_rs::Program;
use libbpf_sys as sys;

use super::explain::refused;
use super::namespace::{self, NetNs};
use super::spec::{Family, NetfilterHook, NetfilterSpec};
use super::{Attached, Hold, Outcome, failed_to_attach, link};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &NetfilterSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let NetNs { fd, place, doubt, .. } = namespace::open_net(&spec.ns, &what)?;
    let (pf, family) = match spec.pf {
        Family::Inet4 => (libc::NFPROTO_IPV4, "inet4"),
        Family::Inet6 => (libc::NFPROTO_IPV6, "inet6"),
    };
    let (hooknum, hook) = match spec.hook {
        NetfilterHook::PreRouting => (libc::NF_INET_PRE_ROUTING, "pre_routing"),
        NetfilterHook::LocalIn => (libc::NF_INET_LOCAL_IN, "local_in"),
        NetfilterHook::Forward => (libc::NF_INET_FORWARD, "forward"),
        NetfilterHook::LocalOut => (libc::NF_INET_LOCAL_OUT, "local_out"),
        NetfilterHook::PostRouting => (libc::NF_INET_POST_ROUTING, "post_routing"),
    };
    let target = format!("{family} {hook}, priority {}{place}", spec.priority);
    let program = program.as_fd();
    // The kernel takes the namespace of the thread that asks.
    namespace::inside(fd.as_fd(), &what, || {
        let mut options = link::options();
        options.__bindgen_anon_1.netfilter = sys::bpf_link_create_opts__bindgen_ty_1__bindgen_ty_5 {
            pf: pf as u32,
            hooknum: hooknum as u32,
            priority: spec.priority,
            flags: 0,
        };
        match link::create(program, 0, sys::BPF_NETFILTER, &options) {
            Ok(link) => {
                let attached = Attached { how: "netfilter".to_owned(), target, hold: Hold::Fd { link } };
                Ok(Outcome { attached: vec![attached], warnings: doubt.into_iter().collect() })
            }
            Err(errno) => Err(refusal(&format!("{what} to {target}"), spec, errno).with_errno(errno)),
        }
    })
}

fn refusal(what: &str, spec: &NetfilterSpec, errno: i32) -> Error {
    let (kind, reason) = match errno {
        libc::ERANGE => (Kind::InvalidOpts, "the first and the last priority are the kernel's own"),
        libc::EBUSY | libc::EEXIST => (Kind::AttachFailed, "another program has that priority; choose another"),
        libc::EOPNOTSUPP | libc::EAFNOSUPPORT => (Kind::Unsupported, "this kernel does not have that hook"),
        libc::EINVAL if spec.priority == i32::MIN || spec.priority == i32::MAX => {
            (Kind::InvalidOpts, "the first and the last priority are the kernel's own")
        }
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::AttachNetwork),
        _ => (Kind::AttachFailed, refused(errno)),
    };
    Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno)))
}
