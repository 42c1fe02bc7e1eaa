//! Finding the binary that a probe goes into, as this process or as the probed one sees it.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

use super::super::similar::similar;
use super::ld_cache;
use crate::error::{Error, Kind, Result};

/// Where libraries are without a cache, as in images built on musl.
const LIBRARY_FOLDERS: [&str; 8] = [
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
    "/usr/local/lib",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
];
/// What a process of another root finds its executables in.
const USUAL_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A binary, held open, so that what is probed is what was found.
pub(in crate::attach) struct Binary {
    /// As messages show it.
    pub(in crate::attach) shown: String,
    pub(in crate::attach) file: File,
    /// Device and inode.
    pub(super) id: (u64, u64),
}

impl Binary {
    /// `name` is an absolute path, or a bare name to look up. With `pid` both mean what they mean to that process.
    pub(in crate::attach) fn find(what: &str, name: &str, pid: Option<u32>) -> Result<Self> {
        let root = Root::open(what, pid)?;
        match (pid, name.strip_prefix("/proc/self/")) {
            (Some(pid), Some(rest)) => return Self::find_path(what, &format!("/proc/{pid}/{rest}"), &root),
            _ if name.starts_with('/') => return Self::find_path(what, name, &root),
            _ => {}
        }
        if name.is_empty() || name.contains('/') {
            let message =
                format!("{what}: binary is '{name}', but must be an absolute path or a bare name like libssl.so.3");
            return Err(Error::new(Kind::InvalidOpts, message));
        }
        Self::find_name(what, name, &root)
    }

    /// A path that the kernel can follow, whatever namespace the binary is in.
    pub(in crate::attach) fn kernel_path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}", self.file.as_raw_fd()))
    }

    fn find_path(what: &str, path: &str, root: &Root) -> Result<Self> {
        // /proc is this process's way into other roots, so it is never looked up inside one. Behind the door the other root's rules hold.
        let other;
        let (root, path) = match other_root(path) {
            Some((pid, rest)) => {
                other = Root::open(what, Some(pid))?;
                (&other, rest)
            }
            None if path.starts_with("/proc/") => (&Root::OWN, path),
            None => (root, path),
        };
        root.binary(path).map_err(|error| {
            let kind = match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Kind::NotFound,
                io::ErrorKind::PermissionDenied => Kind::PermissionDenied,
                _ => Kind::InvalidOpts,
            };
            Error::new(kind, format!("{what}: cannot open the binary {}{path}: {error}", root.shown))
                .with_source(&error)
                .with_path(path)
        })
    }

    fn find_name(what: &str, name: &str, root: &Root) -> Result<Self> {
        let cache = root.read("/etc/ld.so.cache").map(|bytes| ld_cache::parse(&bytes)).unwrap_or_default();
        let cached = ld_cache::find(&cache, name).map(|library| library.path.clone());
        let in_folders = LIBRARY_FOLDERS.iter().map(|folder| format!("{folder}/{name}"));
        let search = match root.fd {
            Some(_) => USUAL_PATH.to_owned(),
            None => std::env::var("PATH").unwrap_or_else(|_| USUAL_PATH.to_owned()),
        };
        let on_path: Vec<String> = search
            .split(':')
            .filter(|folder| folder.starts_with('/'))
            .map(|folder| format!("{folder}/{name}"))
            .collect();
        for path in cached.into_iter().chain(in_folders).chain(on_path) {
            if let Ok(binary) = root.binary(&path) {
                return Ok(binary);
            }
        }
        let close = similar(name, cache.iter().map(|library| library.name.as_str()), 3);
        let close = if close.is_empty() { String::new() } else { format!("; did you mean {}?", close.join(" or ")) };
        let message = format!(
            "{what}: there is no binary '{name}' (looked in {root}/etc/ld.so.cache, the usual library folders and {path}){close}",
            root = root.shown,
            path = if root.fd.is_some() { "the usual folders of executables" } else { "$PATH" }
        );
        Err(Error::new(Kind::NotFound, message).with_errno(libc::ENOENT).with_path(name))
    }
}

/// The root folder of a process.
struct Root {
    /// `None` for this process's own.
    fd: Option<OwnedFd>,
    shown: String,
}

/// `/proc/1234/root/lib/x.so`: the process, and the path inside its root.
fn other_root(path: &str) -> Option<(u32, &str)> {
    let (pid, rest) = path.strip_prefix("/proc/")?.split_once('/')?;
    let rest = rest.strip_prefix("root").filter(|rest| rest.starts_with('/'))?;
    Some((pid.parse().ok()?, rest))
}

impl Root {
    const OWN: Self = Self { fd: None, shown: String::new() };

    fn open(what: &str, pid: Option<u32>) -> Result<Self> {
        let Some(pid) = pid else { return Ok(Self::OWN) };
        let shown = format!("/proc/{pid}/root");
        match File::open(&shown) {
            Ok(file) => Ok(Self { fd: Some(file.into()), shown }),
            Err(error) => {
                let (kind, reason) = match error.kind() {
                    io::ErrorKind::NotFound => (Kind::NotFound, format!("there is no process {pid}")),
                    io::ErrorKind::PermissionDenied => {
                        (Kind::PermissionDenied, format!("the files of process {pid} may not be seen: {error}"))
                    }
                    _ => (Kind::Io, format!("the files of process {pid} cannot be opened: {error}")),
                };
                Err(Error::new(kind, format!("{what}: {reason}")).with_source(&error))
            }
        }
    }

    fn binary(&self, path: &str) -> io::Result<Binary> {
        let file = self.file(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok(Binary { shown: format!("{}{path}", self.shown), id: (metadata.dev(), metadata.ino()), file })
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        use std::io::Read;
        const MAX_CACHE: u64 = 16 << 20;
        let mut bytes = Vec::new();
        self.file(path)?.take(MAX_CACHE).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Opens a file inside the root. Neither `..` nor a symbolic link of any kind leads out of it.
    fn file(&self, path: &str) -> io::Result<File> {
        // What turns out to be a pipe must not hold us up, nor a terminal become ours.
        const FLAGS: i32 = libc::O_NONBLOCK | libc::O_NOCTTY;
        let Some(root) = &self.fd else { return File::options().read(true).custom_flags(FLAGS).open(path) };
        let path = CString::new(path)?;
        let how = OpenHow {
            flags: (libc::O_RDONLY | libc::O_CLOEXEC | FLAGS) as u64,
            mode: 0,
            resolve: libc::RESOLVE_IN_ROOT | libc::RESOLVE_NO_MAGICLINKS,
        };
        // SAFETY: path and options live during the call, whose last argument is their size; the descriptor that comes back is ours.
        unsafe {
            let fd = libc::syscall(libc::SYS_openat2, root.as_raw_fd(), path.as_ptr(), &how, size_of::<OpenHow>());
            if fd < 0 { Err(io::Error::last_os_error()) } else { Ok(File::from_raw_fd(fd as i32)) }
        }
    }
}

/// `struct open_how` of openat2(2).
#[repr(C)]
struct OpenHow {
    flags: u64,
    mode: u64,
    resolve: u64,
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn with_a_pid_self_is_that_process() {
        let mut other = Command::new("sleep").arg("60").stdout(Stdio::null()).spawn().unwrap();
        let found = Binary::find("", "/proc/self/exe", Some(other.id())).map(|binary| binary.id);
        let expected = Binary::find("", "sleep", None).map(|binary| binary.id);
        other.kill().unwrap();
        other.wait().unwrap();
        assert_eq!(found.unwrap(), expected.unwrap());
        assert_ne!(Binary::find("", "/proc/self/exe", None).unwrap().id, Binary::find("", "sleep", None).unwrap().id);
    }
}
