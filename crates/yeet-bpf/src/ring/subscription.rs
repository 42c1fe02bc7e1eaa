//! A subscriber's end of a ring.

use std::sync::Arc;
use std::task::{Context, Poll};

use super::channel::Channel;
use super::queue::{Bounds, Chunk, Queue, Stats};
use crate::Error;

/// The bounds of a subscription's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscribeOpts {
    /// Records at most; at least one.
    pub capacity: usize,
    /// Bytes of frames at most. A larger record never fits, and counts as lost.
    pub byte_cap: usize,
}

impl Default for SubscribeOpts {
    /// 8,192 records and 16 MiB.
    fn default() -> Self {
        Self { capacity: 8192, byte_cap: 16 << 20 }
    }
}

impl SubscribeOpts {
    pub(super) fn bounds(self) -> Bounds {
        Bounds { records: self.capacity.max(1), bytes: self.byte_cap }
    }
}

/// One subscriber's records. Dropping it closes it.
pub struct Subscription {
    channel: Arc<Channel>,
    queue: Arc<Queue>,
    dropped_before: u64,
}

impl Subscription {
    pub(super) fn new(channel: Arc<Channel>, opts: SubscribeOpts) -> Self {
        let (queue, dropped_before) = channel.join(opts.bounds());
        Self { channel, queue, dropped_before }
    }

    /// The next records, at most about 1,024 or 256 KiB at a time; a single larger record comes alone. `None` once the subscription is
    /// closed, or the pump has ended and all was taken. One task polls at a time; the last one that did is woken.
    pub fn poll_chunk(&self, cx: &mut Context<'_>) -> Poll<Option<Chunk>> {
        self.queue.poll_chunk(cx)
    }

    /// The counts so far; they can be read at any time, also after a close.
    pub fn stats(&self) -> Stats {
        let kernel_dropped = self.channel.kernel_dropped().map(|dropped| dropped.saturating_sub(self.dropped_before));
        Stats { kernel_dropped, ..self.queue.stats() }
    }

    /// Why the stream ended, when it was not stopped or closed but failed.
    pub fn failure(&self) -> Option<Arc<Error>> {
        self.queue.failure()
    }

    /// Ends the delivery: no chunk comes out any more, and what waits is freed.
    pub fn close(&self) {
        self.channel.leave(&self.queue);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.close();
    }
}
