//! One entry of a map with keys: lookup, update, delete. One system call each.

use super::Map;
use crate::Result;
use crate::error::Kind;
use crate::sys::{self, Errno, retry};

impl Map {
    /// Reads the value of `key` into `value` ([`Map::value_stride`] bytes). `false` on a clean miss, and `value` is untouched then.
    ///
    /// # Errors
    /// `InvalidValue` for a wrong length or an index outside an array; `InvalidMapKind` for maps without keys; `Unsupported` for kinds
    /// that user space cannot read.
    pub fn lookup(&self, key: &[u8], value: &mut [u8]) -> Result<bool> {
        self.check_key("look up in", key)?;
        self.check_value("look up in", value.len())?;
        // SAFETY: the two checks above compared both lengths with what the kernel copies.
        match retry(|| unsafe { sys::bpf::lookup(self.fd(), Some(key), value) }) {
            Ok(()) => Ok(true),
            Err(Errno(libc::ENOENT)) => Ok(false),
            Err(errno) => Err(self.fail("look up in", errno)),
        }
    }

    /// Inserts or overwrites (BPF_ANY).
    ///
    /// # Errors
    /// `E2BIG` when a map that does not evict is full; `InvalidValue` for a wrong length or an index outside an array;
    /// `PermissionDenied` on a frozen map.
    pub fn update(&self, key: &[u8], value: &[u8]) -> Result<()> {
        self.check_key("update", key)?;
        self.check_value("update", value.len())?;
        // SAFETY: the two checks above compared both lengths with what the kernel copies.
        retry(|| unsafe { sys::bpf::update(self.fd(), Some(key), value) }).map_err(|errno| self.fail("update", errno))
    }

    /// Removes `key`.
    ///
    /// # Errors
    /// `NotFound` when the key is absent; `Unsupported` for arrays, whose slots cannot be deleted.
    pub fn delete(&self, key: &[u8]) -> Result<()> {
        self.check_key("delete from", key)?;
        // SAFETY: the check above compared the length with what the kernel copies.
        retry(|| unsafe { sys::bpf::delete(self.fd(), key) }).map_err(|errno| self.delete_failed(errno))
    }

    pub(super) fn delete_failed(&self, errno: Errno) -> crate::Error {
        let array = matches!(self.info.map_type, super::MapType::Array | super::MapType::PercpuArray);
        match array && errno.is_unsupported() {
            true => self.unsupported(
                "delete from",
                "the slots of an array are always there: write a zero value instead",
                errno,
            ),
            false => self.fail("delete from", errno),
        }
    }

    /// Rejects a key that the kernel would misread, and an index that it would answer with a misleading `errno`.
    #[inline]
    pub(super) fn check_key(&self, operation: &str, key: &[u8]) -> Result<()> {
        if key.len() != self.key_size() || key.is_empty() {
            return Err(self.bad_key(operation, key.len()));
        }
        if self.info.map_type.is_indexed() { self.check_index(operation, key) } else { Ok(()) }
    }

    fn check_index(&self, operation: &str, key: &[u8]) -> Result<()> {
        let index = <[u8; 4]>::try_from(key).map(u32::from_ne_bytes).unwrap_or(u32::MAX);
        let super::MapInfo { name, max_entries, .. } = &self.info;
        if index < *max_entries {
            return Ok(());
        }
        Err(self.error(
            Kind::InvalidValue,
            format!("cannot {operation} '{name}': index {index} is outside '{name}' (max_entries {max_entries})"),
        ))
    }

    #[cold]
    fn bad_key(&self, operation: &str, len: usize) -> crate::Error {
        if self.key_size() == 0 {
            return self.wrong_kind(operation, "one with keys");
        }
        let super::MapInfo { name, key_size, .. } = &self.info;
        self.error(
            Kind::InvalidValue,
            format!("cannot {operation} '{name}': the key has {len} bytes, the map's keys have {key_size}"),
        )
    }

    /// Rejects a buffer that is not one whole value.
    #[inline]
    pub(super) fn check_value(&self, operation: &str, len: usize) -> Result<()> {
        if len == self.stride {
            return Ok(());
        }
        let message = format!(
            "cannot {operation} '{}': the value has {len} bytes, the map's values have {}",
            self.info.name, self.stride
        );
        Err(self.error(Kind::InvalidValue, message))
    }
}
