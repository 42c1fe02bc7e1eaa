//! A walk over a map by the kernel's batch calls, one call a step.

use super::{Map, Page};
use crate::Result;
use crate::sys::bpf::{BatchBuffers, lookup_batch};
use crate::sys::{Errno, retry};

/// Whether a walk leaves the entries where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Take,
}

/// Where a batched walk stands: what the kernel calls the batch, a bucket number for hashes and the last key for other kinds.
pub(super) struct BatchWalk {
    cursor: Option<Vec<u8>>,
    next: Vec<u8>,
    done: bool,
}

impl BatchWalk {
    pub(super) fn new(map: &Map) -> Self {
        Self { cursor: None, next: vec![0; map.key_size().max(size_of::<u64>())], done: false }
    }

    /// Whether no step has brought anything yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.cursor.is_none()
    }

    /// Whether the last step reached the end of the map.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// The last key met, for kinds whose cursor is a key.
    pub(super) fn last_key(&self, map: &Map) -> Option<Vec<u8>> {
        self.cursor.as_ref().map(|cursor| cursor[..map.key_size()].to_vec())
    }

    /// Fetches at most `count` entries. The page may be empty before the end.
    ///
    /// ENOSPC says that the next hash bucket holds more than `count`; the walk stays where it is, and so it does after any error.
    pub(super) fn step(&mut self, map: &Map, count: u32, mode: Mode) -> Result<Page, Errno> {
        let (key_size, stride, room) = (map.key_size(), map.value_stride(), count as usize);
        let mut page =
            Page { count: 0, keys: Vec::with_capacity(room * key_size), values: Vec::with_capacity(room * stride) };
        let outcome = retry(|| {
            let buffers = BatchBuffers {
                from: self.cursor.as_deref(),
                to: &mut self.next,
                keys: page.keys.as_mut_ptr(),
                values: page.values.as_mut_ptr(),
                count,
            };
            // SAFETY: both vectors were made for `count` entries, and the cursors are at least 8 bytes and a key long.
            let outcome = unsafe { lookup_batch(map.fd(), buffers, mode == Mode::Take) };
            match outcome.result {
                Ok(()) => Ok((outcome.count, false)),
                Err(Errno(libc::ENOENT)) => Ok((outcome.count, true)),
                // The kernel gave up on a key that came and went, after it had delivered some.
                Err(Errno(libc::EINTR)) if (1..count).contains(&outcome.count) => Ok((outcome.count, false)),
                Err(errno) => Err(errno),
            }
        });
        let (found, done) = outcome?;
        page.count = found.min(count) as usize;
        // SAFETY: the kernel has written this many whole entries, and it is no more than the capacity.
        unsafe {
            page.keys.set_len(page.count * key_size);
            page.values.set_len(page.count * stride);
        }
        self.done = done;
        if !done {
            let spare = self.cursor.take().unwrap_or_else(|| vec![0; self.next.len()]);
            self.cursor = Some(std::mem::replace(&mut self.next, spare));
        }
        Ok(page)
    }
}
