//! Control groups.

use std::fs::{self, File};
use std::os::fd::{AsFd, AsRawFd};
use std::path::{Path, PathBuf};

use libbpf_rs::{AsRawLibbpf, Program};
use libbpf_sys as sys;

use super::spec::CgroupSpec;
use super::{Attached, Hold, Outcome, failed_to_attach, file_system, link};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::object::ProgramDecl;

const CGROUP2_MAGIC: i64 = 0x6367_7270;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &CgroupSpec) -> Result<Outcome> {
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
        Err(errno) => Err(refusal(&what, &path, errno).with_errno(errno).with_program(&decl.name)),
    }
}

/// The folder of a group, by default the root of the hierarchy.
pub(super) fn path(wanted: Option<&Path>, what: &str) -> Result<PathBuf> {
    wanted.map(Path::to_owned).or_else(root).ok_or_else(|| {
        let message = format!("{what}: no cgroup v2 hierarchy is mounted; mount -t cgroup2 none /sys/fs/cgroup");
        Error::new(Kind::AttachFailed, message)
    })
}

/// Opens the folder of a control group.
pub(super) fn open(path: &Path, what: &str) -> Result<File> {
    let group = File::open(path).map_err(|error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Io };
        Error::new(kind, format!("{what}: cannot open the cgroup {}: {error}", path.display()))
            .with_source(&error)
            .with_path(path)
    })?;
    if file_system(path) != Some(CGROUP2_MAGIC) {
        let hint = root().map(|root| format!("; cgroup v2 is at {}", root.display())).unwrap_or_default();
        let message = format!("{what}: {} is not a folder of a cgroup v2 hierarchy{hint}", path.display());
        return Err(Error::new(Kind::InvalidOpts, message).with_path(path));
    }
    Ok(group)
}

/// Where the cgroup v2 hierarchy is mounted.
pub(super) fn root() -> Option<PathBuf> {
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

fn refusal(what: &str, path: &Path, errno: i32) -> Error {
    let what = format!("{what} to cgroup {}", path.display());
    let reason = match errno {
        libc::EPERM => {
            // A program attached the old way, without sharing, is the other cause of this errno.
            let mut error = permission_denied(&what, Need::AttachNetwork);
            if error.message().contains("security module") {
                let message =
                    format!("{what}: a program that was attached there without sharing keeps others out (EPERM)");
                error = Error::new(Kind::AttachFailed, message);
            }
            return error;
        }
        libc::E2BIG => "64 programs are attached there already",
        libc::EINVAL => "this kernel does not have that hook",
        _ => "the kernel refuses it",
    };
    Error::new(Kind::AttachFailed, format!("{what}: {reason} ({})", errno_name(errno)))
}
