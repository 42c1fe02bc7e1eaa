//! The tasks to watch: processes by id, or everybody of a pid namespace.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::super::namespace;
use super::super::spec::Namespace;
use crate::error::{Error, Kind, Result};

/// The threads to watch, as this process numbers them; `None` for every task there is.
pub(super) fn find(what: &str, ns: &Namespace, pids: Option<&[u32]>) -> Result<Option<Vec<i32>>> {
    let space = match ns {
        Namespace::Host => None,
        Namespace::Pid(pid) => Some(PidSpace::open(what, Path::new(&format!("/proc/{pid}/ns/pid")), Some(*pid))?),
        Namespace::Path(path) => Some(PidSpace::open(what, path, None)?),
    };
    let processes = match (&space, pids) {
        (None, None) => return Ok(None),
        (_, Some([])) => {
            let message = format!("{what}: target.pids is an empty list; leave it out for every process");
            return Err(Error::new(Kind::InvalidOpts, message));
        }
        (None, Some(pids)) => pids.to_vec(),
        (Some(space), None) => space.members().into_iter().map(|(own, _)| own).collect(),
        (Some(space), Some(pids)) => {
            let members = space.members();
            let own_number = |pid: &u32| members.iter().find(|(_, theirs)| theirs == pid).map(|(own, _)| *own);
            pids.iter().map(|pid| own_number(pid).ok_or_else(|| no_process(what, *pid))).collect::<Result<_>>()?
        }
    };
    let mut tasks = Vec::new();
    for pid in processes {
        match threads(pid) {
            Some(threads) => tasks.extend(threads),
            // One of a namespace may have ended since; one that was named has to be there.
            None if pids.is_some() => return Err(no_process(what, pid)),
            None => {}
        }
    }
    Ok(Some(tasks))
}

fn no_process(what: &str, pid: u32) -> Error {
    Error::new(Kind::NotFound, format!("{what}: there is no process {pid}")).with_errno(libc::ESRCH)
}

fn threads(pid: u32) -> Option<Vec<i32>> {
    let entries = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    Some(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect())
}

/// A pid namespace.
struct PidSpace {
    inode: u64,
    /// How many namespaces lie between this process's and that one: the place of its numbers in a `NSpid:` line.
    depth: usize,
}

impl PidSpace {
    fn open(what: &str, path: &Path, pid: Option<u32>) -> Result<Self> {
        let file = namespace::open_file(path, libc::CLONE_NEWPID).map_err(|error| {
            let (kind, reason) = match (error.kind(), pid) {
                (io::ErrorKind::NotFound, Some(pid)) => (Kind::NotFound, format!("there is no process {pid}")),
                (io::ErrorKind::NotFound, None) => {
                    (Kind::NotFound, format!("there is no namespace {}", path.display()))
                }
                _ => (Kind::Io, format!("the pid namespace {} cannot be opened: {error}", path.display())),
            };
            Error::new(kind, format!("{what}: {reason}")).with_source(&error).with_path(path)
        })?;
        let Some(file) = file else {
            let message = format!("{what}: {} is not a pid namespace", path.display());
            return Err(Error::new(Kind::InvalidOpts, message).with_path(path));
        };
        let inode = inode(&file);
        let mut depth = 0;
        let mut next = OwnedFd::from(file);
        while let Some(parent) = parent(&next) {
            depth += 1;
            next = parent;
        }
        Ok(Self { inode, depth })
    }

    /// Every process in this namespace or one inside it: (our number, its number there).
    fn members(&self) -> Vec<(u32, u32)> {
        let processes = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        processes.filter_map(|pid: u32| Some((pid, self.number_of(pid)?))).collect()
    }

    fn number_of(&self, pid: u32) -> Option<u32> {
        let mut space = OwnedFd::from(File::open(PathBuf::from(format!("/proc/{pid}/ns/pid"))).ok()?);
        while inode_of(&space)? != self.inode {
            space = parent(&space)?;
        }
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:"))?;
        numbers.split_ascii_whitespace().nth(self.depth)?.parse().ok()
    }
}

fn inode(file: &File) -> u64 {
    file.metadata().map_or(0, |metadata| metadata.ino())
}

fn inode_of(space: &OwnedFd) -> Option<u64> {
    File::from(space.try_clone().ok()?).metadata().ok().map(|metadata| metadata.ino())
}

/// The namespace around one, as far as this process may see: not beyond its own.
fn parent(space: &OwnedFd) -> Option<OwnedFd> {
    // SAFETY: asks a descriptor that is open; one that comes back is ours.
    unsafe {
        let fd = libc::ioctl(space.as_raw_fd(), libc::NS_GET_PARENT);
        (fd >= 0).then(|| OwnedFd::from_raw_fd(fd))
    }
}
