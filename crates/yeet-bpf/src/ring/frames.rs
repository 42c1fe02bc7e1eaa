//! Records as they travel: one after the other in one piece of memory.
//!
//! A frame is the record's length (u32, the machine's byte order, which is little endian on every supported machine), four zero bytes,
//! the record, and zeros up to a multiple of 8. So every record starts at a multiple of 8, as it did in the kernel.

/// Bytes before each record.
pub(super) const HEADER: usize = 8;

/// Records of a batch at most, so that a chunk is decoded in one go without keeping timers waiting.
pub(super) const MOST_RECORDS: usize = 1024;

/// Bytes of a batch at most, unless a single record is larger.
pub(super) const MOST_BYTES: usize = 256 * 1024;

/// Whole frames, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
    records: usize,
}

impl Frames {
    /// Room for `bytes` of frames, as far as a batch may grow, and a little more: whoever takes the bytes out can then append a few of
    /// its own without moving them.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        const SPARE: usize = 64;
        Self { bytes: Vec::with_capacity(bytes.min(MOST_BYTES) + SPARE), records: 0 }
    }

    pub(super) fn records(&self) -> usize {
        self.records
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records == 0
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Whether a batch may take `records` more records of `bytes` frame bytes. An empty one takes anything.
    pub(super) fn has_room(&self, records: usize, bytes: usize) -> bool {
        self.is_empty() || (self.records + records <= MOST_RECORDS && self.bytes.len() + bytes <= MOST_BYTES)
    }

    /// Appends a record that lies in up to two pieces (a record may wrap around the end of a perf buffer).
    ///
    /// # Safety
    /// Each piece is readable for its length, and nobody writes to it meanwhile.
    pub(super) unsafe fn push(&mut self, first: (*const u8, usize), rest: (*const u8, usize)) {
        let len = first.1 + rest.1;
        let frame = frame_len(len);
        self.bytes.reserve(frame);
        let start = self.bytes.len();
        // SAFETY: `frame` bytes are reserved; they hold the header, both pieces and the padding, and each of them is written here.
        unsafe {
            let to = self.bytes.as_mut_ptr().add(start);
            // The padding lies in the last word; it is zeroed first and the record then written over its beginning.
            to.add(frame - 8).cast::<u64>().write_unaligned(0);
            to.cast::<u64>().write_unaligned(len as u64);
            to.add(HEADER).copy_from_nonoverlapping(first.0, first.1);
            to.add(HEADER + first.1).copy_from_nonoverlapping(rest.0, rest.1);
            self.bytes.set_len(start + frame);
        }
        self.records += 1;
    }

    /// The bytes of the frame that starts at `offset`.
    pub(super) fn frame_at(&self, offset: usize) -> usize {
        let header: [u8; 4] = self.bytes[offset..offset + 4].try_into().unwrap_or_default();
        frame_len(u32::from_ne_bytes(header) as usize)
    }

    /// Appends all of `other`.
    pub(super) fn append(&mut self, other: &Self) {
        self.bytes.extend_from_slice(&other.bytes);
        self.records += other.records;
    }

    /// Gives back the memory of a batch that came out much smaller than it was made for, so that a queue's memory follows its contents.
    pub(super) fn trim(&mut self) {
        if self.bytes.capacity() > 2 * self.bytes.len() {
            self.bytes.shrink_to_fit();
        }
    }
}

/// The bytes of a frame around a record of `len` bytes.
pub(super) const fn frame_len(len: usize) -> usize {
    HEADER + len.next_multiple_of(8)
}

#[cfg(test)]
mod tests {
    use super::{Frames, HEADER, MOST_BYTES, frame_len};

    fn push(frames: &mut Frames, first: &[u8], rest: &[u8]) {
        // SAFETY: both are slices.
        unsafe { frames.push((first.as_ptr(), first.len()), (rest.as_ptr(), rest.len())) };
    }

    #[test]
    fn a_frame_is_length_zero_record_padding() {
        for len in 0..40 {
            for split in 0..=len {
                let record: Vec<u8> = (1..=len as u8).collect();
                let mut frames = Frames::with_capacity(0);
                push(&mut frames, &[9; 3], &[]);
                push(&mut frames, &record[..split], &record[split..]);
                let start = frames.frame_at(0);
                assert_eq!(start, 16);
                assert_eq!(frames.frame_at(start), frame_len(len));
                let bytes = frames.into_bytes();
                assert_eq!(bytes.len(), start + frame_len(len));
                assert_eq!(bytes[start..start + HEADER], (len as u64).to_le_bytes());
                assert_eq!(bytes[start + HEADER..start + HEADER + len], record);
                assert!(bytes[start + HEADER + len..].iter().all(|&byte| byte == 0));
            }
        }
    }

    #[test]
    fn a_batch_is_bounded_but_takes_one_record_of_any_size() {
        let mut frames = Frames::with_capacity(0);
        assert!(frames.has_room(1, 10 * MOST_BYTES));
        push(&mut frames, &[1], &[]);
        assert!(!frames.has_room(1, MOST_BYTES));
        for _ in 1..1024 {
            assert!(frames.has_room(1, 16));
            push(&mut frames, &[1], &[]);
        }
        assert!(!frames.has_room(1, 16));
    }
}
