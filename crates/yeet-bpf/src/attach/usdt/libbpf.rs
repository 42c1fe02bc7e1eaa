//! Static probes on kernels without shared links, which libbpf attaches.

use std::ffi::CString;
use std::io;
use std::os::fd::AsFd;
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, Link, Program};
use libbpf_sys as sys;

use super::argument::Layout;
use super::specs::Specs;
use crate::attach::uprobe::Binary;
use crate::attach::{Hold, UsdtSpec};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;
use crate::prints::{self, Prints};

pub(super) fn attach(
    what: &str,
    program: &Program<'_>,
    binary: &Binary,
    spec: &UsdtSpec,
    target: &str,
) -> Result<Hold> {
    let text = |text: &str| {
        CString::new(text).map_err(|_| Error::new(Kind::InvalidOpts, format!("{what}: {text:?} contains a NUL")))
    };
    let (provider, name) = (text(&spec.provider)?, text(&spec.name)?);
    let path = text(&binary.kernel_path().to_string_lossy())?;
    let options =
        sys::bpf_usdt_opts { sz: size_of::<sys::bpf_usdt_opts>() as u64, usdt_cookie: spec.cookie.unwrap_or(0) };
    const EVERY_PROCESS: i32 = -1;
    let pid = spec.pid.map_or(EVERY_PROCESS, |pid| pid as i32);
    let (made, prints) = prints::collect(|| {
        let program = program.as_libbpf_object().as_ptr();
        // SAFETY: the program belongs to a loaded object; strings and options live during the call and the options tell their own size.
        let link = unsafe {
            sys::bpf_program__attach_usdt(program, pid, path.as_ptr(), provider.as_ptr(), name.as_ptr(), &options)
        };
        NonNull::new(link).ok_or_else(io::Error::last_os_error)
    });
    match made {
        // SAFETY: libbpf just made this link and gave it to us.
        Ok(link) => Ok(Hold::Link { link: unsafe { Link::from_ptr(link) } }),
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(0);
            Err(refusal(&format!("{what} to {target}"), &prints, errno).with_errno(errno))
        }
    }
}

/// libbpf 1.7 changed what it writes into the map of static probes, and programs built with its older header read it wrongly.
pub(super) fn outdated_header(decl: &ProgramDecl, program: &Program<'_>) -> Option<String> {
    Specs::of(program.as_fd()).filter(|specs| specs.layout == Layout::Old).map(|_| {
        format!(
            "program '{}': bpf_usdt_arg() and bpf_usdt_cookie() give wrong values on this kernel, because the object was built with the \
             <bpf/usdt.bpf.h> of a libbpf before 1.7: build it with a newer one",
            decl.name
        )
    })
}

fn refusal(what: &str, prints: &Prints, errno: i32) -> Error {
    let said = prints.summary();
    let (kind, reason) = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::Attach),
        _ if said.contains("BPF maps") || said.contains("__bpf_usdt") => {
            (Kind::InvalidObject, "the object lacks the maps of static probes: include <bpf/usdt.bpf.h> in its source")
        }
        libc::ESRCH => (Kind::AttachFailed, "the process is gone, or does not have the binary mapped"),
        _ => (Kind::AttachFailed, said.as_str()),
    };
    Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno)))
}
