//! Streams of records: one pump thread drains every bound ring buffer and perf event array and hands each subscription its own bounded queue of frames.
//!
//! ```text
//! kernel ring ──source──> Frames (one copy) ──channel──> queue of each subscription ──poll_chunk──> Chunk
//! ```
//!
//! A queue that is full drops its oldest records and counts them. Whoever is slow therefore loses records of their own and costs nobody
//! else anything: neither the other subscriptions nor the kernel's ring, which is always drained.

mod channel;
mod frames;
mod pace;
mod perf;
mod pump;
mod queue;
mod reader;
mod source;
mod subscription;
mod sync;

pub use pump::{Pump, RingSpec};
pub use queue::{Chunk, LagCause, Stats};
pub use subscription::{SubscribeOpts, Subscription};
