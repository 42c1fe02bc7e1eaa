//! A data section (`.data`, `.bss`, `.rodata`): one array slot that BPF programs use as their globals.
//!
//! Read and written through its mapping, so that only the named bytes change: a read-modify-write of the whole value would undo what
//! programs wrote to other globals meanwhile.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::fail::MAPPING;
use super::store::{Store, apply, check};
use super::{Map, MapType};
use crate::Result;
use crate::sys::mmap::{Access, Mapping};
use crate::sys::{Errno, page_size};

/// The single key of a section's array.
const SLOT: [u8; 4] = 0_u32.to_ne_bytes();

/// An open data section.
pub struct Section {
    map: Arc<Map>,
    way: Way,
}

/// How the bytes are reached.
enum Way {
    /// Through a writable mapping.
    Mapped(Mapping),
    /// Reads through a mapping, writes by update of the whole value. The kernel gives no writable mapping of a section that programs may
    /// not write (`.rodata`), and for the same reason nobody's write can be undone but another patch's: hence the lock.
    ReadMapped(Mapping, Mutex<()>),
    /// By system call: the map was made without BPF_F_MMAPABLE.
    Called(Mutex<()>),
}

impl Section {
    /// Opens the section behind `map`.
    ///
    /// # Errors
    /// `InvalidMapKind` when it is no array with a single slot; `Io` when it cannot be mapped.
    pub fn new(map: Arc<Map>) -> Result<Self> {
        let info = map.info();
        if info.map_type != MapType::Array || info.max_entries != 1 || info.value_size == 0 {
            return Err(map.wrong_kind("open as a data section", "an array with one slot"));
        }
        if !info.has_flag(libbpf_sys::BPF_F_MMAPABLE) {
            return Ok(Self { map, way: Way::Called(Mutex::new(())) });
        }
        let len = map.value_stride().next_multiple_of(page_size());
        let read_only = info.has_flag(libbpf_sys::BPF_F_RDONLY_PROG);
        let writable = match read_only {
            true => Err(Errno(libc::EACCES)),
            false => Mapping::new(map.fd(), 0, len, Access::ReadWrite),
        };
        let way = match writable {
            Ok(mapping) => Way::Mapped(mapping),
            // Frozen, or read-only by another flag; what a write is then answered with is the kernel's say.
            Err(Errno(libc::EPERM | libc::EACCES)) => match Mapping::new(map.fd(), 0, len, Access::Read) {
                Ok(mapping) => Way::ReadMapped(mapping, Mutex::new(())),
                Err(errno) => return Err(map.fail(MAPPING, errno)),
            },
            Err(errno) => return Err(map.fail(MAPPING, errno)),
        };
        Ok(Self { map, way })
    }

    /// The bytes of the section.
    pub fn size(&self) -> usize {
        self.map.value_stride()
    }

    /// Copies the whole section into `out`. Each aligned 8-byte word is read at once, so an aligned global never comes out half-written.
    ///
    /// # Errors
    /// `InvalidValue` when `out` has another size than the section.
    pub fn read(&self, out: &mut [u8]) -> Result<()> {
        self.map.check_value("read", out.len())?;
        match &self.way {
            Way::Mapped(mapping) | Way::ReadMapped(mapping, _) => {
                copy_out(mapping, out);
                Ok(())
            }
            Way::Called(_) => self.lookup(out),
        }
    }

    /// Writes the named bytes and nothing else. All bounds are checked before the first byte is written.
    ///
    /// An aligned store of 1, 2, 4 or 8 bytes is one atomic store, a masked one a compare-and-swap of the word it lies in; others are a
    /// copy byte by byte. On a section that programs cannot write, one call is one update of the whole value.
    ///
    /// # Errors
    /// `InvalidValue` for a store outside the section or a mask of another length than its bytes; `PermissionDenied` on a frozen section;
    /// `Unsupported` when the section is writable by programs and not mapped.
    pub fn store(&self, stores: &[Store<'_>]) -> Result<()> {
        check(&self.map, stores)?;
        match &self.way {
            Way::Mapped(mapping) => {
                for store in stores {
                    // SAFETY: check() kept every store inside the value, which the mapping covers to the end of its last page; the page
                    // is shared memory that is only touched through atomics.
                    unsafe { apply(mapping.as_ptr(), store) };
                }
                Ok(())
            }
            Way::ReadMapped(_, lock) => self.rewrite(lock, stores),
            Way::Called(lock) if self.map.info().has_flag(libbpf_sys::BPF_F_RDONLY_PROG) => self.rewrite(lock, stores),
            Way::Called(_) => Err(self.map.unsupported(
                "patch",
                "writing single globals needs a section made with BPF_F_MMAPABLE, which bind() asks for where the kernel has it (Linux 5.5) \
                 and has said so: where it has, it refused the question when the object started, so start it again",
                Errno(libc::EOPNOTSUPP),
            )),
        }
    }

    fn rewrite(&self, lock: &Mutex<()>, stores: &[Store<'_>]) -> Result<()> {
        let _one_at_a_time = lock.lock().unwrap_or_else(PoisonError::into_inner);
        // In words, for the alignment that apply() wants.
        let mut words = vec![0_u64; self.size().div_ceil(8)];
        let start: *mut u8 = words.as_mut_ptr().cast();
        {
            // SAFETY: the words hold at least this many bytes, and nothing else borrows them.
            let value = unsafe { std::slice::from_raw_parts_mut(start, self.size()) };
            self.lookup(value)?;
        }
        for store in stores {
            // SAFETY: check() kept every store inside the value, and the words cover it to the end of its last word.
            unsafe { apply(start, store) };
        }
        // SAFETY: as above.
        let value = unsafe { std::slice::from_raw_parts(start, self.size()) };
        self.map.update(&SLOT, value)
    }

    fn lookup(&self, out: &mut [u8]) -> Result<()> {
        match self.map.lookup(&SLOT, out)? {
            true => Ok(()),
            false => Err(self.map.fail("read", Errno(libc::ENOENT))),
        }
    }
}

fn copy_out(mapping: &Mapping, out: &mut [u8]) {
    debug_assert!(out.len() <= mapping.len());
    let start = mapping.as_ptr();
    let mut words = out.chunks_exact_mut(8);
    let mut offset = 0;
    for word in words.by_ref() {
        // SAFETY: the word lies inside the mapping (`out` is no longer than it) and is aligned, because a mapping starts at a page.
        let value = unsafe { AtomicU64::from_ptr(start.add(offset).cast()) }.load(Ordering::Relaxed);
        word.copy_from_slice(&value.to_ne_bytes());
        offset += 8;
    }
    for byte in words.into_remainder() {
        // SAFETY: as above.
        *byte = unsafe { AtomicU8::from_ptr(start.add(offset)) }.load(Ordering::Relaxed);
        offset += 1;
    }
}
