//! Finding a namespace and working inside it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use super::spec::Namespace;
use crate::error::{Error, Kind, Result};

/// A network namespace that was asked for.
#[derive(Debug)]
pub(super) struct NetNs {
    pub(super) fd: OwnedFd,
    /// What it is called: `the host's network namespace`, or the path of its file.
    pub(super) name: String,
    /// Where something in it is, to stand behind that thing's name; nothing is said of the host's namespace.
    pub(super) place: String,
    /// Why this may not be the one that was meant.
    pub(super) doubt: Option<String>,
}

impl NetNs {
    fn new(fd: impl Into<OwnedFd>, name: String) -> Self {
        Self { fd: fd.into(), place: format!(" in {name}"), name, doubt: None }
    }

    fn host(fd: File) -> Self {
        Self { fd: fd.into(), name: "the host's network namespace".to_owned(), place: String::new(), doubt: None }
    }
}

/// Opens a network namespace. `what` is the beginning of the sentence that an error ends.
pub(super) fn open_net(ns: &Namespace, what: &str) -> Result<NetNs> {
    match ns {
        Namespace::Host => open_host(Path::new("/proc"), what),
        Namespace::Pid(pid) => {
            let path = PathBuf::from(format!("/proc/{pid}/ns/net"));
            let name = format!("the network namespace of process {pid}");
            match File::open(&path) {
                Ok(file) => Ok(NetNs::new(file, name)),
                Err(error) => {
                    let reason = match error.kind() {
                        io::ErrorKind::NotFound => format!("there is no process {pid}"),
                        _ => format!("{name} cannot be opened: {error}"),
                    };
                    Err(failed(what, &reason, &path, &error))
                }
            }
        }
        Namespace::Path(path) => Ok(NetNs::new(open_path(path, what)?, path.display().to_string())),
    }
}

/// The namespace of process 1. Where that may not be seen, kernel threads tell: they are always in the host's. Where they may not be seen
/// either, as in most containers, it can only be this process's own.
fn open_host(proc: &Path, what: &str) -> Result<NetNs> {
    let first = match File::open(proc.join("1/ns/net")) {
        Ok(file) => return Ok(NetNs::host(file)),
        Err(error) => error,
    };
    if is_kernel_thread(&proc.join("2"))
        && let Ok(file) = File::open(proc.join("2/ns/net"))
    {
        return Ok(NetNs::host(file));
    }
    let own = proc.join("self/ns/net");
    let file = File::open(&own).map_err(|error| {
        failed(what, &format!("the host's network namespace cannot be opened: {error}"), &own, &error)
    })?;
    let doubt = format!(
        "'host' is taken for this process's network namespace, since that of process 1 cannot be opened: {first}; \
         ns: {{ pid }} or ns: {{ path }} says which one is meant"
    );
    Ok(NetNs { doubt: Some(doubt), ..NetNs::new(file, "this process's network namespace".to_owned()) })
}

/// Is this folder of `/proc` that of a thread of the kernel? Only those who see the host's processes see any.
fn is_kernel_thread(process: &Path) -> bool {
    const PF_KTHREAD: u64 = 0x0020_0000;
    // Of the fields behind the name, which ends with the last parenthesis.
    const FLAGS: usize = 6;
    let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let flags = fields.split_ascii_whitespace().nth(FLAGS).and_then(|flags| flags.parse::<u64>().ok());
    flags.is_some_and(|flags| flags & PF_KTHREAD != 0)
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

/// A namespace that could not be opened.
pub(super) fn failed(what: &str, reason: &str, path: &Path, error: &io::Error) -> Error {
    let (kind, fix) = match error.raw_os_error() {
        Some(libc::ENOENT) => (Kind::NotFound, ""),
        Some(libc::EACCES | libc::EPERM) if path.starts_with("/proc") => {
            (Kind::PermissionDenied, "; seeing the namespaces of other processes needs CAP_SYS_PTRACE")
        }
        Some(libc::EACCES | libc::EPERM) => (Kind::PermissionDenied, ""),
        Some(libc::EMFILE | libc::ENFILE) => (Kind::AttachFailed, "; raise the limit with ulimit -n"),
        _ => (Kind::Io, ""),
    };
    Error::new(kind, format!("{what}: {reason}{fix}")).with_path(path).with_source(error)
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Asks for the host's namespace where `/proc` has these files; process 1 is never among them, and process 2 is this one.
    fn host(name: &str, stat_of_2: Option<&str>) -> NetNs {
        let proc = std::env::temp_dir().join(format!("yeet-proc-{}-{name}", std::process::id()));
        for process in ["2", "self"] {
            fs::create_dir_all(proc.join(process).join("ns")).unwrap();
            symlink("/proc/self/ns/net", proc.join(process).join("ns/net")).unwrap();
        }
        if let Some(stat) = stat_of_2 {
            fs::write(proc.join("2/stat"), stat).unwrap();
        }
        let opened = open_host(&proc, "failed");
        fs::remove_dir_all(&proc).unwrap();
        opened.unwrap()
    }

    #[test]
    fn the_host_is_where_the_threads_of_the_kernel_are() {
        let found = host("kernel", Some("2 (kthreadd) S 0 0 0 0 -1 2129984 0"));
        assert_eq!((found.name.as_str(), found.place.as_str()), ("the host's network namespace", ""));
        assert_eq!(found.doubt, None);
    }

    #[test]
    fn what_may_not_be_the_host_is_not_called_so() {
        let containers = [("none", None), ("user", Some("2 (a) b 2097152) S 1 2 2 0 -1 4194560 2129984"))];
        for (name, stat) in containers {
            let found = host(name, stat);
            assert_eq!(found.name, "this process's network namespace");
            assert_eq!(found.place, " in this process's network namespace");
            let doubt = found.doubt.unwrap();
            assert!(doubt.contains("process 1 cannot be opened: No such file"), "{doubt}");
        }
    }
}
