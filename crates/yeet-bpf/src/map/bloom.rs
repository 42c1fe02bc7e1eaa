//! Bloom filters: values without keys that are only ever added.

use super::{Map, MapType};
use crate::Result;
use crate::sys::{self, Errno, retry};

impl Map {
    /// Adds `value` to a bloom filter. Adding it again changes nothing.
    ///
    /// # Errors
    /// `InvalidMapKind` on any other map; `InvalidValue` for a wrong length.
    pub fn insert(&self, value: &[u8]) -> Result<()> {
        self.check_bloom("insert into")?;
        self.check_value("insert into", value.len())?;
        // SAFETY: a bloom filter has no key, and the check above compared the length with what the kernel reads.
        retry(|| unsafe { sys::bpf::update(self.fd(), None, value) }).map_err(|errno| self.fail("insert into", errno))
    }

    /// Whether `value` was probably added to a bloom filter; `false` is certain.
    ///
    /// # Errors
    /// As for [`Map::insert`].
    pub fn contains(&self, value: &[u8]) -> Result<bool> {
        self.check_bloom("look up in")?;
        self.check_value("look up in", value.len())?;
        // SAFETY: the two checks above made sure that this is a bloom filter and that the length is what the kernel reads.
        match retry(|| unsafe { sys::bpf::contains(self.fd(), value) }) {
            Ok(()) => Ok(true),
            Err(Errno(libc::ENOENT)) => Ok(false),
            Err(errno) => Err(self.fail("look up in", errno)),
        }
    }

    fn check_bloom(&self, operation: &str) -> Result<()> {
        match self.info.map_type {
            MapType::BloomFilter => Ok(()),
            _ => Err(self.wrong_kind(operation, "a bloom filter")),
        }
    }
}
