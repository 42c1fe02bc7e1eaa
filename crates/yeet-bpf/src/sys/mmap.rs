//! A shared memory mapping that unmaps itself.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::{self, NonNull};

use super::Errno;

/// What a mapping allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    ReadWrite,
}

/// A `MAP_SHARED` mapping of part of a descriptor.
///
/// The kernel writes to it at any time, so it is only ever handed out as a pointer and read through atomics or copies, never as a slice.
pub(crate) struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: the mapping is plain shared memory; who touches it does so through atomics, and its address is valid in every thread.
unsafe impl Send for Mapping {}
// SAFETY: as above; `&Mapping` gives out nothing but the address and the length.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps `len` bytes (above zero) of `fd` from the byte `offset`, a multiple of the page size.
    pub(crate) fn new(fd: BorrowedFd<'_>, offset: usize, len: usize, access: Access) -> Result<Self, Errno> {
        let prot = match access {
            Access::Read => libc::PROT_READ,
            Access::ReadWrite => libc::PROT_READ | libc::PROT_WRITE,
        };
        let offset = libc::off_t::try_from(offset).map_err(|_| Errno(libc::EOVERFLOW))?;
        // SAFETY: a new mapping at an address of the kernel's choice disturbs no memory of ours.
        let start = unsafe { libc::mmap(ptr::null_mut(), len, prot, libc::MAP_SHARED, fd.as_raw_fd(), offset) };
        if start == libc::MAP_FAILED {
            return Err(Errno::last());
        }
        let start = NonNull::new(start.cast()).ok_or(Errno(libc::ENOMEM))?;
        Ok(Self { start, len })
    }

    /// The first byte; valid for `len()` bytes as long as `self` lives.
    pub(crate) fn as_ptr(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: `start` and `len` are what mmap returned, and nothing borrows from `self` any more.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.len) };
    }
}
