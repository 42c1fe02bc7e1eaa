//! The system calls of this crate as functions over slices and owned descriptors. Nothing here knows what a map or a ring means.

pub(crate) mod bpf;
pub(crate) mod event;
pub(crate) mod mmap;
pub(crate) mod perf;

use std::fmt;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use crate::error::errno_name;

/// The kernel's own "operation not supported", which leaks from bpf(2) and has no name in libc.
pub(crate) const ENOTSUPP: i32 = 524;

/// A failed system call: its positive `errno`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Errno(pub(crate) i32);

impl Errno {
    /// The `errno` that the last failed libc call of this thread left.
    pub(crate) fn last() -> Self {
        Self(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
    }

    /// Whether the kernel says that it has no such operation (for this map kind, or at all).
    pub(crate) const fn is_unsupported(self) -> bool {
        matches!(self.0, libc::EINVAL | libc::EOPNOTSUPP | ENOTSUPP)
    }

    /// Whether the same call may succeed at once when tried again: an interrupted call, or a lock that another context held.
    pub(crate) const fn is_transient(self) -> bool {
        matches!(self.0, libc::EINTR | libc::EAGAIN | libc::EBUSY)
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&errno_name(self.0))
    }
}

/// Turns libbpf's convention (0 or a negative `errno`) into a `Result`.
fn check(ret: libc::c_int) -> Result<(), Errno> {
    if ret < 0 { Err(Errno(-ret)) } else { Ok(()) }
}

/// Turns libc's convention (-1 and `errno`) for calls that return a descriptor into a `Result`.
fn check_fd(ret: libc::c_int) -> Result<RawFd, Errno> {
    if ret < 0 { Err(Errno::last()) } else { Ok(ret) }
}

/// How often a transient failure is tried again before it is reported.
const RETRIES: u32 = 32;

/// Runs `call` again while it fails with an `errno` that passes by itself.
#[inline]
pub(crate) fn retry<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    let mut left = RETRIES;
    loop {
        match call() {
            Err(errno) if errno.is_transient() && left > 0 => {
                left -= 1;
                std::thread::yield_now();
            }
            done => return done,
        }
    }
}

/// The size of a memory page in bytes.
pub(crate) fn page_size() -> usize {
    // SAFETY: sysconf reads a constant of the system and touches no memory of ours.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

/// How a descriptor may be used: `O_RDONLY`, `O_WRONLY` or `O_RDWR`.
pub(crate) fn access_mode(fd: BorrowedFd<'_>) -> libc::c_int {
    // SAFETY: F_GETFL takes no argument and touches no memory.
    unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) & libc::O_ACCMODE }
}
