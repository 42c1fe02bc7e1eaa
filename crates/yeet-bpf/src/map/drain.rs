//! Taking entries out of a map.

use super::scan::{Pages, grown};
use super::walk::{BatchWalk, Mode};
use super::{Map, Page, page};
use crate::Result;
use crate::sys::{self, Errno, retry};

const SINCE: &str = "hash maps have it in batches since Linux 5.6 and key by key since 5.14; for other maps read the entries, then delete them";

impl Map {
    /// Fetches and deletes at most `count` entries, all by default. No entry is lost or met twice: what was taken out when a later step
    /// fails is returned, and the failure comes with the next call.
    ///
    /// The kernel takes whole hash buckets; where `count` ends inside one, the rest goes key by key.
    ///
    /// # Errors
    /// `Unsupported` for kinds other than hashes, and before Linux 5.6; also before 5.14 where `count` ends inside a bucket.
    pub fn drain_batch(&self, count: Option<u32>) -> Result<Page> {
        if self.key_size() == 0 {
            return Err(self.wrong_kind("drain", "one with keys"));
        }
        let mut drained = Page::default();
        match self.drain_into(&mut drained, count.unwrap_or(u32::MAX)) {
            Err(error) if drained.count == 0 => Err(error),
            _ => Ok(drained),
        }
    }

    fn drain_into(&self, drained: &mut Page, count: u32) -> Result<()> {
        let mut walk = BatchWalk::new(self);
        let mut entries = page::entries(self, None);
        while !walk.is_done() {
            let left = count - drained.count as u32;
            if left == 0 {
                return Ok(());
            }
            match walk.step(self, entries.min(left), Mode::Take) {
                Ok(mut page) => {
                    page.trim();
                    drained.append(page);
                }
                Err(Errno(libc::ENOSPC)) if entries < left => entries = grown(self, entries)?,
                Err(Errno(libc::ENOSPC)) => return self.drain_singly(drained, left),
                Err(errno) if errno.is_unsupported() && walk.is_fresh() => return self.drain_singly(drained, left),
                Err(errno) => return Err(self.fail("drain", errno)),
            }
        }
        Ok(())
    }

    /// Takes the first key, again and again, until `left` are taken. A key that another deletes first is theirs; the tries are bounded
    /// because others may insert and delete as fast as this takes.
    fn drain_singly(&self, drained: &mut Page, left: u32) -> Result<()> {
        let mut key = vec![0; self.key_size()];
        let mut value = vec![0; self.stride];
        let mut taken = 0;
        let tries = 4 * u64::from(left.min(self.info.max_entries)) + 1024;
        for _ in 0..tries {
            if taken == left {
                break;
            }
            // SAFETY: the buffer has the map's key size.
            match retry(|| unsafe { sys::bpf::next_key(self.fd(), None, &mut key) }) {
                Ok(()) => {}
                Err(Errno(libc::ENOENT)) => return Ok(()),
                Err(errno) => return Err(self.fail("drain", errno)),
            }
            // SAFETY: the buffers have the map's key size and the size of one whole value.
            match retry(|| unsafe { sys::bpf::lookup_and_delete(self.fd(), Some(&key), &mut value) }) {
                Ok(()) => {
                    drained.push(&key, &value);
                    taken += 1;
                }
                Err(Errno(libc::ENOENT)) => {}
                Err(errno) if errno.is_unsupported() => {
                    return Err(self.unsupported("fetch and delete in", SINCE, errno));
                }
                Err(errno) => return Err(self.fail("drain", errno)),
            }
        }
        Ok(())
    }

    /// Removes every entry and returns how many were removed. Entries that others add meanwhile may stay.
    ///
    /// # Errors
    /// `Unsupported` for arrays, whose slots cannot be deleted; `InvalidMapKind` for maps without keys.
    pub fn clear(&self) -> Result<u64> {
        if self.key_size() == 0 {
            return Err(self.wrong_kind("clear", "one with keys"));
        }
        let mut walk = BatchWalk::new(self);
        let mut entries = page::entries(self, None);
        let mut removed = 0;
        while !walk.is_done() {
            match walk.step(self, entries, Mode::Take) {
                Ok(page) => removed += page.count as u64,
                Err(Errno(libc::ENOSPC)) => entries = grown(self, entries)?,
                Err(errno) if errno.is_unsupported() && walk.is_fresh() => return self.clear_singly(),
                Err(errno) => return Err(self.fail("clear", errno)),
            }
        }
        Ok(removed)
    }

    /// Collects the keys first: deleting the key that a walk goes on from would send it back to the start.
    fn clear_singly(&self) -> Result<u64> {
        let mut pages = Pages::new(self, None);
        let mut keys = Vec::new();
        while let Some(page) = pages.next(self)? {
            keys.extend_from_slice(&page.keys);
        }
        let mut removed = 0;
        for key in keys.chunks_exact(self.key_size()) {
            // SAFETY: each chunk has the map's key size.
            match retry(|| unsafe { sys::bpf::delete(self.fd(), key) }) {
                Ok(()) => removed += 1,
                Err(Errno(libc::ENOENT)) => {}
                Err(errno) => return Err(self.delete_failed(errno)),
            }
        }
        Ok(removed)
    }
}
