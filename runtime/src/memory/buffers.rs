//! The memory of array buffers, which lies outside V8's heap and which V8 itself does not limit.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deno_core::v8;

/// How much array buffers take. Reserving fails beyond the limit, and the script gets a RangeError.
#[derive(Default)]
pub(super) struct Buffers {
    used: AtomicUsize,
    /// Zero until it is known; the few buffers of a start are not limited.
    limit: AtomicUsize,
}

impl Buffers {
    pub(super) fn set_limit(&self, bytes: usize) {
        self.limit.store(bytes, Ordering::Relaxed);
    }

    fn reserve(&self, bytes: usize) -> bool {
        let limit = self.limit.load(Ordering::Relaxed);
        let used = self.used.fetch_add(bytes, Ordering::Relaxed);
        let fits = limit == 0 || used.checked_add(bytes).is_some_and(|sum| sum <= limit);
        if !fits {
            self.release(bytes);
        }
        fits
    }

    fn release(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// An allocator that counts in `buffers`. V8 calls it from any thread.
pub(super) fn allocator(buffers: &Arc<Buffers>) -> v8::UniqueRef<v8::Allocator> {
    static CALLS: v8::RustAllocatorVtable<Buffers> =
        v8::RustAllocatorVtable { allocate, allocate_uninitialized, free, drop };
    // SAFETY: the handle is a reference count that `drop` gives back, and the calls take just that type.
    unsafe { v8::new_rust_allocator(Arc::into_raw(Arc::clone(buffers)), &CALLS) }
}

unsafe extern "C" fn allocate(buffers: &Buffers, bytes: usize) -> *mut c_void {
    // SAFETY: calloc takes any size, and null is what V8 expects of a failure. Pages that nobody touches cost nothing.
    counted(buffers, bytes, || unsafe { libc::calloc(bytes.max(1), 1) })
}

unsafe extern "C" fn allocate_uninitialized(buffers: &Buffers, bytes: usize) -> *mut c_void {
    // SAFETY: malloc takes any size, and V8 writes before it reads.
    counted(buffers, bytes, || unsafe { libc::malloc(bytes.max(1)) })
}

fn counted(buffers: &Buffers, bytes: usize, allocate: impl FnOnce() -> *mut c_void) -> *mut c_void {
    if !buffers.reserve(bytes) {
        return std::ptr::null_mut();
    }
    let data = allocate();
    if data.is_null() {
        buffers.release(bytes);
    }
    data
}

unsafe extern "C" fn free(buffers: &Buffers, data: *mut c_void, bytes: usize) {
    // SAFETY: V8 gives back what one of the above returned, once.
    unsafe { libc::free(data) };
    buffers.release(bytes);
}

unsafe extern "C" fn drop(buffers: *const Buffers) {
    // SAFETY: the pointer is the one that `allocator` made of an Arc; this is its last use.
    std::mem::drop(unsafe { Arc::from_raw(buffers) });
}

#[cfg(test)]
mod tests {
    use super::Buffers;

    #[test]
    fn what_does_not_fit_is_not_counted() {
        let buffers = Buffers::default();
        assert!(buffers.reserve(50), "no limit yet");
        buffers.set_limit(100);
        assert!(!buffers.reserve(51));
        assert!(!buffers.reserve(usize::MAX));
        assert!(buffers.reserve(50));
        assert!(!buffers.reserve(1));
        buffers.release(100);
        assert!(buffers.reserve(100));
    }
}
