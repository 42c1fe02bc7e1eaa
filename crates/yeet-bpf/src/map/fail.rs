//! From a failed system call to a sentence: what was tried, on which map, why it failed and what to do.

use std::fs;
use std::os::fd::AsRawFd;

use super::{Map, MapType};
use crate::diagnose::{Need, io_error, refusal};
use crate::error::{Error, Kind};
use crate::sys::{self, ENOTSUPP, Errno};

/// What `fail` says of a mapping that could not be made.
pub(super) const MAPPING: &str = "map the memory of";

impl Map {
    /// An error of this map with a message of the caller's.
    pub(super) fn error(&self, kind: Kind, message: impl Into<String>) -> Error {
        Error::new(kind, message).with_map(self.info.name.clone())
    }

    /// The error for a map of the wrong kind, such as a push on a hash.
    pub(super) fn wrong_kind(&self, operation: &str, needs: &str) -> Error {
        let message = format!(
            "cannot {operation} '{}': it is a map of type '{}', not {needs}",
            self.info.name, self.info.map_type
        );
        self.error(Kind::InvalidMapKind, message)
    }

    /// The error for an operation that the kernel does not have; `first` says since when it has it, or what to do instead.
    pub(super) fn unsupported(&self, operation: &str, first: &str, errno: Errno) -> Error {
        let Self { info, .. } = self;
        let message = format!(
            "cannot {operation} '{}': the kernel has no such operation for maps of type '{}' ({errno}); {first}",
            info.name, info.map_type
        );
        self.error(Kind::Unsupported, message).with_errno(errno.0)
    }

    /// The error for a system call that failed while doing `operation` (a verb phrase that the map's name follows: "update").
    #[cold]
    pub(super) fn fail(&self, operation: &str, errno: Errno) -> Error {
        let name = &self.info.name;
        if operation == MAPPING {
            return io_error(&format!("cannot {operation} '{name}'"), errno.0).with_map(name);
        }
        let (kind, why) = match errno.0 {
            // The trie says ENOSPC where all others say E2BIG. Elsewhere these mean other things: an id or a value size out of range.
            libc::E2BIG | libc::ENOSPC if matches!(operation, "update" | "push to") => (Kind::E2BIG, self.full()),
            libc::E2BIG if operation == "delete from" => (Kind::NotFound, "no such key".to_owned()),
            libc::ENOENT => (Kind::NotFound, "no such key".to_owned()),
            libc::EPERM | libc::EACCES => (Kind::PermissionDenied, self.refused()),
            libc::ENOMEM if !matches!(operation, "update" | "push to") => (Kind::Io, "not enough memory".to_owned()),
            libc::ENOMEM => (
                Kind::Io,
                "the kernel has no memory for another entry now (a memory limit of the cgroup, or on an LRU map no entry free to evict)".to_owned(),
            ),
            libc::EOPNOTSUPP | ENOTSUPP => (
                Kind::Unsupported,
                format!("the kernel has no such operation for maps of type '{}'", self.info.map_type),
            ),
            libc::EINVAL => (
                Kind::InvalidValue,
                format!("the kernel refuses the key, the value or the operation for a map of type '{}'", self.info.map_type),
            ),
            libc::EBUSY | libc::EAGAIN => (Kind::Io, "the map is locked by another user and stayed so; try again".to_owned()),
            _ => (Kind::Io, "the system call failed".to_owned()),
        };
        self.error(kind, format!("cannot {operation} '{name}': {why} ({errno})")).with_errno(errno.0)
    }

    fn full(&self) -> String {
        format!(
            "the map is full (max_entries {}); {} entries first or raise max_entries in the object",
            self.info.max_entries,
            if matches!(self.info.map_type, MapType::Queue | MapType::Stack) { "pop" } else { "delete" }
        )
    }

    /// Why the kernel says EPERM. The order is that of the kernel's own checks.
    fn refused(&self) -> String {
        match sys::access_mode(self.fd()) {
            libc::O_RDONLY => return "this descriptor of the map may only read it (BPF_F_RDONLY)".to_owned(),
            libc::O_WRONLY => return "this descriptor of the map may only write it (BPF_F_WRONLY)".to_owned(),
            _ => {}
        }
        if self.is_frozen() {
            return "the map is frozen: user space cannot change it any more. A data section stays writable when it is bound without \
                    `freeze: true`"
                .to_owned();
        }
        refusal(Need::Load)
    }

    /// Whether the map was frozen (BPF_MAP_FREEZE), which the kernel tells through procfs only. False where that cannot be read.
    pub(super) fn is_frozen(&self) -> bool {
        let path = format!("/proc/self/fdinfo/{}", self.fd.as_raw_fd());
        let Ok(text) = fs::read_to_string(path) else { return false };
        text.lines().any(|line| line.strip_prefix("frozen:").is_some_and(|value| value.trim() == "1"))
    }
}
