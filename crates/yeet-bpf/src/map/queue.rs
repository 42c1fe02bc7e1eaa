//! Queues (first in, first out) and stacks (last in, first out): values without keys.

use super::{Map, MapType};
use crate::Result;
use crate::sys::{self, Errno, retry};

impl Map {
    /// Adds `value` to a queue or stack.
    ///
    /// # Errors
    /// `E2BIG` when it is full; `InvalidMapKind` on any other map; `InvalidValue` for a wrong length.
    pub fn push(&self, value: &[u8]) -> Result<()> {
        self.check_queue("push to", value.len())?;
        // SAFETY: these kinds have no key, and the check above compared the length with what the kernel reads.
        retry(|| unsafe { sys::bpf::update(self.fd(), None, value) }).map_err(|errno| self.fail("push to", errno))
    }

    /// Takes the next value off a queue or stack into `value`. `false` when it is empty.
    ///
    /// # Errors
    /// `InvalidMapKind` on any other map; `InvalidValue` for a wrong length.
    pub fn pop(&self, value: &mut [u8]) -> Result<bool> {
        self.check_queue("pop from", value.len())?;
        // SAFETY: these kinds have no key, and the check above compared the length with what the kernel writes.
        self.taken("pop from", retry(|| unsafe { sys::bpf::lookup_and_delete(self.fd(), None, value) }))
    }

    /// Reads the value that [`Map::pop`] would take next. `false` when there is none.
    ///
    /// # Errors
    /// As for [`Map::pop`].
    pub fn peek(&self, value: &mut [u8]) -> Result<bool> {
        self.check_queue("peek into", value.len())?;
        // SAFETY: these kinds have no key, and the check above compared the length with what the kernel writes.
        self.taken("peek into", retry(|| unsafe { sys::bpf::lookup(self.fd(), None, value) }))
    }

    fn taken(&self, operation: &str, result: Result<(), Errno>) -> Result<bool> {
        match result {
            Ok(()) => Ok(true),
            Err(Errno(libc::ENOENT)) => Ok(false),
            Err(errno) => Err(self.fail(operation, errno)),
        }
    }

    fn check_queue(&self, operation: &str, len: usize) -> Result<()> {
        match self.info.map_type {
            MapType::Queue | MapType::Stack => self.check_value(operation, len),
            _ => Err(self.wrong_kind(operation, "a queue or stack")),
        }
    }
}
