//! Memory at its end: V8 would answer each of these with pages about itself, and the kernel with SIGKILL.

mod buffers;

use std::cell::Cell;
use std::ffi::c_char;
use std::rc::Rc;
use std::sync::Arc;

use deno_core::{JsRuntime, v8};

use crate::lifecycle::{self, UNCAUGHT};
use buffers::Buffers;

/// Bytes of address space that V8 reserves for its cages when it starts; only a small part of it becomes memory.
const RESERVED: u64 = 40 << 30;

/// Bytes that a heap at its limit may still grow by, for the garbage and the native code between here and the end of the script.
const LAST: std::ops::RangeInclusive<usize> = 8 << 20..=256 << 20;

/// Whether the process may reserve what V8 needs.
///
/// # Errors
/// A message for the user where the address space is limited too much.
pub(crate) fn check_address_space() -> Result<(), String> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is to a live value of the type that the call writes.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) } == 0;
    if !known || limit.rlim_cur >= RESERVED {
        return Ok(());
    }
    Err(format!(
        "the address space of this process is limited to {} MiB, and JavaScript reserves {} MiB of it, nearly all without using it\n  \
         fix: lift the limit (ulimit -v unlimited) and limit the memory of a cgroup instead",
        limit.rlim_cur >> 20,
        RESERVED >> 20
    ))
}

/// Has the allocator keep what chunks of records, pages of maps and buffers of V8 give back: it is asked for again at once. By default the
/// kernel gets it back, and hands out zeroed pages again a moment later, which was a quarter of what a record costs.
pub(crate) fn keep_freed() {
    // Bytes: of the largest buffer that counts as small, and of what may lie free at the end of an arena.
    const LARGEST: i32 = 4 << 20;
    const FREE: i32 = 16 << 20;
    // SAFETY: sets two numbers of the allocator; no other thread is there yet.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGEST);
        libc::mallopt(libc::M_TRIM_THRESHOLD, FREE);
    }
}

/// What an isolate may use: so much of heap, and as much again of array buffers, which lie outside of it.
pub(crate) struct Limits {
    given: Option<usize>,
    buffers: Arc<Buffers>,
}

impl Limits {
    /// `heap` is in bytes; without it V8 decides by the machine's memory.
    pub(crate) fn new(heap: Option<usize>) -> Self {
        Self { given: heap, buffers: Arc::default() }
    }

    pub(crate) fn create_params(&self) -> v8::CreateParams {
        let params = v8::CreateParams::default().array_buffer_allocator(buffers::allocator(&self.buffers));
        match self.given {
            Some(heap) => params.heap_limits(0, heap),
            None => params,
        }
    }

    /// Watches the isolate that was made with these parameters: a script that has used up its heap is ended.
    pub(crate) fn watch(&self, runtime: &mut JsRuntime) -> Exhausted {
        let isolate = runtime.v8_isolate();
        isolate.set_oom_error_handler(impossible_allocation);
        let heap = self.given.unwrap_or_else(|| isolate.get_heap_statistics().heap_size_limit());
        self.buffers.set_limit(heap);
        let handle = isolate.thread_safe_handle();
        // SAFETY: taking the address is safe; using it is below.
        let address = unsafe { isolate.as_raw_isolate_ptr() };
        let exhausted = Exhausted(Rc::default());
        let seen = exhausted.clone();
        runtime.add_near_heap_limit_callback(move |limit, _| {
            // SAFETY: the isolate itself makes this call, on its own thread, so it is alive and nothing else uses it meanwhile.
            let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(address) };
            // The engine asks for a higher limit also when it has no room outside its heap, and then throws a RangeError.
            if isolate.get_heap_statistics().used_heap_size() < limit / 2 {
                return limit;
            }
            if seen.0.replace(Some(heap)).is_some() {
                // Not even the end fits: native code of the engine goes on allocating where JavaScript would have stopped.
                lifecycle::fail(&out_of_memory(heap), UNCAUGHT);
            }
            handle.terminate_execution();
            limit + (limit / 8).clamp(*LAST.start(), *LAST.end())
        });
        exhausted
    }
}

/// Whether the heap has reached its limit, which has ended all JavaScript.
#[derive(Clone)]
pub(crate) struct Exhausted(Rc<Cell<Option<usize>>>);

impl Exhausted {
    /// The message for the user, once it has.
    pub(crate) fn message(&self) -> Option<String> {
        self.0.get().map(out_of_memory)
    }
}

fn out_of_memory(heap: usize) -> String {
    format!(
        "error: out of memory: the script's heap has reached its limit of {} MiB\n  \
         fix: keep less (delete from maps and arrays what was handled), or raise the limit: yeet run --max-heap {}M …",
        heap >> 20,
        (heap >> 20) * 2
    )
}

/// What to do about an array buffer for which there is no room.
pub(crate) fn fix(sentence: &str) -> Option<&'static str> {
    (sentence == "RangeError: Array buffer allocation failed").then_some(
        "keep fewer or smaller buffers; all of them together may take as much as the heap, which `yeet run --max-heap SIZE` sets",
    )
}

/// An allocation that no limit could satisfy, such as one beyond the engine's own sizes.
unsafe extern "C" fn impossible_allocation(_location: *const c_char, _details: &v8::OomDetails) {
    lifecycle::fail("error: out of memory: the script asked for more at once than there can be", UNCAUGHT)
}
