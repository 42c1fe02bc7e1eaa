//! Many entries at once.
//!
//! The kernel is not atomic per batch: it stops at the first entry that fails, and the error says how many were applied. On kernels that
//! have no batch call for a kind the entries go one by one, which is the same but slower.

use super::scan::Pages;
use super::{Map, Page, page};
use crate::Result;
use crate::error::{Error, Kind};
use crate::sys::bpf::BatchOutcome;
use crate::sys::{self, Errno};

impl Map {
    /// Inserts or overwrites `count` entries, in order.
    ///
    /// # Errors
    /// As for [`Map::update`]; `applied` says how many entries were stored before the one that failed.
    pub fn update_batch(&self, keys: &[u8], values: &[u8], count: u32) -> Result<()> {
        self.check_batch("update", keys, Some(values), count)?;
        let (key_size, stride) = (self.key_size(), self.stride);
        let batch = |from: usize| {
            // SAFETY: check_batch compared both lengths; `from` entries of the `count` are skipped in all three.
            unsafe {
                sys::bpf::update_batch(
                    self.fd(),
                    &keys[from * key_size..],
                    &values[from * stride..],
                    count - from as u32,
                )
            }
        };
        let single =
            |index: usize| self.update(&keys[index * key_size..][..key_size], &values[index * stride..][..stride]);
        self.apply(count, batch, single, |errno| self.fail("update", errno))
    }

    /// Removes `count` keys, in order, up to the first that is missing.
    ///
    /// # Errors
    /// As for [`Map::delete`]; `applied` says how many keys were removed before the one that failed.
    pub fn delete_batch(&self, keys: &[u8], count: u32) -> Result<()> {
        self.check_batch("delete from", keys, None, count)?;
        let key_size = self.key_size();
        let batch = |from: usize| {
            // SAFETY: check_batch compared the length; `from` keys of the `count` are skipped in both.
            unsafe { sys::bpf::delete_batch(self.fd(), &keys[from * key_size..], count - from as u32) }
        };
        let single = |index: usize| self.delete(&keys[index * key_size..][..key_size]);
        self.apply(count, batch, single, |errno| self.delete_failed(errno))
    }

    /// At most `count` entries from the beginning of the map; all of them by default. Not resumable: [`super::Scan`] is.
    ///
    /// # Errors
    /// As for [`super::Scan::next_page`].
    pub fn lookup_batch(&self, count: Option<u32>) -> Result<Page> {
        let wanted = count.map_or(usize::MAX, |count| count as usize);
        let mut all = Page::default();
        if wanted == 0 {
            return Ok(all);
        }
        let mut pages = Pages::new(self, count.map(|count| count.min(page::entries(self, None))));
        while all.count < wanted
            && let Some(page) = pages.next(self)?
        {
            all.append(page);
        }
        all.truncate(wanted, self);
        Ok(all)
    }

    /// Runs a batch call to its end, or entry by entry where the kernel does not have it.
    fn apply(
        &self,
        count: u32,
        batch: impl Fn(usize) -> BatchOutcome,
        single: impl Fn(usize) -> Result<()>,
        fail: impl Fn(Errno) -> Error,
    ) -> Result<()> {
        let mut applied = 0;
        let mut stalls = 0;
        while applied < count {
            let outcome = batch(applied as usize);
            let Err(errno) = outcome.result else { return Ok(()) };
            // An untouched count comes from a refusal before the first entry.
            let progress = if outcome.count < count - applied { outcome.count } else { 0 };
            applied += progress;
            if errno.is_transient() && stalls < 32 {
                stalls += 1;
                std::thread::yield_now();
            } else if errno.is_unsupported() && applied == 0 {
                return self.apply_singly(count, single);
            } else {
                return Err(self.stopped(fail(errno), applied, count));
            }
        }
        Ok(())
    }

    fn apply_singly(&self, count: u32, single: impl Fn(usize) -> Result<()>) -> Result<()> {
        for index in 0..count {
            single(index as usize).map_err(|error| self.stopped(error, index, count))?;
        }
        Ok(())
    }

    /// Adds to the error of one entry how far the batch came.
    fn stopped(&self, error: Error, applied: u32, count: u32) -> Error {
        let message = format!("{}; the batch stopped after {applied} of {count} entries", error.message());
        let whole = self.error(error.kind(), message).with_applied(applied.into());
        match error.facts().errno {
            Some(errno) => whole.with_errno(errno),
            None => whole,
        }
    }

    fn check_batch(&self, operation: &str, keys: &[u8], values: Option<&[u8]>, count: u32) -> Result<()> {
        let entries = count as usize;
        let (key_size, stride) = (self.key_size(), self.stride);
        if key_size == 0 {
            return Err(self.wrong_kind(operation, "one with keys"));
        }
        let wrong = |what: &str, len: usize, size: usize| {
            let message = format!(
                "cannot {operation} '{}': {len} bytes of {what}s are not {count} {what}s of {size} bytes each",
                self.info.name
            );
            Err(self.error(Kind::InvalidValue, message).with_applied(0))
        };
        if key_size.checked_mul(entries) != Some(keys.len()) {
            return wrong("key", keys.len(), key_size);
        }
        if let Some(values) = values
            && stride.checked_mul(entries) != Some(values.len())
        {
            return wrong("value", values.len(), stride);
        }
        for key in keys.chunks_exact(key_size) {
            self.check_key(operation, key).map_err(|error| error.with_applied(0))?;
        }
        Ok(())
    }
}
