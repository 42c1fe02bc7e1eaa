//! Memory at its end: V8 would answer each of these with pages about itself.

use std::ffi::c_char;

use deno_core::{JsRuntime, v8};

use crate::lifecycle::{self, UNCAUGHT};

/// Bytes of address space that V8 reserves for its cages when it starts; only a small part of it becomes memory.
const RESERVED: u64 = 40 << 30;

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
        "error: the address space of this process is limited to {} MiB, and JavaScript reserves {} MiB of it, nearly all without using it\n  \
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

/// Ends a script that has used up its memory with a sentence of ours.
pub(crate) fn watch(runtime: &mut JsRuntime) {
    runtime.v8_isolate().set_oom_error_handler(impossible_allocation);
    // SAFETY: taking the address is safe; using it is below.
    let address = unsafe { runtime.v8_isolate().as_raw_isolate_ptr() };
    runtime.add_near_heap_limit_callback(move |limit, _| {
        // SAFETY: the isolate itself makes this call, on its own thread, so it is alive and nothing else uses it meanwhile.
        let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(address) };
        let used = isolate.get_heap_statistics().used_heap_size();
        // The engine asks for a higher limit also when it has no room outside its heap, and then throws a RangeError.
        if used < limit / 2 { limit } else { out_of_memory(limit) }
    });
}

/// A heap at its limit. V8 would end the process with pages about itself.
fn out_of_memory(limit: usize) -> ! {
    lifecycle::fail(
        &format!("error: out of memory: the script's heap has reached its limit of {} MiB", limit >> 20),
        UNCAUGHT,
    )
}

/// An allocation that no limit could satisfy, such as one beyond the engine's own sizes.
unsafe extern "C" fn impossible_allocation(_location: *const c_char, _details: &v8::OomDetails) {
    lifecycle::fail("error: out of memory: the script asked for more at once than there can be", UNCAUGHT)
}
