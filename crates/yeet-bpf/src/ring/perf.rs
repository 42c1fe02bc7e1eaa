//! The reader of one CPU's buffer of a perf event array.
//!
//! A perf event array has a buffer for each CPU. Records of one CPU keep their order; between CPUs there is none. The kernel pads every
//! record so that it ends at a multiple of 8 after its 4-byte size: up to 7 bytes more arrive than the program sent.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::frames::{Frames, frame_len};
use super::source::{Filled, Source, Stop};
use crate::Result;
use crate::diagnose::{Environment, Need, io_error, permission_denied};
use crate::error::{Error, Kind};
use crate::map::{Map, online_cpus};
use crate::sys::mmap::{Access, Mapping};
use crate::sys::perf::OutputEvent;
use crate::sys::{Errno, page_size};

// Offsets in `struct perf_event_mmap_page`, the buffer's first page.
const DATA_HEAD: usize = 1024;
const DATA_TAIL: usize = 1032;

// `struct perf_event_header`: u32 type, u16 misc, u16 size of the whole record.
const HEADER: usize = 8;
const RECORD_LOST: u32 = 2;
const RECORD_SAMPLE: u32 = 9;

pub(super) struct PerfReader {
    map: Arc<Map>,
    cpu: u32,
    event: OutputEvent,
    memory: Mapping,
    page: usize,
    /// Bytes of the data area, a power of two.
    size: usize,
    position: u64,
    /// What the event's own count said last.
    lost: u64,
}

/// Opens the buffers of all CPUs that are online, each of `bytes` rounded up to a power of two of pages.
pub(super) fn open(map: &Arc<Map>, bytes: usize) -> Result<Vec<PerfReader>> {
    let mut readers = Vec::new();
    for cpu in online_cpus()? {
        // A map that is too short for a CPU takes nothing from its programs.
        if cpu >= map.info().max_entries {
            continue;
        }
        match PerfReader::open(map, cpu, bytes) {
            Ok(reader) => readers.push(reader),
            // The CPU went offline meanwhile.
            Err(error) if error.facts().errno == Some(libc::ENODEV) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(readers)
}

impl PerfReader {
    fn open(map: &Arc<Map>, cpu: u32, bytes: usize) -> Result<Self> {
        let page = page_size();
        let size = bytes.div_ceil(page).max(1).next_power_of_two() * page;
        let failed = |errno: Errno| cannot_open(map, cpu, size, errno);
        let event = OutputEvent::open(cpu).map_err(failed)?;
        let memory = Mapping::new(event.fd(), 0, page + size, Access::ReadWrite).map_err(failed)?;
        event.enable().map_err(failed)?;
        map.update(&cpu.to_ne_bytes(), &event.fd().as_raw_fd().to_ne_bytes())?;
        Ok(Self { map: Arc::clone(map), cpu, event, memory, page, size, position: 0, lost: 0 })
    }

    fn counter(&self, offset: usize) -> &AtomicU64 {
        // SAFETY: both counters lie aligned in the first page, which is mapped as long as `self` lives and only touched through atomics.
        unsafe { AtomicU64::from_ptr(self.memory.as_ptr().add(offset).cast()) }
    }

    /// The piece of the data area at a position: as much as there is before its end.
    fn piece(&self, position: u64, len: usize) -> (*const u8, usize) {
        let place = position as usize & (self.size - 1);
        // SAFETY: `place` is inside the data area, which follows the first page.
        let start = unsafe { self.memory.as_ptr().add(self.page + place) };
        (start, len.min(self.size - place))
    }

    /// Eight bytes at a position that is a multiple of 8, so that they do not wrap.
    fn word(&self, position: u64) -> [u8; 8] {
        let (start, _) = self.piece(position, 8);
        let mut word = [0; 8];
        // SAFETY: the data area is a multiple of 8 long. The kernel wrote the word before it moved the head and leaves it alone until
        // the tail has passed.
        unsafe { start.copy_to_nonoverlapping(word.as_mut_ptr(), 8) };
        word
    }

    fn corrupt(&self, until: u64) -> Error {
        let name = &self.map.info().name;
        let message = format!(
            "the buffer of CPU {} of the perf event array '{name}' is damaged at position {} of {until}; it is not read any further",
            self.cpu, self.position
        );
        Error::new(Kind::Io, message).with_map(name)
    }

    /// What the kernel lost since the last look: by the event's own count where there is one, else by what the buffer said.
    fn newly_lost(&mut self, told: u64) -> u64 {
        match self.event.lost() {
            Some(lost) => lost.saturating_sub(std::mem::replace(&mut self.lost, lost)),
            None => told,
        }
    }
}

impl Source for PerfReader {
    fn fd(&self) -> BorrowedFd<'_> {
        self.event.fd()
    }

    fn size(&self) -> usize {
        self.size
    }

    fn produced(&self) -> (u64, usize) {
        let head = self.counter(DATA_HEAD).load(Ordering::Acquire);
        (head, head.wrapping_sub(self.position) as usize)
    }

    fn fill(&mut self, until: u64, frames: &mut Frames) -> Result<Filled> {
        let mut stop = Stop::Reached;
        let mut told = 0;
        while self.position < until {
            let [t0, t1, t2, t3, _, _, s0, s1] = self.word(self.position);
            let (kind, size) = (u32::from_ne_bytes([t0, t1, t2, t3]), usize::from(u16::from_ne_bytes([s0, s1])));
            if size < 2 * HEADER || !size.is_multiple_of(8) || self.position + size as u64 > until {
                return Err(self.corrupt(until));
            }
            match kind {
                RECORD_SAMPLE => {
                    let [l0, l1, l2, l3, ..] = self.word(self.position + HEADER as u64);
                    let len = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
                    if HEADER + 4 + len > size {
                        return Err(self.corrupt(until));
                    }
                    if !frames.has_room(1, frame_len(len)) {
                        stop = Stop::Full;
                        break;
                    }
                    let from = self.position + HEADER as u64 + 4;
                    let first = self.piece(from, len);
                    let rest = self.piece(from + first.1 as u64, len - first.1);
                    // SAFETY: both pieces lie in the data area, and the kernel leaves them alone until the tail has passed.
                    unsafe { frames.push(first, rest) };
                }
                // After the header the event's id, then the count.
                RECORD_LOST if size >= 3 * HEADER => {
                    told += u64::from_ne_bytes(self.word(self.position + 2 * HEADER as u64))
                }
                // Throttling and other notes of the kernel's.
                _ => {}
            }
            self.position += size as u64;
        }
        self.counter(DATA_TAIL).store(self.position, Ordering::Release);
        Ok(Filled { stop, lost: self.newly_lost(told) })
    }
}

impl Drop for PerfReader {
    fn drop(&mut self) {
        // The array would keep the event, and its memory, alive. The slot may have gone with the map's last program: nothing to do then.
        let _ = self.map.delete(&self.cpu.to_ne_bytes());
    }
}

fn cannot_open(map: &Map, cpu: u32, size: usize, errno: Errno) -> Error {
    let name = &map.info().name;
    let what = format!("cannot open a buffer of {size} bytes on CPU {cpu} for the perf event array '{name}'");
    match errno.0 {
        libc::EPERM | libc::EACCES if Environment::read().missing(Need::Attach).is_empty() => {
            let reason = "not permitted; a filter refuses it, or it exceeds the locked memory of kernel.perf_event_mlock_kb: ask for a smaller buffer";
            Error::new(Kind::PermissionDenied, format!("{what}: {reason} ({errno})")).with_errno(errno.0)
        }
        libc::EPERM | libc::EACCES => permission_denied(&what, Need::Attach).with_errno(errno.0),
        _ => io_error(&what, errno.0),
    }
    .with_map(name)
}
