//! The map commands of bpf(2), and what it says of programs. Each is `unsafe` because the kernel trusts the sizes: it copies what the map's own `key_size` and value
//! size say, whatever the slices hold. [`crate::map::Map`] checks the lengths before it comes here.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

use libbpf_sys as lib;

use super::{Errno, check};

/// A pointer for the kernel: null for "no key" (queues, bloom filters, the first step of a walk).
fn key_ptr(key: Option<&[u8]>) -> *const libc::c_void {
    key.map_or(ptr::null(), |key| key.as_ptr().cast())
}

/// BPF_OBJ_GET_INFO_BY_FD on a map.
pub(crate) fn map_info(fd: BorrowedFd<'_>) -> Result<lib::bpf_map_info, Errno> {
    let mut info = lib::bpf_map_info::default();
    let mut len = size_of::<lib::bpf_map_info>() as u32;
    // SAFETY: `info` is a plain C struct of `len` bytes that outlives the call.
    check(unsafe { lib::bpf_map_get_info_by_fd(fd.as_raw_fd(), &mut info, &mut len) })?;
    Ok(info)
}

/// BPF_OBJ_GET_INFO_BY_FD on a program.
pub(crate) fn program_info(fd: BorrowedFd<'_>) -> Result<lib::bpf_prog_info, Errno> {
    let mut info = lib::bpf_prog_info::default();
    let mut len = size_of::<lib::bpf_prog_info>() as u32;
    // SAFETY: `info` is a plain C struct of `len` bytes that outlives the call; its pointers are null, so nothing else is written.
    check(unsafe { lib::bpf_prog_get_info_by_fd(fd.as_raw_fd(), &mut info, &mut len) })?;
    Ok(info)
}

/// BPF_MAP_LOOKUP_ELEM.
///
/// # Safety
/// `key` holds `key_size` bytes (`None` only for keyless maps); `value` holds one whole value, all CPUs of a per-CPU kind included.
pub(crate) unsafe fn lookup(fd: BorrowedFd<'_>, key: Option<&[u8]>, value: &mut [u8]) -> Result<(), Errno> {
    // SAFETY: the caller vouches for both lengths.
    check(unsafe { lib::bpf_map_lookup_elem(fd.as_raw_fd(), key_ptr(key), value.as_mut_ptr().cast()) })
}

/// BPF_MAP_LOOKUP_ELEM on a bloom filter, where the value is what is asked for: ENOENT says that it was never added.
///
/// # Safety
/// The map is a bloom filter, so that the kernel only reads `value`, and `value` holds one value.
pub(crate) unsafe fn contains(fd: BorrowedFd<'_>, value: &[u8]) -> Result<(), Errno> {
    // SAFETY: the caller vouches for the length and that nothing is written.
    check(unsafe { lib::bpf_map_lookup_elem(fd.as_raw_fd(), ptr::null(), value.as_ptr().cast_mut().cast()) })
}

/// BPF_MAP_LOOKUP_ELEM on no map at all: EBADF where such calls are allowed.
pub(crate) fn lookup_in_nothing() -> Errno {
    let (key, mut value) = (0_u32, 0_u32);
    // SAFETY: without a map the kernel reads and writes neither, and both are there.
    let result = unsafe { lib::bpf_map_lookup_elem(-1, ptr::from_ref(&key).cast(), ptr::from_mut(&mut value).cast()) };
    Errno(-result)
}

/// BPF_MAP_LOOKUP_AND_DELETE_ELEM.
///
/// # Safety
/// As for [`lookup`].
pub(crate) unsafe fn lookup_and_delete(fd: BorrowedFd<'_>, key: Option<&[u8]>, value: &mut [u8]) -> Result<(), Errno> {
    // SAFETY: the caller vouches for both lengths.
    check(unsafe { lib::bpf_map_lookup_and_delete_elem(fd.as_raw_fd(), key_ptr(key), value.as_mut_ptr().cast()) })
}

/// BPF_MAP_UPDATE_ELEM with BPF_ANY.
///
/// # Safety
/// As for [`lookup`]; `value` is only read.
pub(crate) unsafe fn update(fd: BorrowedFd<'_>, key: Option<&[u8]>, value: &[u8]) -> Result<(), Errno> {
    // SAFETY: the caller vouches for both lengths.
    check(unsafe { lib::bpf_map_update_elem(fd.as_raw_fd(), key_ptr(key), value.as_ptr().cast(), lib::BPF_ANY.into()) })
}

/// BPF_MAP_DELETE_ELEM.
///
/// # Safety
/// `key` holds `key_size` bytes.
pub(crate) unsafe fn delete(fd: BorrowedFd<'_>, key: &[u8]) -> Result<(), Errno> {
    // SAFETY: the caller vouches for the length.
    check(unsafe { lib::bpf_map_delete_elem(fd.as_raw_fd(), key.as_ptr().cast()) })
}

/// BPF_MAP_GET_NEXT_KEY: `None` gives the first key. ENOENT says that there is no further one.
///
/// # Safety
/// Both slices hold `key_size` bytes.
pub(crate) unsafe fn next_key(fd: BorrowedFd<'_>, key: Option<&[u8]>, next: &mut [u8]) -> Result<(), Errno> {
    // SAFETY: the caller vouches for both lengths.
    check(unsafe { lib::bpf_map_get_next_key(fd.as_raw_fd(), key_ptr(key), next.as_mut_ptr().cast()) })
}

/// What a batch command reports: whether it failed, and how many entries the kernel says it handled.
///
/// The count is the caller's own number, untouched, where the kernel refused before it started.
pub(crate) struct BatchOutcome {
    pub(crate) result: Result<(), Errno>,
    pub(crate) count: u32,
}

fn outcome(ret: libc::c_int, count: u32) -> BatchOutcome {
    BatchOutcome { result: check(ret), count }
}

fn batch_opts() -> lib::bpf_map_batch_opts {
    lib::bpf_map_batch_opts { sz: size_of::<lib::bpf_map_batch_opts>() as lib::size_t, ..Default::default() }
}

/// BPF_MAP_UPDATE_BATCH.
///
/// # Safety
/// `keys` and `values` hold `count` keys and whole values.
pub(crate) unsafe fn update_batch(fd: BorrowedFd<'_>, keys: &[u8], values: &[u8], count: u32) -> BatchOutcome {
    let mut count = count;
    // SAFETY: the caller vouches for both lengths; the options live to the end of the call.
    let ret = unsafe {
        lib::bpf_map_update_batch(
            fd.as_raw_fd(),
            keys.as_ptr().cast(),
            values.as_ptr().cast(),
            &mut count,
            &batch_opts(),
        )
    };
    outcome(ret, count)
}

/// BPF_MAP_DELETE_BATCH.
///
/// # Safety
/// `keys` holds `count` keys.
pub(crate) unsafe fn delete_batch(fd: BorrowedFd<'_>, keys: &[u8], count: u32) -> BatchOutcome {
    let mut count = count;
    // SAFETY: the caller vouches for the length; the options live to the end of the call.
    let ret = unsafe { lib::bpf_map_delete_batch(fd.as_raw_fd(), keys.as_ptr().cast(), &mut count, &batch_opts()) };
    outcome(ret, count)
}

/// Where a batched walk goes on, and where it puts what it finds.
pub(crate) struct BatchBuffers<'a> {
    /// `None` starts at the beginning.
    pub(crate) from: Option<&'a [u8]>,
    /// Receives the place to go on from; at least `max(key_size, 4)` bytes.
    pub(crate) to: &'a mut [u8],
    /// Room for `count` keys. A raw pointer, so that it may be memory that is not initialised yet.
    pub(crate) keys: *mut u8,
    /// Room for `count` whole values.
    pub(crate) values: *mut u8,
    pub(crate) count: u32,
}

/// BPF_MAP_LOOKUP_BATCH, or with `delete` BPF_MAP_LOOKUP_AND_DELETE_BATCH.
///
/// # Safety
/// `keys` and `values` are writable for `count` keys and whole values, `from` and `to` for the map's cursor.
pub(crate) unsafe fn lookup_batch(fd: BorrowedFd<'_>, buffers: BatchBuffers<'_>, delete: bool) -> BatchOutcome {
    let mut count = buffers.count;
    // libbpf's signature is not const-correct: the kernel only reads this one.
    let from = key_ptr(buffers.from).cast_mut();
    let call = if delete { lib::bpf_map_lookup_and_delete_batch } else { lib::bpf_map_lookup_batch };
    // SAFETY: the caller vouches for every length; the options live to the end of the call.
    let ret = unsafe {
        call(
            fd.as_raw_fd(),
            from,
            buffers.to.as_mut_ptr().cast(),
            buffers.keys.cast(),
            buffers.values.cast(),
            &mut count,
            &batch_opts(),
        )
    };
    outcome(ret, count)
}
