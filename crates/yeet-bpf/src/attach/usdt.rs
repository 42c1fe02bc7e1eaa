//! Static probes of user-space binaries, which libbpf finds by the notes that the binary carries.

use std::ffi::CString;
use std::io;
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, Link, Program};
use libbpf_sys as sys;

use super::lane::hook;
use super::spec::UsdtSpec;
use super::uprobe::Binary;
use super::{Attached, Hold, Outcome, failed_to_attach};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::{MapDecl, ProgramDecl};
use crate::prints::{self, Prints};

/// The target of `SEC("usdt/PATH:PROVIDER:NAME")`.
pub(super) fn spec_of_section(section: &str) -> Option<UsdtSpec> {
    let kind = section.split('/').next()?;
    let mut parts = hook(section).filter(|_| matches!(kind, "usdt" | "usdt.s"))?.split(':');
    let (binary, provider, name) = (parts.next()?.to_owned(), parts.next()?.to_owned(), parts.next()?.to_owned());
    parts.next().is_none().then(|| UsdtSpec { binary, provider, name, ..UsdtSpec::default() })
}

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &UsdtSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let binary = Binary::find(&what, &spec.binary, spec.pid)?;
    let target = match spec.pid {
        Some(pid) => format!("{}:{}:{} (pid {pid})", binary.shown, spec.provider, spec.name),
        None => format!("{}:{}:{}", binary.shown, spec.provider, spec.name),
    };
    let text = |text: &str| {
        CString::new(text).map_err(|_| Error::new(Kind::InvalidOpts, format!("{what}: {text:?} contains a NUL")))
    };
    let (provider, name) = (text(&spec.provider)?, text(&spec.name)?);
    let path = text(&binary.kernel_path().to_string_lossy())?;
    let options = sys::bpf_usdt_opts {
        sz: size_of::<sys::bpf_usdt_opts>() as u64,
        usdt_cookie: spec.cookie.unwrap_or(0),
        ..Default::default()
    };
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
        Ok(link) => Ok(Outcome::from(Attached {
            // SAFETY: libbpf just made this link and gave it to us.
            hold: Hold::Link { _link: unsafe { Link::from_ptr(link) } },
            how: "usdt".to_owned(),
            target,
        })),
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(0);
            Err(refusal(&format!("{what} to {target}"), &prints, errno).with_errno(errno))
        }
    }
}

/// libbpf 1.7 changed what it writes into the map of static probes, and programs built with its older header read it wrongly.
pub(crate) fn outdated_header(maps: &[MapDecl]) -> Option<String> {
    const OLD_SIZE: u32 = 208;
    maps.iter().find(|map| map.name == "__bpf_usdt_specs" && map.value_size == OLD_SIZE).map(|_| {
        "bpf_usdt_arg() reads wrong arguments, because the object was built with the <bpf/usdt.bpf.h> of a libbpf before 1.7: \
         build it with a newer one"
            .to_owned()
    })
}

fn refusal(what: &str, prints: &Prints, errno: i32) -> Error {
    let said = prints.summary();
    let (kind, reason) = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::Attach),
        _ if said.contains("BPF maps") || said.contains("__bpf_usdt") => {
            (Kind::InvalidObject, "the object lacks the maps of static probes: include <bpf/usdt.bpf.h> in its source")
        }
        libc::ENOENT => (Kind::NotFound, "the binary has no such probe; readelf -n lists what it has"),
        libc::ESRCH => (Kind::AttachFailed, "the process is gone, or does not have the binary mapped"),
        _ => (Kind::AttachFailed, said.as_str()),
    };
    Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno)))
}
