//! Telling the kernel.

use std::ffi::CString;
use std::os::fd::{AsFd, OwnedFd};
use std::ptr;
use std::rc::Rc;

use libbpf_rs::{AsRawLibbpf, Link, Program};
use libbpf_sys as sys;

use super::binary::Binary;
use super::locate::Place;
use super::step::{expected_attach_type, is_return};
use crate::attach::explain::refused;
use crate::attach::{Attached, Hold, link};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;
use crate::prints;

/// One spec, found.
pub(super) struct Target {
    pub(super) binary: Rc<Binary>,
    pub(super) places: Vec<Place>,
    pub(super) pid: Option<u32>,
    pub(super) cookie: Option<u64>,
}

/// Attaches to all places of targets in one binary with one link.
pub(super) fn attach_together(
    what: &str,
    decl: &ProgramDecl,
    program: &Program<'_>,
    targets: &[Target],
) -> Result<Vec<Attached>> {
    let Some(first) = targets.first() else { return Ok(Vec::new()) };
    let places = || targets.iter().flat_map(|target| target.places.iter().map(move |place| (target, place)));
    let points: Vec<Point> = places()
        .map(|(target, place)| Point { offset: place.offset, cookie: target.cookie.unwrap_or(0), semaphore: 0 })
        .collect();
    let link = link_points(what, program, &first.binary, first.pid, is_return(&decl.section), &points, || {
        // The kernel does not say which of the places it does not like.
        match points.len() {
            1 => label(first, &first.places[0]),
            count => format!("{count} places in {}, {} among them", first.binary.shown, first.places[0].label),
        }
    })?;
    let mut hold = Some(Hold::Fd { link });
    let attached = places().map(|(target, place)| Attached {
        // The link goes with the first of those that share it.
        hold: hold.take().unwrap_or(Hold::Shared),
        how: "uprobe_multi".to_owned(),
        target: label(target, place),
    });
    Ok(attached.collect())
}

/// A place as the kernel takes it. Zero stands for no cookie and no semaphore.
pub(in crate::attach) struct Point {
    /// Bytes from the start of the file, like the semaphore.
    pub(in crate::attach) offset: u64,
    pub(in crate::attach) cookie: u64,
    pub(in crate::attach) semaphore: u64,
}

/// One link for several places in one binary. `label` names them for an error.
pub(in crate::attach) fn link_points(
    what: &str,
    program: &Program<'_>,
    binary: &Binary,
    pid: Option<u32>,
    is_return: bool,
    points: &[Point],
    label: impl Fn() -> String,
) -> Result<OwnedFd> {
    let path = kernel_path(what, binary)?;
    let offsets: Vec<u64> = points.iter().map(|point| point.offset).collect();
    let cookies: Vec<u64> = points.iter().map(|point| point.cookie).collect();
    let semaphores: Vec<u64> = points.iter().map(|point| point.semaphore).collect();
    let given = |list: &[u64]| if list.iter().all(|&number| number == 0) { ptr::null() } else { list.as_ptr() };
    let mut options = link::options();
    options.__bindgen_anon_1.uprobe_multi = sys::bpf_link_create_opts__bindgen_ty_1__bindgen_ty_3 {
        flags: if is_return { sys::BPF_F_UPROBE_MULTI_RETURN } else { 0 },
        cnt: offsets.len() as u32,
        path: path.as_ptr(),
        offsets: offsets.as_ptr(),
        ref_ctr_offsets: given(&semaphores),
        cookies: given(&cookies),
        pid: pid.unwrap_or(0),
        ..Default::default()
    };
    link::create(program.as_fd(), 0, expected_attach_type(program), &options)
        .map_err(|errno| refusal(&format!("{what} to {}", label()), errno, ""))
}

/// Attaches to each place by a perf event of its own, as kernels before 6.6 do.
pub(super) fn attach_each(
    what: &str,
    decl: &ProgramDecl,
    program: &Program<'_>,
    target: &Target,
) -> Result<Vec<Attached>> {
    let path = kernel_path(what, &target.binary)?;
    let options = sys::bpf_uprobe_opts {
        sz: size_of::<sys::bpf_uprobe_opts>() as u64,
        retprobe: is_return(&decl.section),
        bpf_cookie: target.cookie.unwrap_or(0),
        ..Default::default()
    };
    let pid = target.pid.map_or(-1, |pid| pid as i32);
    let attach = |place: &Place| {
        let (made, prints) = prints::collect(|| {
            let program = program.as_libbpf_object().as_ptr();
            // SAFETY: the program belongs to a loaded object; path and options live during the call and the options tell their own size.
            let link =
                unsafe { sys::bpf_program__attach_uprobe_opts(program, pid, path.as_ptr(), place.offset, &options) };
            ptr::NonNull::new(link).ok_or_else(std::io::Error::last_os_error)
        });
        let label = label(target, place);
        match made {
            Ok(link) => Ok(Attached {
                // SAFETY: libbpf just made this link and gave it to us.
                hold: Hold::Link { link: unsafe { Link::from_ptr(link) } },
                how: "perf_event".to_owned(),
                target: label,
            }),
            Err(error) => {
                Err(refusal(&format!("{what} to {label}"), error.raw_os_error().unwrap_or(0), &prints.summary()))
            }
        }
    };
    target.places.iter().map(attach).collect()
}

fn kernel_path(what: &str, binary: &Binary) -> Result<CString> {
    CString::new(binary.kernel_path().as_os_str().as_encoded_bytes())
        .map_err(|_| Error::new(Kind::InvalidOpts, format!("{what}: the binary's path contains a NUL")))
}

fn label(target: &Target, place: &Place) -> String {
    match target.pid {
        Some(pid) => format!("{}:{} (pid {pid})", target.binary.shown, place.label),
        None => format!("{}:{}", target.binary.shown, place.label),
    }
}

/// `said` is what libbpf had to say, if it was asked.
fn refusal(what: &str, errno: i32, said: &str) -> Error {
    let (kind, reason) = match errno {
        libc::EPERM | libc::EACCES => return permission_denied(what, Need::Attach).with_errno(errno),
        libc::EOPNOTSUPP if said.contains("context value") => {
            (Kind::Unsupported, "cookies need a kernel that has links of perf events, which came with 5.15")
        }
        libc::ESRCH => (Kind::AttachFailed, "the process is gone"),
        libc::EINVAL => {
            (Kind::AttachFailed, "the kernel refuses that place: it is not the start of an instruction, or not code")
        }
        libc::EOPNOTSUPP | 524 => (Kind::AttachFailed, "what is there is no instruction, or one that cannot be probed"),
        libc::ENOENT => (
            Kind::AttachFailed,
            "this kernel is built without user-space probes (CONFIG_UPROBE_EVENTS), or the file is gone",
        ),
        _ => (Kind::AttachFailed, refused(errno)),
    };
    Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno))).with_errno(errno)
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::path::Path;

    use libbpf_rs::{MapCore, MapFlags, ObjectBuilder};

    use super::super::locate::Search;
    use super::*;
    use crate::attach::UprobeSpec;

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
        let binary = Rc::new(Binary::find("", &spec.binary, spec.pid).unwrap());
        let places = Search::open("", &binary, spec.symbol.as_deref()).unwrap().locate(&spec, false).unwrap();
        let target = Target { binary, places, pid: spec.pid, cookie: Some(u64::MAX - 1) };
        let attached = attach_each("", &decl.unwrap(), &program, &target).unwrap();
        assert_eq!(attached[0].how, "perf_event");
        for n in 0..3 {
            black_box(yeet_unit_target(n));
        }
        let counters = object.maps().find(|map| map.name().to_string_lossy().ends_with(".bss")).unwrap();
        let value = counters.lookup(&0u32.to_ne_bytes(), MapFlags::ANY).unwrap().unwrap();
        assert_eq!(value[..4], 3u32.to_ne_bytes());
        assert_eq!(value[24..32], (u64::MAX - 1).to_ne_bytes());
    }
}
