//! Which libbpf is inside.

use std::ffi::CStr;

/// libbpf's version, like `1.7`.
pub fn libbpf_version() -> String {
    // SAFETY: takes nothing and gives a string that libbpf keeps for ever.
    let version = unsafe { CStr::from_ptr(libbpf_sys::libbpf_version_string()) };
    version.to_string_lossy().trim_start_matches('v').to_owned()
}
