//! A guest under QEMU without KVM proves function, never speed: there every time is longer, and nothing is measured.

use std::time::Duration;

/// How many times longer everything may take in a guest.
const SLOWER: u32 = 6;

/// Do the tests run in a guest? `cargo xtask vm` says so.
pub fn in_guest() -> bool {
    std::env::var_os("YEET_GUEST").is_some_and(|value| value == "1")
}

/// A limit as a fast machine has it, made long enough for this one.
pub fn stretched(limit: Duration) -> Duration {
    if in_guest() { limit * SLOWER } else { limit }
}
