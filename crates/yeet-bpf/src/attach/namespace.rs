//! Finding a namespace and working inside it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use super::spec::Namespace;
use crate::error::{Error, Kind, Result};

/// Opens a network namespace. `what` is the beginning of the sentence that an error ends.
pub(super) fn open_net(ns: &Namespace, what: &str) -> Result<OwnedFd> {
    match ns {
        Namespace::Host => open_host(what),
        Namespace::Pid(pid) => {
            let path = PathBuf::from(format!("/proc/{pid}/ns/net"));
            File::open(&path).map(OwnedFd::from).map_err(|error| {
                let reason = match error.kind() {
                    io::ErrorKind::NotFound => format!("there is no process {pid}"),
                    _ => format!("the network namespace of process {pid} cannot be opened: {error}"),
                };
                failed(what, &reason, &path, &error)
            })
        }
        Namespace::Path(path) => open_path(path, what),
    }
}

/// Where something is, to stand behind its name; nothing is said of the host's namespace.
pub(super) fn place(ns: &Namespace) -> String {
    match ns {
        Namespace::Host => String::new(),
        Namespace::Pid(pid) => format!(" in the network namespace of process {pid}"),
        Namespace::Path(path) => format!(" in {}", path.display()),
    }
}

/// Process 1 may be hidden from this one, and in a container it is the container's. Its namespace then is no other than this process's.
fn open_host(what: &str) -> Result<OwnedFd> {
    let own = Path::new("/proc/self/ns/net");
    File::open("/proc/1/ns/net")
        .or_else(|_| File::open(own))
        .map(OwnedFd::from)
        .map_err(|error| failed(what, &format!("the host's network namespace cannot be opened: {error}"), own, &error))
}

fn open_path(path: &Path, what: &str) -> Result<OwnedFd> {
    match open_file(path, libc::CLONE_NEWNET) {
        Ok(Some(file)) => Ok(file.into()),
        Ok(None) => {
            let message = format!("{what}: {} is not a network namespace", path.display());
            Err(Error::new(Kind::InvalidOpts, message).with_path(path))
        }
        Err(error) => {
            let reason = format!("the network namespace {} cannot be opened: {error}", path.display());
            Err(failed(what, &reason, path, &error))
        }
    }
}

/// Opens a namespace of a kind, like `CLONE_NEWNET`; `None` for a file that is something else. A file may be anything, so opening must not
/// wait for somebody at the other end.
pub(super) fn open_file(path: &Path, kind: libc::c_int) -> io::Result<Option<File>> {
    let file = match OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path) {
        // A socket, or a device without driver.
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENXIO | libc::ENODEV)) => return Ok(None),
        opened => opened?,
    };
    // SAFETY: asks a descriptor that is open what kind of namespace it is.
    let found = unsafe { libc::ioctl(file.as_raw_fd(), libc::NS_GET_NSTYPE) };
    Ok((found == kind).then_some(file))
}

fn failed(what: &str, reason: &str, path: &Path, error: &io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => Kind::NotFound,
        io::ErrorKind::PermissionDenied => Kind::PermissionDenied,
        _ => Kind::Io,
    };
    Error::new(kind, format!("{what}: {reason}")).with_path(path).with_source(error)
}

/// Runs `work` inside a network namespace, on a thread of its own, so that no other work of this process ever sees that namespace.
pub(super) fn inside<T: Send>(ns: BorrowedFd<'_>, what: &str, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let enter = || {
        // SAFETY: moves this thread only; the descriptor is open.
        if unsafe { libc::setns(ns.as_raw_fd(), libc::CLONE_NEWNET) } != 0 {
            let error = io::Error::last_os_error();
            let reason = "entering the network namespace needs CAP_SYS_ADMIN";
            return Err(Error::new(Kind::PermissionDenied, format!("{what}: {reason}: {error}")).with_source(&error));
        }
        work()
    };
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("yeet-netns".to_owned());
        let thread = builder.spawn_scoped(scope, enter).map_err(|error| {
            Error::new(Kind::Io, format!("{what}: no thread can be started: {error}")).with_source(&error)
        })?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
