//! Control groups.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use libbpf_rs::{AsRawLibbpf, Program};
use libbpf_sys as sys;

use super::explain::refused;
use super::functions::{self, tracing_refused};
use super::spec::CgroupSpec;
use super::{Attached, Hold, Outcome, failed_to_attach, file_system, link};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;

const CGROUP2_MAGIC: i64 = 0x6367_7270;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &CgroupSpec) -> Result<Outcome> {
    functions::check(decl)?;
    let what = failed_to_attach(decl);
    let path = path(spec.path.as_deref(), &what).map_err(|error| error.with_program(&decl.name))?;
    let group = open(&path, &what).map_err(|error| error.with_program(&decl.name))?;
    // SAFETY: the program belongs to a loaded object; this only reads.
    let attach_type = unsafe { sys::bpf_program__expected_attach_type(program.as_libbpf_object().as_ptr()) };
    match link::create(program.as_fd(), group.as_raw_fd(), attach_type, &link::options()) {
        Ok(link) => {
            let attached =
                Attached { how: "cgroup".to_owned(), target: path.display().to_string(), hold: Hold::Fd { link } };
            Ok(Outcome::from(attached))
        }
        Err(errno) => Err(refusal(decl, &path, errno).with_errno(errno).with_program(&decl.name)),
    }
}

/// The folder of a group, by default the root of the hierarchy.
pub(super) fn path(wanted: Option<&Path>, what: &str) -> Result<PathBuf> {
    wanted.map(Path::to_owned).or_else(root).ok_or_else(|| {
        let message = format!("{what}: no cgroup v2 hierarchy is mounted; mount -t cgroup2 none /sys/fs/cgroup");
        Error::new(Kind::AttachFailed, message)
    })
}

/// Opens the folder of a control group, and nothing else: opening a pipe would wait for its writer.
pub(super) fn open(path: &Path, what: &str) -> Result<File> {
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_DIRECTORY).open(path);
    match opened {
        Ok(group) if file_system(path) == Some(CGROUP2_MAGIC) => Ok(group),
        Err(error) if error.kind() != ErrorKind::NotADirectory => {
            let kind = if error.kind() == ErrorKind::NotFound { Kind::NotFound } else { Kind::Io };
            Err(Error::new(kind, format!("{what}: cannot open the cgroup {}: {error}", path.display()))
                .with_source(&error)
                .with_path(path))
        }
        _ => {
            let hint = root().map(|root| format!("; cgroup v2 is at {}", root.display())).unwrap_or_default();
            let message = format!("{what}: {} is not a folder of a cgroup v2 hierarchy{hint}", path.display());
            Err(Error::new(Kind::InvalidOpts, message).with_path(path))
        }
    }
}

/// Where the cgroup v2 hierarchy is mounted.
pub(crate) fn root() -> Option<PathBuf> {
    let usual = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map(PathBuf::from);
    if let Some(path) = usual.into_iter().find(|path| file_system(path) == Some(CGROUP2_MAGIC)) {
        return Some(path);
    }
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    let mut fields = mounts.lines().map(|line| line.split(' '));
    fields.find_map(|mut fields| {
        let (_, path, kind) = (fields.next()?, fields.next()?, fields.next()?);
        (kind == "cgroup2").then(|| PathBuf::from(path))
    })
}

fn refusal(decl: &ProgramDecl, path: &Path, errno: i32) -> Error {
    let what = format!("{} to cgroup {}", failed_to_attach(decl), path.display());
    let (kind, reason) = match (tracing_refused(decl), errno) {
        (Some(reason), _) => (Kind::Unsupported, reason),
        (_, libc::EPERM) => {
            let error = permission_denied(&what, Need::AttachNetwork);
            if !error.message().contains("security module") {
                return error;
            }
            // A program attached the old way, without sharing, is the other cause of this errno.
            let reason = "a program that was attached there or to a group above without sharing keeps others out; \
                          bpftool cgroup tree lists it without 'multi', and bpftool cgroup detach takes it away";
            (Kind::AttachFailed, reason.to_owned())
        }
        (_, libc::E2BIG) => (Kind::AttachFailed, "64 programs are attached there already".to_owned()),
        (_, libc::EINVAL) => (Kind::AttachFailed, "this kernel does not have that hook".to_owned()),
        _ => (Kind::AttachFailed, refused(errno).to_owned()),
    };
    Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno)))
}
