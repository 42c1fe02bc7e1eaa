//! Iterators: programs that walk something of the kernel's each time somebody reads them.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, Link, Program};
use libbpf_sys as sys;

use super::explain::{self, Failure};
use super::lane::hook;
use super::spec::{CgroupOrder, IterCgroup, IterSpec, IterTask};
use super::{Attached, Hold, Maps, Outcome, cgroup, failed_to_attach};
use crate::error::{Error, Kind, Result};
use crate::object::ProgramDecl;
use crate::prints;

/// Does it walk the elements of a map, which has to be named?
pub(super) fn needs_map(program: &ProgramDecl) -> bool {
    matches!(hook(&program.section), Some("bpf_map_elem" | "bpf_sk_storage_map"))
}

/// Checks that the options are those of this kind of iterator.
pub(super) fn check(program: &ProgramDecl, spec: &IterSpec) -> Result<(), String> {
    let section = &program.section;
    let walked = hook(section).unwrap_or_default();
    let refuse = |option: &str, given: bool, fits: bool| match given && !fits {
        true => Err(format!("{option} has no meaning for SEC(\"{section}\"){}", accepted(walked))),
        false => Ok(()),
    };
    refuse("map", spec.map.is_some(), needs_map(program))?;
    refuse("pid or tid", spec.task.is_some(), walks_tasks(walked))?;
    refuse("cgroup or order", spec.cgroup.is_some(), walked == "cgroup")?;
    if needs_map(program) && spec.map.is_none() {
        return Err(format!("map is missing; SEC(\"{section}\") walks the elements of a map of this object"));
    }
    Ok(())
}

fn walks_tasks(walked: &str) -> bool {
    matches!(walked, "task" | "task_file" | "task_vma")
}

fn accepted(walked: &str) -> &'static str {
    match walked {
        "bpf_map_elem" | "bpf_sk_storage_map" => ", which takes map",
        "task" | "task_file" | "task_vma" => ", which takes pid or tid",
        "cgroup" => ", which takes cgroup and order",
        _ => ", which takes no options",
    }
}

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &IterSpec, maps: &Maps<'_>) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let walked = hook(&decl.section).unwrap_or_default();
    // What the kernel is told is open until the link holds it.
    let map = spec.map.as_ref().map(|name| maps.fd(name)).transpose().map_err(|error| {
        Error::new(error.kind(), format!("{what}: {error}")).with_map(spec.map.clone().unwrap_or_default())
    })?;
    let group = match walked {
        "cgroup" => Some(open_group(&what, &spec.cgroup.clone().unwrap_or_default())?),
        _ => None,
    };
    let mut info = sys::bpf_iter_link_info::default();
    let mut target = walked.to_owned();
    if let (Some(map), Some(name)) = (&map, &spec.map) {
        info.map.map_fd = map.as_raw_fd().cast_unsigned();
        target = format!("{walked} of {name}");
    } else if let Some((group, order, path)) = &group {
        info.cgroup.cgroup_fd = group.as_raw_fd().cast_unsigned();
        info.cgroup.order = *order;
        target = format!("{walked} {path}");
    } else if let Some(task) = spec.task {
        info.task = Default::default();
        // SAFETY: the member was just written, so it is the one that is read and borrowed here.
        let who = unsafe { &mut info.task };
        check_alive(&what, task)?;
        target = match task {
            IterTask::Thread(tid) => {
                who.tid = tid;
                format!("{walked} of thread {tid}")
            }
            IterTask::Process(pid) => {
                who.pid = pid;
                format!("{walked} of process {pid}")
            }
        };
    }
    let is_default = map.is_none() && group.is_none() && spec.task.is_none();
    let (made, prints) = prints::collect(|| {
        let options = sys::bpf_iter_attach_opts {
            sz: size_of::<sys::bpf_iter_attach_opts>() as u64,
            link_info: if is_default { std::ptr::null_mut() } else { &raw mut info },
            link_info_len: if is_default { 0 } else { size_of_val(&info) as u32 },
            ..Default::default()
        };
        // SAFETY: the program belongs to a loaded object; the options and what they point to live during the call.
        let link = unsafe { sys::bpf_program__attach_iter(program.as_libbpf_object().as_ptr(), &options) };
        NonNull::new(link).ok_or_else(io::Error::last_os_error)
    });
    match made {
        Ok(link) => {
            // SAFETY: libbpf just made this link and gave it to us.
            let link = unsafe { Link::from_ptr(link) };
            Ok(Attached { how: "iter".to_owned(), target, hold: Hold::Link { link } }.into())
        }
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(0);
            Err(refusal(&what, spec, walked, errno)
                .unwrap_or_else(|| explain::explain(&Failure { program: decl, errno, prints: &prints })))
        }
    }
}

/// The kernel itself notices at each reading that there is nobody, and gives nothing.
fn check_alive(what: &str, task: IterTask) -> Result<()> {
    let (kind, id) = match task {
        IterTask::Thread(tid) => ("thread", tid),
        IterTask::Process(pid) => ("process", pid),
    };
    if Path::new(&format!("/proc/{id}")).exists() {
        return Ok(());
    }
    Err(Error::new(Kind::NotFound, format!("{what}: there is no {kind} {id}")).with_errno(libc::ESRCH))
}

/// What follows from the options; everything else is explained like any other program by section.
fn refusal(what: &str, spec: &IterSpec, walked: &str, errno: i32) -> Option<Error> {
    let (kind, reason) = match (errno, spec.task, &spec.map) {
        (libc::EINVAL, Some(_), _) => {
            (Kind::Unsupported, "this kernel walks all tasks only; it takes pid and tid from Linux 6.1 on".to_owned())
        }
        (libc::EINVAL, _, Some(map)) => {
            (Kind::InvalidOpts, format!("map '{map}' is not of a kind whose elements SEC(\"iter/{walked}\") can walk"))
        }
        (libc::EACCES, _, Some(map)) => (
            Kind::InvalidOpts,
            format!("keys or values of map '{map}' are smaller than what the program reads of them"),
        ),
        _ => return None,
    };
    Some(Error::new(kind, format!("{what}: {reason}")).with_errno(errno))
}

fn open_group(what: &str, spec: &IterCgroup) -> Result<(OwnedFd, sys::bpf_cgroup_iter_order, String)> {
    let path = cgroup::path(spec.path.as_deref(), what)?;
    let order = match spec.order {
        CgroupOrder::Own => sys::BPF_CGROUP_ITER_SELF_ONLY,
        CgroupOrder::DescendantsPre => sys::BPF_CGROUP_ITER_DESCENDANTS_PRE,
        CgroupOrder::DescendantsPost => sys::BPF_CGROUP_ITER_DESCENDANTS_POST,
        CgroupOrder::AncestorsUp => sys::BPF_CGROUP_ITER_ANCESTORS_UP,
    };
    Ok((cgroup::open(&path, what)?.into(), order, path.display().to_string()))
}
