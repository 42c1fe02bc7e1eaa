//! A page of entries, and how large one is by default.

use super::Map;

/// Entries of a map: `count` keys one after the other, and as many values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub count: usize,
    /// `count` × `key_size` bytes.
    pub keys: Vec<u8>,
    /// `count` × [`Map::value_stride`] bytes.
    pub values: Vec<u8>,
}

impl Page {
    pub(super) fn append(&mut self, mut other: Self) {
        if self.count == 0 {
            *self = other;
            return;
        }
        self.count += other.count;
        self.keys.append(&mut other.keys);
        self.values.append(&mut other.values);
    }

    pub(super) fn push(&mut self, key: &[u8], value: &[u8]) {
        self.count += 1;
        self.keys.extend_from_slice(key);
        self.values.extend_from_slice(value);
    }

    /// Gives back the memory of a page that came out much emptier than it was asked for.
    pub(super) fn trim(&mut self) {
        for bytes in [&mut self.keys, &mut self.values] {
            if bytes.capacity() > 2 * bytes.len() {
                bytes.shrink_to_fit();
            }
        }
    }

    /// Forgets all entries after the first `count`.
    pub(super) fn truncate(&mut self, count: usize, map: &Map) {
        if count < self.count {
            self.count = count;
            self.keys.truncate(count * map.key_size());
            self.values.truncate(count * map.value_stride());
        }
    }
}

/// Entries of a page unless the caller says otherwise. Measured (`benches/map.rs`): from 256 entries on nothing is gained by more, and
/// 16 cost up to half as much again for each entry. Above that sits a margin, since every page is an allocation and a wake-up above.
const DEFAULT_ENTRIES: usize = 1024;

/// Bytes of a page unless the caller says otherwise, so that large values come in fewer entries: 256 of 4 KiB did best.
const DEFAULT_BYTES: usize = 1 << 20;

/// Bytes of a page at most, whatever the caller says.
const MOST_BYTES: usize = 64 << 20;

/// The number of entries to ask for at once: `wanted`, or the default, within the bounds of memory and of the map.
pub(super) fn entries(map: &Map, wanted: Option<u32>) -> u32 {
    let entry = (map.key_size() + map.value_stride()).max(1);
    let most = match wanted {
        Some(wanted) => (wanted as usize).min(MOST_BYTES / entry),
        None => DEFAULT_ENTRIES.min(DEFAULT_BYTES / entry),
    };
    u32::try_from(most).unwrap_or(u32::MAX).min(map.info().max_entries).max(1)
}
