//! Privileges that were given up on purpose.

use std::sync::OnceLock;

static DROPPED_TO: OnceLock<String> = OnceLock::new();

/// To be told once the process has changed its user for good: what is refused from then on is refused for that reason.
pub fn privileges_dropped(user: &str) {
    // Who changed twice changed for good the first time.
    let _ = DROPPED_TO.set(user.to_owned());
}

pub(super) fn dropped_to() -> Option<String> {
    DROPPED_TO.get().cloned()
}
