//! What threads share state by. tests/model puts loom's in the place of these and runs the queue through every order of its threads.

pub(super) use std::sync::atomic::{AtomicU64, Ordering};
pub(super) use std::sync::{Mutex, MutexGuard};
