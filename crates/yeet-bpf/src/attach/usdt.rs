//! Static probes of user-space binaries, which libbpf finds by the notes that the binary carries.

use std::ffi::CString;
use std::io;
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, Link, Program};
use libbpf_sys as sys;

use super::lane::hook;
use super::similar::similar;
use super::spec::UsdtSpec;
use super::uprobe::{Binary, StaticProbe, replaced_warning, static_probes};
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
    check(&what, &binary, spec)?;
    let target = match spec.pid {
        Some(pid) => format!("{}:{}:{} (pid {pid})", binary.shown, spec.provider, spec.name),
        None => format!("{}:{}:{}", binary.shown, spec.provider, spec.name),
    };
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
        Ok(link) => {
            let attached = Attached {
                // SAFETY: libbpf just made this link and gave it to us.
                hold: Hold::Link { link: unsafe { Link::from_ptr(link) } },
                how: "usdt".to_owned(),
                target,
            };
            let warnings = replaced_warning(&decl.name, &binary, spec.pid).into_iter().collect();
            Ok(Outcome { attached: vec![attached], warnings })
        }
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(0);
            Err(refusal(&format!("{what} to {target}"), &prints, errno).with_errno(errno))
        }
    }
}

/// Looks for the probe before libbpf does, which cannot say what there is instead.
fn check(what: &str, binary: &Binary, spec: &UsdtSpec) -> Result<()> {
    let fail = |kind, reason: String| Err(Error::new(kind, format!("{what}: {reason}")).with_path(&binary.shown));
    let shown = &binary.shown;
    let probes = match static_probes(&binary.file) {
        Ok(probes) => probes,
        Err(reason) => return fail(Kind::InvalidOpts, format!("{shown} is not a usable ELF binary: {reason}")),
    };
    if probes.iter().any(|probe| probe.provider == spec.provider && probe.name == spec.name) {
        return Ok(());
    }
    let names: Vec<_> = probes.iter().map(|StaticProbe { provider, name }| format!("{provider}:{name}")).collect();
    let wanted = format!("{}:{}", spec.provider, spec.name);
    let instead = instead(&wanted, &names);
    fail(Kind::NotFound, format!("{shown} has no static probe {wanted}; {instead}"))
        .map_err(|error| error.with_errno(libc::ENOENT))
}

fn instead(wanted: &str, names: &[String]) -> String {
    const FEW: usize = 8;
    let close = similar(wanted, names.iter().map(String::as_str), 3);
    match (names.len(), close.as_slice()) {
        (0, _) => "it has none at all".to_owned(),
        (1..=FEW, _) => format!("it has {}", names.join(", ")),
        (count, []) => format!("it has {count}, which readelf -n lists"),
        (_, close) => format!("did you mean {}?", close.join(" or ")),
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
        libc::ESRCH => (Kind::AttachFailed, "the process is gone, or does not have the binary mapped"),
        _ => (Kind::AttachFailed, said.as_str()),
    };
    Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_names_binary_provider_and_name() {
        let spec = spec_of_section("usdt//usr/bin/node:node:gc__start").unwrap();
        assert_eq!((spec.binary.as_str(), spec.provider.as_str()), ("/usr/bin/node", "node"));
        assert_eq!(spec.name, "gc__start");
        for section in ["usdt", "usdt/libc.so.6:libc", "usdt/a:b:c:d", "uprobe/a:b:c"] {
            assert_eq!(spec_of_section(section), None, "{section}");
        }
    }

    #[test]
    fn a_missing_probe_has_neighbours() {
        let names: Vec<_> = (0..20).map(|n| format!("shop:order__{n}")).collect();
        assert_eq!(instead("shop:order", &[]), "it has none at all");
        assert_eq!(instead("shop:order", &names[..2]), "it has shop:order__0, shop:order__1");
        assert!(instead("shop:ordr__7", &names).starts_with("did you mean shop:order__7 or"));
        assert_eq!(instead("bank:transfer", &names), "it has 20, which readelf -n lists");
    }
}
