//! Writing single values into memory that BPF programs use at the same time.

use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

use super::Map;
use crate::Result;
use crate::error::Kind;

/// One value to write into a data section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Store<'a> {
    /// Bytes from the start of the section.
    pub offset: u32,
    pub bytes: &'a [u8],
    /// For a bit field: which bits of `bytes` to write, of the same length. The other bits stay as they are.
    pub mask: Option<&'a [u8]>,
}

/// Checks every store against the size of the map's value.
pub(super) fn check(map: &Map, stores: &[Store<'_>]) -> Result<()> {
    let size = map.value_stride();
    for Store { offset, bytes, mask } in stores {
        let end = (*offset as usize).checked_add(bytes.len());
        if end.is_none_or(|end| end > size) {
            let message = format!(
                "cannot patch '{}': {} bytes at offset {offset} do not fit its {size} bytes; nothing was written",
                map.info().name,
                bytes.len()
            );
            return Err(map.error(Kind::InvalidValue, message));
        }
        if let Some(mask) = mask
            && mask.len() != bytes.len()
        {
            let message = format!(
                "cannot patch '{}': the mask at offset {offset} has {} bytes for a value of {}; nothing was written",
                map.info().name,
                mask.len(),
                bytes.len()
            );
            return Err(map.error(Kind::InvalidValue, message));
        }
    }
    Ok(())
}

/// Writes one store: an aligned 1, 2, 4 or 8 bytes at once, masked bits by compare-and-swap, all else byte by byte.
///
/// # Safety
/// `start` is aligned to 8, and the bytes from it to the end of the store, rounded up to 8, are memory that is only touched through atomics.
pub(super) unsafe fn apply(start: *mut u8, store: &Store<'_>) {
    let offset = store.offset as usize;
    match store.mask {
        // SAFETY: the caller vouches for the whole range.
        None => unsafe { write(start.add(offset), store.bytes) },
        Some(mask) => {
            let mut done = 0;
            while done < store.bytes.len() {
                let len = piece(offset + done, store.bytes.len() - done);
                // SAFETY: the caller vouches for the words that contain the range, and a piece lies in one aligned word.
                unsafe { swap(start, offset + done, &store.bytes[done..done + len], &mask[done..done + len]) };
                done += len;
            }
        }
    }
}

/// How many of `left` bytes at `offset` lie in the same aligned 8-byte word.
fn piece(offset: usize, left: usize) -> usize {
    left.min(8 - offset % 8)
}

/// # Safety
/// The bytes are memory that is only touched through atomics.
unsafe fn write(to: *mut u8, bytes: &[u8]) {
    // Release, so that a program that sees the new value also sees what was stored before it.
    if let (true, Ok(bytes)) = (to.addr().is_multiple_of(8), bytes.try_into()) {
        // SAFETY: aligned, and the caller vouches for the bytes.
        unsafe { AtomicU64::from_ptr(to.cast()) }.store(u64::from_ne_bytes(bytes), Ordering::Release);
    } else if let (true, Ok(bytes)) = (to.addr().is_multiple_of(4), bytes.try_into()) {
        // SAFETY: as above.
        unsafe { AtomicU32::from_ptr(to.cast()) }.store(u32::from_ne_bytes(bytes), Ordering::Release);
    } else if let (true, Ok(bytes)) = (to.addr().is_multiple_of(2), bytes.try_into()) {
        // SAFETY: as above.
        unsafe { AtomicU16::from_ptr(to.cast()) }.store(u16::from_ne_bytes(bytes), Ordering::Release);
    } else {
        for (index, &byte) in bytes.iter().enumerate() {
            // SAFETY: the caller vouches for the bytes.
            unsafe { AtomicU8::from_ptr(to.add(index)) }.store(byte, Ordering::Release);
        }
    }
}

/// Replaces the masked bits of a piece that lies in one aligned 8-byte word, in the smallest aligned word of two or more bytes that holds it: a concurrent
/// change of the other bits makes the swap fail and start over, so it is never undone.
///
/// # Safety
/// `start` is aligned to 8, and the word is memory that is only touched through atomics.
unsafe fn swap(start: *mut u8, offset: usize, bytes: &[u8], mask: &[u8]) {
    /// The exchange for one width.
    macro_rules! exchange {
        ($atomic:ty, $word:ty) => {{
            const WIDTH: usize = size_of::<$word>();
            let (mut value, mut bits) = ([0; WIDTH], [0; WIDTH]);
            let within = offset % WIDTH;
            for (index, (&byte, &mask)) in bytes.iter().zip(mask).enumerate() {
                value[within + index] = byte & mask;
                bits[within + index] = mask;
            }
            let (value, bits) = (<$word>::from_ne_bytes(value), <$word>::from_ne_bytes(bits));
            // SAFETY: the word is aligned to its width, and the caller vouches for its bytes.
            let word = unsafe { <$atomic>::from_ptr(start.add(offset - within).cast()) };
            word.update(Ordering::AcqRel, Ordering::Relaxed, |old| (old & !bits) | value);
        }};
    }
    let holds = |width: usize| offset / width == (offset + bytes.len() - 1) / width;
    if holds(2) {
        exchange!(AtomicU16, u16);
    } else if holds(4) {
        exchange!(AtomicU32, u32);
    } else {
        exchange!(AtomicU64, u64);
    }
}

#[cfg(test)]
mod tests {
    use super::{Store, apply};

    const SIZE: usize = 32;

    fn stored(store: &Store<'_>) -> [u8; SIZE] {
        let mut words = [0x5A5A_5A5A_5A5A_5A5A_u64; SIZE / 8];
        // SAFETY: the words are aligned and ours alone; every test stays inside them.
        unsafe { apply(words.as_mut_ptr().cast(), store) };
        let mut bytes = [0; SIZE];
        for (to, word) in bytes.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&word.to_ne_bytes());
        }
        bytes
    }

    #[test]
    fn every_offset_and_length_changes_only_its_bytes() {
        let value: Vec<u8> = (1..=16).collect();
        for offset in 0..16 {
            for len in 1..=16 {
                let bytes = &value[..len];
                let mut expected = [0x5A; SIZE];
                expected[offset..offset + len].copy_from_slice(bytes);
                assert_eq!(stored(&Store { offset: offset as u32, bytes, mask: None }), expected, "{offset} {len}");
                let all = [0xFF; 16];
                assert_eq!(
                    stored(&Store { offset: offset as u32, bytes, mask: Some(&all[..len]) }),
                    expected,
                    "masked {offset} {len}"
                );
            }
        }
    }

    #[test]
    fn a_mask_keeps_the_other_bits() {
        for offset in 0..16_usize {
            for len in 1..=9 {
                let bytes: Vec<u8> = (0..len).map(|index| 0xC3 ^ index as u8).collect();
                let mask: Vec<u8> = (0..len).map(|index| 0x0F_u8.rotate_left(index as u32)).collect();
                let mut expected = [0x5A; SIZE];
                for index in 0..len {
                    expected[offset + index] = (0x5A & !mask[index]) | (bytes[index] & mask[index]);
                }
                assert_eq!(
                    stored(&Store { offset: offset as u32, bytes: &bytes, mask: Some(&mask) }),
                    expected,
                    "{offset} {len}"
                );
            }
        }
    }
}
