//! The sources under test, under the names by which they know each other.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "models use what threads share, and neither all of it nor the sources' own unit tests"
)]

#[path = "../../src/ring/channel.rs"]
mod channel;
#[path = "../../src/ring/frames.rs"]
mod frames;
#[path = "models.rs"]
pub(super) mod models;
#[path = "../../src/ring/queue.rs"]
mod queue;

mod sync {
    pub(super) use loom::sync::atomic::{AtomicU64, Ordering};
    pub(super) use loom::sync::{Mutex, MutexGuard};
}
