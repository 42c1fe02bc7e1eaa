//! User-space probes.
//!
//! Where the kernel has them, all targets of a program in one binary share one link: closing a link waits for every CPU to forget the
//! probe, which takes long enough to notice once, and far too long a hundred times.

mod binary;
mod feature;
mod ld_cache;
mod symbols;

use std::ffi::CString;
use std::os::fd::AsFd;
use std::ptr;

use libbpf_rs::{AsRawLibbpf, Link, OpenProgramMut, Program};
use libbpf_sys as sys;

use super::spec::UprobeSpec;
use super::{Attached, Hold, Outcome, failed_to_attach, link};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;
use crate::prints;
pub(super) use binary::Binary;
use symbols::Place;

/// What is decided before load: the kernel wants to know then whether a program will share a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UprobeStep {
    targets: Vec<UprobeSpec>,
    multi: bool,
}

impl UprobeStep {
    pub(super) fn new(targets: Vec<UprobeSpec>, decl: &ProgramDecl) -> Self {
        Self { multi: is_multi_section(&decl.section) || feature::has_uprobe_multi(), targets }
    }

    /// Tells libbpf, which has not loaded the program yet.
    pub(super) fn prepare(&self, decl: &ProgramDecl, program: &mut OpenProgramMut<'_>) {
        if self.multi && !is_multi_section(&decl.section) {
            // SAFETY: the program belongs to an object that is open and not loaded.
            unsafe {
                let program = program.as_libbpf_object().as_ptr();
                sys::bpf_program__set_expected_attach_type(program, sys::BPF_TRACE_UPROBE_MULTI);
            }
        }
    }
}

/// `SEC("uprobe.multi")` and its kin say it themselves.
fn is_multi_section(section: &str) -> bool {
    [".multi", ".session"].iter().any(|kind| section.split('/').next().unwrap_or_default().contains(kind))
}

pub(super) fn is_return(section: &str) -> bool {
    section.starts_with("uretprobe")
}

/// One target, found.
struct Target {
    binary: Binary,
    place: Place,
    pid: Option<u32>,
}

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, step: &UprobeStep) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let mut outcome = Outcome::default();
    let mut found: Vec<Target> = Vec::with_capacity(step.targets.len());
    for spec in &step.targets {
        let binary = Binary::find(&what, &spec.binary, spec.pid)?;
        let place = symbols::locate(&what, &binary, spec)?;
        if place.is_indirect {
            outcome.warnings.push(format!(
                "program '{}': {} of {} is an indirect function, so the probe sees it being chosen, not being called",
                decl.name, place.label, binary.shown
            ));
        }
        found.push(Target { binary, place, pid: spec.pid });
    }
    if !step.multi {
        for target in found {
            outcome.attached.push(attach_one(&what, decl, program, target)?);
        }
        return Ok(outcome);
    }
    while let Some(first) = found.first() {
        let (file, pid) = (first.binary.id, first.pid);
        let (together, rest) = found.into_iter().partition(|target| target.binary.id == file && target.pid == pid);
        outcome.attached.extend(attach_together(&what, decl, program, together)?);
        found = rest;
    }
    Ok(outcome)
}

/// Attaches to several places of one binary with one link.
fn attach_together(
    what: &str,
    decl: &ProgramDecl,
    program: &Program<'_>,
    targets: Vec<Target>,
) -> Result<Vec<Attached>> {
    let Some(first) = targets.first() else { return Ok(Vec::new()) };
    let offsets: Vec<u64> = targets.iter().map(|target| target.place.offset).collect();
    // SAFETY: the program belongs to a loaded object; this only reads.
    let attach_type = unsafe { sys::bpf_program__expected_attach_type(program.as_libbpf_object().as_ptr()) };
    let path = kernel_path(what, &first.binary)?;
    let mut options = link::options();
    options.__bindgen_anon_1.uprobe_multi = sys::bpf_link_create_opts__bindgen_ty_1__bindgen_ty_3 {
        flags: if is_return(&decl.section) { sys::BPF_F_UPROBE_MULTI_RETURN } else { 0 },
        cnt: offsets.len() as u32,
        path: path.as_ptr(),
        offsets: offsets.as_ptr(),
        ref_ctr_offsets: ptr::null(),
        cookies: ptr::null(),
        pid: first.pid.unwrap_or(0),
        ..Default::default()
    };
    let link = link::create(program.as_fd(), 0, attach_type, &options)
        .map_err(|errno| refusal(what, first, errno).with_errno(errno))?;
    let mut hold = Some(Hold::Fd { _link: link });
    let attached = targets.iter().map(|target| Attached {
        // The link goes with the first of those that share it.
        hold: hold.take().unwrap_or(Hold::Shared),
        how: "uprobe_multi".to_owned(),
        target: label(target),
    });
    Ok(attached.collect())
}

/// Attaches to one place by a perf event of its own, as kernels before 6.6 do.
fn attach_one(what: &str, decl: &ProgramDecl, program: &Program<'_>, target: Target) -> Result<Attached> {
    let path = kernel_path(what, &target.binary)?;
    let options = sys::bpf_uprobe_opts {
        sz: size_of::<sys::bpf_uprobe_opts>() as u64,
        retprobe: is_return(&decl.section),
        ..Default::default()
    };
    let pid = target.pid.map_or(-1, |pid| pid as i32);
    let (made, _) = prints::collect(|| {
        let program = program.as_libbpf_object().as_ptr();
        // SAFETY: the program belongs to a loaded object; path and options live during the call and the options tell their own size.
        let link =
            unsafe { sys::bpf_program__attach_uprobe_opts(program, pid, path.as_ptr(), target.place.offset, &options) };
        ptr::NonNull::new(link).ok_or_else(std::io::Error::last_os_error)
    });
    match made {
        Ok(link) => Ok(Attached {
            // SAFETY: libbpf just made this link and gave it to us.
            hold: Hold::Link { link: unsafe { Link::from_ptr(link) } },
            how: "perf_event".to_owned(),
            target: label(&target),
        }),
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(0);
            Err(refusal(what, &target, errno).with_errno(errno))
        }
    }
}

fn kernel_path(what: &str, binary: &Binary) -> Result<CString> {
    CString::new(binary.kernel_path().as_os_str().as_encoded_bytes())
        .map_err(|_| Error::new(Kind::InvalidOpts, format!("{what}: the binary's path contains a NUL")))
}

fn label(target: &Target) -> String {
    match target.pid {
        Some(pid) => format!("{}:{} (pid {pid})", target.binary.shown, target.place.label),
        None => format!("{}:{}", target.binary.shown, target.place.label),
    }
}

fn refusal(what: &str, target: &Target, errno: i32) -> Error {
    let what = format!("{what} to {}", label(target));
    let reason = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(&what, Need::Attach),
        libc::ESRCH => "the process is gone".to_owned(),
        libc::EINVAL => "the kernel refuses that place: it is not the start of an instruction, or not code".to_owned(),
        libc::EOPNOTSUPP | 524 => "the instruction there cannot be probed".to_owned(),
        libc::ENOENT => {
            "this kernel is built without user-space probes (CONFIG_UPROBE_EVENTS), or the file is gone".to_owned()
        }
        libc::EMFILE | libc::ENFILE => "too many open files; raise the limit with ulimit -n".to_owned(),
        _ => "the kernel refuses it".to_owned(),
    };
    Error::new(Kind::AttachFailed, format!("{what}: {reason} ({})", errno_name(errno)))
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::path::Path;

    use libbpf_rs::{MapCore, MapFlags, ObjectBuilder};

    use super::*;

    #[unsafe(no_mangle)]
    #[inline(never)]
    extern "C" fn yeet_unit_target(n: u32) -> u32 {
        black_box(n) + 1
    }

    /// The way of kernels without shared links, which newer ones still have.
    #[test]
    fn a_probe_without_a_shared_link_counts_calls() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/object/uprobe.bpf.o");
        let mut open = ObjectBuilder::default().open_file(path).unwrap();
        for mut program in open.progs_mut() {
            let wanted = program.name() == "on_entry";
            program.set_autoload(wanted);
        }
        let decl = open.progs().find(|program| program.name() == "on_entry").map(|program| ProgramDecl::read(&program));
        let object = open.load().unwrap();
        let program = object.progs().find(|program| program.name() == "on_entry").unwrap();
        let spec = UprobeSpec {
            binary: std::env::current_exe().unwrap().to_str().unwrap().to_owned(),
            symbol: Some("yeet_unit_target".to_owned()),
            pid: Some(std::process::id()),
            ..UprobeSpec::default()
        };
        let step = UprobeStep { targets: vec![spec], multi: false };
        let outcome = attach(&decl.unwrap(), &program, &step).unwrap();
        assert_eq!(outcome.attached[0].how, "perf_event");
        for n in 0..3 {
            black_box(yeet_unit_target(n));
        }
        let counters = object.maps().find(|map| map.name().to_string_lossy().ends_with(".bss")).unwrap();
        let value = counters.lookup(&0u32.to_ne_bytes(), MapFlags::ANY).unwrap().unwrap();
        assert_eq!(value[..4], 3u32.to_ne_bytes());
    }
}
