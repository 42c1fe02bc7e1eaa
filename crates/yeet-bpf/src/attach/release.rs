//! Detaching.

use std::sync::{Mutex, PoisonError};
use std::thread;

use super::{Attached, Hold};

/// How many links are closed at the same time, each by a thread that does nothing else.
const AT_ONCE: usize = 256;
/// Bytes; a system call needs little.
const STACK: usize = 64 << 10;

/// Detaches all. The kernel lets go of a link when every CPU is done with what it protected, and links that are closed at the same time
/// wait together: one after the other, a hundred user-space probes take five seconds, like this a tenth of one.
pub(crate) fn release(places: Vec<Attached>) {
    // libbpf's own links are not made to be destroyed by several threads, and closing perf events together is no faster.
    let (links, others): (Vec<_>, Vec<_>) = places
        .into_iter()
        .map(|place| place.hold)
        .partition(|hold| matches!(hold, Hold::Fd { .. } | Hold::Usdt { .. }));
    let helpers = links.len().min(AT_ONCE).saturating_sub(1);
    let links = Mutex::new(links);
    let close_all = || {
        loop {
            let link = links.lock().unwrap_or_else(PoisonError::into_inner).pop();
            if link.is_none() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..helpers {
            // Without more threads it only takes longer.
            if thread::Builder::new().stack_size(STACK).spawn_scoped(scope, close_all).is_err() {
                break;
            }
        }
        drop(others);
        close_all();
    });
}
