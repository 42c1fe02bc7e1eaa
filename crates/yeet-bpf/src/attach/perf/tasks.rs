//! The tasks to watch: processes by id, or everybody of a pid namespace.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::super::namespace;
use super::super::spec::Namespace;
use crate::error::{Error, Kind, Result};

/// The threads to watch, as this process numbers them, each once; `None` for every task there is.
pub(super) fn find(what: &str, ns: &Namespace, pids: Option<&[u32]>) -> Result<Option<Vec<i32>>> {
    let (space, place) = match ns {
        Namespace::Host => (None, String::new()),
        Namespace::Pid(pid) => {
            let path = PathBuf::from(format!("/proc/{pid}/ns/pid"));
            (Some(PidSpace::open(what, &path, Some(*pid))?), format!("the pid namespace of process {pid}"))
        }
        Namespace::Path(path) => (Some(PidSpace::open(what, path, None)?), path.display().to_string()),
    };
    let no_process = |pid: u32| {
        let place = match space {
            Some(_) => format!(" in {place}; the numbers are those inside it"),
            None => String::new(),
        };
        Error::new(Kind::NotFound, format!("{what}: there is no process {pid}{place}")).with_errno(libc::ESRCH)
    };
    let Some(pids) = pids else {
        let Some(space) = &space else { return Ok(None) };
        // One of them may have ended since.
        return Ok(Some(space.members().into_iter().filter_map(|(own, _)| threads(own)).flatten().collect()));
    };
    if pids.is_empty() {
        let message = format!("{what}: target.pids is an empty list; leave it out for every process");
        return Err(Error::new(Kind::InvalidOpts, message));
    }
    let members = space.as_ref().map(PidSpace::members);
    let own_number = |pid: u32| match &members {
        Some(members) => members.iter().find(|(_, theirs)| *theirs == pid).map(|(own, _)| *own),
        None => Some(pid),
    };
    let mut tasks = Vec::new();
    for &pid in pids {
        tasks.extend(own_number(pid).and_then(threads).ok_or_else(|| no_process(pid))?);
    }
    tasks.sort_unstable();
    tasks.dedup();
    Ok(Some(tasks))
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
            let reason = match (error.kind(), pid) {
                (io::ErrorKind::NotFound, Some(pid)) => format!("there is no process {pid}"),
                (io::ErrorKind::NotFound, None) => format!("there is no namespace {}", path.display()),
                _ => format!("the pid namespace {} cannot be opened: {error}", path.display()),
            };
            namespace::failed(what, &reason, path, &error)
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
