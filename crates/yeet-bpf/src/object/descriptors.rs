//! Room for the descriptors of an object's programs, looked for before it is loaded. Those of its maps are kept free since it was opened.
//!
//! libbpf asks the kernel what it can do, and where no descriptor is left for that it takes the answer for a no: an object would fail
//! with whatever comes of that, somewhere else.

use std::path::Path;

use crate::diagnose::io_error;
use crate::error::Result;
use crate::sys::Errno;
use crate::sys::event::EventFd;

/// libbpf's own questions: a map, a program, the BTF of each, and one of the kernel's files.
const SPARE: usize = 6;

/// Fails where `count` descriptors and a few more cannot be had.
pub(super) fn check(path: &Path, count: usize) -> Result<()> {
    let mut held = Vec::with_capacity(count + SPARE);
    for _ in 0..count + SPARE {
        // An eventfd is the cheapest there is.
        match EventFd::new() {
            Ok(descriptor) => held.push(descriptor),
            Err(errno @ Errno(libc::EMFILE | libc::ENFILE)) => {
                let what = format!("cannot load {}, which needs {} more descriptors", path.display(), count + SPARE);
                return Err(io_error(&what, errno.0).with_path(path));
            }
            // Nothing of this object's.
            Err(_) => break,
        }
    }
    Ok(())
}
