//! The reader of one BPF ring buffer, over its two mappings.
//!
//! The kernel maps the consumer's page writable, then read-only the producer's page and the data twice in a row, so that a record that
//! wraps around the end is still in one piece. Positions only ever grow; a record's place is its position modulo the size.

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use libbpf_sys::{BPF_F_RB_OVERWRITE, BPF_RINGBUF_BUSY_BIT, BPF_RINGBUF_DISCARD_BIT, BPF_RINGBUF_HDR_SZ};

use super::frames::{Frames, frame_len};
use super::source::{Filled, Source, Stop};
use crate::Result;
use crate::error::{Error, Kind};
use crate::map::{Map, MapType};
use crate::sys::mmap::{Access, Mapping};
use crate::sys::{Errno, page_size};

const HEADER: usize = BPF_RINGBUF_HDR_SZ as usize;

pub(super) struct RingReader {
    map: Arc<Map>,
    consumer: Mapping,
    producer: Mapping,
    /// Bytes of the data area, a power of two.
    size: usize,
    page: usize,
    position: u64,
    committed: u64,
}

impl RingReader {
    pub(super) fn open(map: Arc<Map>) -> Result<Self> {
        let info = map.info();
        if info.map_type != MapType::Ringbuf {
            let message =
                format!("cannot read '{}' as a ring buffer: it is a map of type '{}'", info.name, info.map_type);
            return Err(Error::new(Kind::InvalidMapKind, message).with_map(&info.name));
        }
        if info.flags & BPF_F_RB_OVERWRITE != 0 {
            let message = format!(
                "cannot read '{}': a ring buffer that overwrites its oldest records (BPF_F_RB_OVERWRITE) cannot be streamed; remove the flag",
                info.name
            );
            return Err(Error::new(Kind::Unsupported, message).with_map(&info.name));
        }
        let size = info.max_entries as usize;
        let page = page_size();
        let failed = |errno: Errno| {
            let message = format!("cannot map the memory of the ring buffer '{}' ({size} bytes): {errno}", info.name);
            let kind = if errno.0 == libc::EPERM { Kind::PermissionDenied } else { Kind::Io };
            Error::new(kind, message).with_errno(errno.0).with_map(&info.name)
        };
        let consumer = Mapping::new(map.fd(), 0, page, Access::ReadWrite).map_err(failed)?;
        let producer = Mapping::new(map.fd(), page, page + 2 * size, Access::Read).map_err(failed)?;
        // SAFETY: the consumer's page starts with its position, aligned, and is only touched through atomics.
        let position = unsafe { AtomicU64::from_ptr(consumer.as_ptr().cast()) }.load(Ordering::Acquire);
        Ok(Self { map, consumer, producer, size, page, position, committed: position })
    }

    fn commit(&mut self) {
        if self.position == self.committed {
            return;
        }
        // SAFETY: as in open(). Release: the kernel may reuse the space once it sees the position, so the copies come first.
        unsafe { AtomicU64::from_ptr(self.consumer.as_ptr().cast()) }.store(self.position, Ordering::Release);
        self.committed = self.position;
    }

    /// The error for memory that the kernel alone would not leave behind. `len` is that of the record at the current position.
    fn corrupt(&self, len: usize, until: u64) -> Error {
        let name = &self.map.info().name;
        let message = format!(
            "the ring buffer '{name}' is damaged: at position {} it holds a record of {len} bytes, with {} of {} bytes in use; \
             it is not read any further. Something else writes to its consumer position, or reads the same ring",
            self.position,
            until.wrapping_sub(self.position),
            self.size,
        );
        Error::new(Kind::Io, message).with_map(name)
    }
}

impl Source for RingReader {
    fn fd(&self) -> BorrowedFd<'_> {
        self.map.fd()
    }

    fn size(&self) -> usize {
        self.size
    }

    fn produced(&self) -> (u64, usize) {
        // SAFETY: the producer's page starts with its position, aligned, and is only touched through atomics.
        let position = unsafe { AtomicU64::from_ptr(self.producer.as_ptr().cast()) }.load(Ordering::Acquire);
        (position, position.wrapping_sub(self.position) as usize)
    }

    fn fill(&mut self, until: u64, frames: &mut Frames) -> Result<Filled> {
        // More than the ring holds is in use only when records were overwritten before they were read.
        if until.wrapping_sub(self.position) > self.size as u64 {
            return Err(self.corrupt(0, until));
        }
        let mut stop = Stop::Reached;
        while self.position < until {
            let place = self.page + (self.position as usize & (self.size - 1));
            // SAFETY: `place` is inside the first copy of the data and a multiple of 8, since every record's length is.
            let record = unsafe { self.producer.as_ptr().add(place) };
            // SAFETY: as above. Acquire: the record's bytes were written before the kernel cleared the busy bit.
            let header = unsafe { AtomicU32::from_ptr(record.cast()) }.load(Ordering::Acquire);
            if header & BPF_RINGBUF_BUSY_BIT != 0 {
                stop = Stop::Busy;
                break;
            }
            let len = (header & !BPF_RINGBUF_DISCARD_BIT) as usize;
            let whole = frame_len(len);
            if whole > self.size || self.position + whole as u64 > until {
                self.commit();
                return Err(self.corrupt(len, until));
            }
            if header & BPF_RINGBUF_DISCARD_BIT == 0 {
                if !frames.has_room(1, whole) {
                    stop = Stop::Full;
                    break;
                }
                // SAFETY: the record ends inside the second copy of the data, because it is no longer than the ring, and the kernel
                // does not touch it before its space is committed.
                unsafe { frames.push((record.add(HEADER), len), (record, 0)) };
            }
            self.position += whole as u64;
            if self.position - self.committed >= (self.size / 4) as u64 {
                self.commit();
            }
        }
        self.commit();
        Ok(Filled { stop, lost: 0 })
    }
}
