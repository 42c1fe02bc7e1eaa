//! Walking a whole map in pages.
//!
//! Hashes are walked by bucket, each taken under its lock, so an entry that stays through the walk is met exactly once. All other kinds
//! with free keys (tries, socket maps) are walked from key to key, and there the kernel starts again at the first key when the one to go
//! on from was deleted. The walk then remembers what it has given out and leaves it out the second time.
//! It cannot help where the kernel misses a key: a trie's next key is found without a lock, and a branch that is rebuilt at that moment can
//! hide one.

use std::collections::HashSet;
use std::sync::Arc;

use super::walk::{BatchWalk, Mode};
use super::{Map, Page, page};
use crate::Result;
use crate::error::{Error, Kind};
use crate::sys::{self, Errno, retry};

/// A cursor over all entries of a map.
///
/// Entries that come or go during the walk may or may not appear; those that stay appear exactly once, but for a trie that changes meanwhile,
/// of which the kernel may miss one. The walk uses the kernel's batch
/// calls (Linux 5.6 for hashes and arrays, 5.13 and later for the rest) and goes key by key where there are none.
pub struct Scan {
    map: Arc<Map>,
    pages: Pages,
}

impl Scan {
    /// A walk from the beginning. `batch_size` is the number of entries to fetch per system call; by default it follows from their size.
    /// Pages may be larger, where the kernel cannot divide a hash bucket, or smaller.
    pub fn new(map: Arc<Map>, batch_size: Option<u32>) -> Self {
        let pages = Pages::new(&map, batch_size);
        Self { map, pages }
    }

    /// The next entries, never an empty page; `None` after the last.
    ///
    /// # Errors
    /// `InvalidMapKind` for maps without keys, `Unsupported` for kinds that the kernel cannot walk, `Io` when a trie changes faster than
    /// it can be walked.
    pub fn next_page(&mut self) -> Result<Option<Page>> {
        self.pages.next(&self.map)
    }
}

/// How the entries are fetched.
enum Way {
    /// By batch calls.
    Batch(BatchWalk),
    /// From each key to the next; `None` starts at the first.
    Keys(Option<Vec<u8>>),
    /// By index, for arrays on kernels without batch calls.
    Index(u32),
    Done,
}

/// The walk behind [`Scan`] and the methods that read a whole map at once.
pub(super) struct Pages {
    way: Way,
    entries: u32,
    /// What was given out, for kinds where the kernel may start again; see above.
    seen: Option<HashSet<Box<[u8]>>>,
    /// How many entries the walk may still look at before it calls itself endless.
    budget: u64,
}

impl Pages {
    pub(super) fn new(map: &Map, batch_size: Option<u32>) -> Self {
        let kind = map.info().map_type;
        Self {
            way: Way::Batch(BatchWalk::new(map)),
            entries: page::entries(map, batch_size.map(|size| size.max(1))),
            seen: (!kind.is_indexed() && !kind.is_bucketed()).then(HashSet::new),
            budget: 16 * u64::from(map.info().max_entries) + (1 << 20),
        }
    }

    pub(super) fn next(&mut self, map: &Map) -> Result<Option<Page>> {
        if map.key_size() == 0 {
            return Err(map.wrong_kind("walk", "one with keys"));
        }
        loop {
            let mut page = match &mut self.way {
                Way::Done => return Ok(None),
                Way::Batch(_) => match self.by_batch(map)? {
                    Some(page) => page,
                    None => continue,
                },
                Way::Keys(_) => self.by_key(map)?,
                Way::Index(_) => self.by_index(map)?,
            };
            self.leave_out_seen(map, &mut page)?;
            if page.count > 0 {
                page.trim();
                return Ok(Some(page));
            }
        }
    }

    /// One batch call; `None` when the way was changed instead.
    fn by_batch(&mut self, map: &Map) -> Result<Option<Page>> {
        let Way::Batch(walk) = &mut self.way else { return Ok(None) };
        match walk.step(map, self.entries, Mode::Read) {
            Ok(page) => {
                if walk.is_done() {
                    self.way = Way::Done;
                }
                Ok(Some(page))
            }
            Err(Errno(libc::ENOSPC)) => {
                self.entries = grown(map, self.entries)?;
                Ok(None)
            }
            Err(errno) if errno.is_unsupported() && walk.is_fresh() => {
                self.way = if map.info().map_type.is_indexed() { Way::Index(0) } else { self.without_batch(None) };
                Ok(None)
            }
            // The key to go on from keeps changing under the kernel's batch call; single steps get past it.
            Err(Errno(libc::EINTR)) if self.seen.is_some() => {
                let last = walk.last_key(map);
                self.way = self.without_batch(last);
                Ok(None)
            }
            Err(errno) => Err(map.fail("walk", errno)),
        }
    }

    /// Going from key to key restarts at a deleted one for every kind but arrays.
    fn without_batch(&mut self, last: Option<Vec<u8>>) -> Way {
        self.seen.get_or_insert_default();
        Way::Keys(last)
    }

    fn by_key(&mut self, map: &Map) -> Result<Page> {
        let Way::Keys(last) = &mut self.way else { return Ok(Page::default()) };
        let mut page = Page::default();
        let mut key = vec![0; map.key_size()];
        let mut value = vec![0; map.value_stride()];
        for _ in 0..self.entries {
            // SAFETY: both buffers have the map's key size.
            match retry(|| unsafe { sys::bpf::next_key(map.fd(), last.as_deref(), &mut key) }) {
                Ok(()) => {}
                Err(Errno(libc::ENOENT)) => {
                    self.way = Way::Done;
                    break;
                }
                Err(errno) => return Err(map.fail("walk", errno)),
            }
            // A key that went between the two calls is one that the walk may leave out.
            if map.lookup(&key, &mut value)? {
                page.push(&key, &value);
            }
            last.get_or_insert_with(|| vec![0; key.len()]).copy_from_slice(&key);
        }
        Ok(page)
    }

    fn by_index(&mut self, map: &Map) -> Result<Page> {
        let Way::Index(next) = &mut self.way else { return Ok(Page::default()) };
        let mut page = Page::default();
        let mut value = vec![0; map.value_stride()];
        let end = next.saturating_add(self.entries).min(map.info().max_entries);
        for index in *next..end {
            let key = index.to_ne_bytes();
            if map.lookup(&key, &mut value)? {
                page.push(&key, &value);
            }
        }
        *next = end;
        if end == map.info().max_entries {
            self.way = Way::Done;
        }
        Ok(page)
    }

    /// Drops from the page what was given out before, and ends a walk that has looked at far more than the map can hold.
    fn leave_out_seen(&mut self, map: &Map, page: &mut Page) -> Result<()> {
        let Some(seen) = &mut self.seen else { return Ok(()) };
        self.budget = self.budget.saturating_sub(page.count.max(1) as u64);
        if self.budget == 0 {
            return Err(changing(map));
        }
        let (key_size, stride) = (map.key_size(), map.value_stride());
        let mut kept = 0;
        for index in 0..page.count {
            if !seen.insert(page.keys[index * key_size..][..key_size].into()) {
                continue;
            }
            page.keys.copy_within(index * key_size..(index + 1) * key_size, kept * key_size);
            page.values.copy_within(index * stride..(index + 1) * stride, kept * stride);
            kept += 1;
        }
        page.truncate(kept, map);
        Ok(())
    }
}

fn changing(map: &Map) -> Error {
    let message = format!(
        "cannot walk '{}': its keys change faster than the kernel can go from one to the next, so the walk does not end; slow the \
         changes down or look keys up one by one",
        map.info().name
    );
    map.error(Kind::Io, message)
}

/// A larger page for a hash bucket that did not fit.
///
/// # Errors
/// `Io` when the page already has room for more than the map can hold, so that the kernel contradicts itself.
pub(super) fn grown(map: &Map, entries: u32) -> Result<u32> {
    let most = map.info().max_entries.saturating_add(4096);
    if entries < most {
        return Ok(entries.saturating_mul(2).min(most));
    }
    let message = format!(
        "cannot walk '{}': the kernel says that a hash bucket holds more than {entries} entries, but max_entries is {}",
        map.info().name,
        map.info().max_entries
    );
    Err(map.error(Kind::Io, message).with_errno(libc::ENOSPC))
}
