//! Maps as bytes: keys and values go in and come out as the kernel keeps them, and a layer above gives them a meaning.
//!
//! Everything here is synchronous, takes `&self` and may be called from any thread. One element costs one system call; large maps are
//! walked in pages by [`Scan`], data sections are read and written through their mapping by [`Section`].

mod batch;
mod bloom;
mod cpus;
mod drain;
mod fail;
mod info;
mod keyed;
mod kind;
mod page;
mod queue;
mod scan;
mod section;
mod store;
mod walk;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

pub(crate) use cpus::online_cpus;
pub use cpus::possible_cpus;
pub use info::MapInfo;
pub use kind::MapType;
pub use page::Page;
pub use scan::Scan;
pub use section::Section;
pub use store::Store;

use crate::Result;
use crate::diagnose::{Need, io_error, permission_denied};
use crate::error::{Error, Kind};
use crate::sys::{self, Errno};

/// Does this kernel let the calling thread work on maps of which it has a descriptor? Before Linux 5.19 it takes CAP_BPF where
/// `kernel.unprivileged_bpf_disabled` is set.
pub fn accessible_without_privileges() -> bool {
    sys::bpf::lookup_in_nothing() != Errno(libc::EPERM)
}

/// An open map: its descriptor and what the kernel says about it.
#[derive(Debug)]
pub struct Map {
    fd: OwnedFd,
    info: MapInfo,
    stride: usize,
}

impl Map {
    /// Takes over a map's descriptor. `name` is the name that error messages use: the full one of the ELF file, which the kernel cuts
    /// to 15 characters; empty means the kernel's.
    ///
    /// # Errors
    /// `Io` when the descriptor is not a map's; what [`possible_cpus`] says, for per-CPU kinds.
    pub fn from_fd(fd: OwnedFd, name: String) -> Result<Self> {
        let raw = sys::bpf::map_info(fd.as_fd()).map_err(|errno| {
            let what = format!("cannot read what map '{name}' is");
            match errno.0 {
                libc::EPERM | libc::EACCES => permission_denied(&what, Need::Load).with_errno(errno.0),
                libc::EINVAL | libc::EBADF => {
                    Error::new(Kind::Io, format!("{what}: {errno}; the descriptor has to be that of a BPF map"))
                        .with_errno(errno.0)
                }
                _ => io_error(&what, errno.0),
            }
            .with_map(name.clone())
        })?;
        let info = MapInfo::new(&raw, name);
        let value_size = info.value_size as usize;
        let stride = match info.map_type.is_percpu() {
            true => value_size.next_multiple_of(8) * possible_cpus()? as usize,
            false => value_size,
        };
        Ok(Self { fd, info, stride })
    }

    /// The kernel's metadata, as it was when the map was opened.
    pub fn info(&self) -> &MapInfo {
        &self.info
    }

    /// The map's descriptor, for other system calls on it.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    /// The bytes of one value in every buffer of this module: for per-CPU kinds the value size rounded up to 8, times the number of
    /// possible CPUs (in CPU order), else the value size.
    pub fn value_stride(&self) -> usize {
        self.stride
    }

    fn key_size(&self) -> usize {
        self.info.key_size as usize
    }
}
