//! The bounded queue of one subscription.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Waker};

use super::frames::Frames;
use super::sync::{Mutex, MutexGuard};
use crate::Error;

/// Records for one subscriber, oldest first.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Whole frames: u32 length, four zero bytes, the record, zeros to a multiple of 8.
    pub bytes: Vec<u8>,
    /// How many frames. Zero in a chunk that only tells of a loss.
    pub records: u32,
    /// How many records were lost right before this chunk.
    pub lagged: u64,
    /// Which bound made them drop; the latest, if both did.
    pub lag_cause: Option<LagCause>,
}

/// Which bound of a queue was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LagCause {
    /// The number of records.
    Entries,
    /// Their bytes.
    Bytes,
}

/// The counts of one subscription. At any moment `received == delivered + lagged + queued`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Records that reached the queue.
    pub received: u64,
    /// Records that were taken out in chunks.
    pub delivered: u64,
    /// Records that were dropped because the queue was full.
    pub lagged: u64,
    /// Records that wait. After a close: those that waited then, and are gone.
    pub queued: u64,
    /// Records that the kernel could not store, since the subscription began, where it counts them. It does for perf event arrays and
    /// not for ring buffers, whose programs see the failure themselves.
    pub kernel_dropped: Option<u64>,
}

/// Bounds of a queue. A record larger than `bytes` never fits and counts as lagged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) records: usize,
    pub(super) bytes: usize,
}

/// A batch in the queue whose first `head` bytes were dropped already.
struct Segment {
    frames: Frames,
    head: usize,
    records: usize,
}

struct State {
    segments: VecDeque<Segment>,
    bounds: Bounds,
    /// Records and frame bytes in the segments, without dropped ones.
    records: usize,
    bytes: usize,
    stats: Stats,
    /// Lost since the last chunk.
    missed: u64,
    cause: Option<LagCause>,
    /// The subscriber wants no more.
    closed: bool,
    /// The pump brings no more, for this reason if it is one.
    ended: bool,
    failure: Option<Arc<Error>>,
    waker: Option<Waker>,
}

pub(super) struct Queue(Mutex<State>);

impl Queue {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self(Mutex::new(State {
            segments: VecDeque::new(),
            bounds,
            records: 0,
            bytes: 0,
            stats: Stats::default(),
            missed: 0,
            cause: None,
            closed: false,
            ended: false,
            failure: None,
            waker: None,
        }))
    }

    /// No panic can leave the state half-changed in a way that matters, so a poisoned lock is as good as another.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends a batch, dropping the oldest records where it does not fit.
    pub(super) fn push(&self, batch: Frames) {
        let mut state = self.state();
        if state.closed {
            return;
        }
        state.push(batch);
        wake(state);
    }

    pub(super) fn set_bounds(&self, bounds: Bounds) {
        let mut state = self.state();
        state.bounds = bounds;
        state.drop_oldest();
    }

    /// The pump brings no more.
    pub(super) fn end(&self, failure: Option<Arc<Error>>) {
        let mut state = self.state();
        state.ended = true;
        state.failure = failure;
        wake(state);
    }

    /// The subscriber wants no more: frees what waits.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.segments = VecDeque::new();
        wake(state);
    }

    pub(super) fn poll_chunk(&self, cx: &mut Context<'_>) -> Poll<Option<Chunk>> {
        let mut state = self.state();
        if state.closed {
            return Poll::Ready(None);
        }
        if let Some(chunk) = state.take() {
            return Poll::Ready(Some(chunk));
        }
        if state.ended {
            return Poll::Ready(None);
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        Poll::Pending
    }

    pub(super) fn stats(&self) -> Stats {
        let state = self.state();
        Stats { queued: state.records as u64, ..state.stats }
    }

    pub(super) fn failure(&self) -> Option<Arc<Error>> {
        self.state().failure.clone()
    }
}

/// Wakes the subscriber after the lock is given back, so that it does not wake up only to wait for it.
fn wake(mut state: MutexGuard<'_, State>) {
    let waker = state.waker.take();
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl State {
    fn push(&mut self, mut batch: Frames) {
        let (records, bytes) = (batch.records(), batch.len());
        self.stats.received += records as u64;
        self.records += records;
        self.bytes += bytes;
        match self.segments.back_mut() {
            // Few records at a time would make many small chunks, and each costs the subscriber a wake-up of its own.
            Some(last) if last.frames.has_room(records, bytes) => {
                last.frames.append(&batch);
                last.records += records;
            }
            _ => {
                batch.trim();
                self.segments.push_back(Segment { frames: batch, head: 0, records });
            }
        }
        self.drop_oldest();
    }

    /// Drops from the front until both bounds hold.
    fn drop_oldest(&mut self) {
        loop {
            let cause = if self.records > self.bounds.records {
                LagCause::Entries
            } else if self.bytes > self.bounds.bytes {
                LagCause::Bytes
            } else {
                return;
            };
            let Some(front) = self.segments.front_mut() else { return };
            let whole = front.frames.len() - front.head;
            // Whether the bound would not hold even with the last record of the segment alone.
            let all = self.records - front.records >= self.bounds.records || self.bytes - whole >= self.bounds.bytes;
            let (records, bytes) = if all { (front.records, whole) } else { (1, front.frames.frame_at(front.head)) };
            front.head += bytes;
            front.records -= records;
            if front.records == 0 {
                self.segments.pop_front();
            }
            self.records -= records;
            self.bytes -= bytes;
            self.stats.lagged += records as u64;
            self.missed += records as u64;
            self.cause = Some(cause);
        }
    }

    /// The oldest segment as a chunk, or one that only tells of a loss.
    fn take(&mut self) -> Option<Chunk> {
        let front = self.segments.pop_front();
        if front.is_none() && self.missed == 0 {
            return None;
        }
        let mut chunk = Chunk {
            bytes: Vec::new(),
            records: 0,
            lagged: std::mem::take(&mut self.missed),
            lag_cause: self.cause.take(),
        };
        if let Some(Segment { frames, head, records }) = front {
            let mut bytes = frames.into_bytes();
            bytes.drain(..head);
            self.records -= records;
            self.bytes -= bytes.len();
            self.stats.delivered += records as u64;
            // A segment holds at most 1,024 records.
            chunk.records = records as u32;
            chunk.bytes = bytes;
        }
        Some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::task::{Context, Poll, Waker};

    use super::{Bounds, Frames, LagCause, Queue, Stats};
    use crate::ring::frames::frame_len;

    fn batch(records: &[Vec<u8>]) -> Frames {
        let mut frames = Frames::default();
        for record in records {
            // SAFETY: a slice, and no second piece.
            unsafe { frames.push((record.as_ptr(), record.len()), (record.as_ptr(), 0)) };
        }
        frames
    }

    /// The queue as one would write it down: records one by one, the oldest dropped until both bounds hold.
    #[derive(Default)]
    struct Model {
        records: VecDeque<Vec<u8>>,
        missed: u64,
        cause: Option<LagCause>,
        stats: Stats,
    }

    impl Model {
        fn bytes(&self) -> usize {
            self.records.iter().map(|record| frame_len(record.len())).sum()
        }

        fn push(&mut self, records: &[Vec<u8>]) {
            self.stats.received += records.len() as u64;
            self.records.extend(records.iter().cloned());
        }

        fn drop_oldest(&mut self, bounds: Bounds) {
            loop {
                let cause = match (self.records.len() > bounds.records, self.bytes() > bounds.bytes) {
                    (true, _) => LagCause::Entries,
                    (_, true) => LagCause::Bytes,
                    _ => return,
                };
                self.records.pop_front();
                self.missed += 1;
                self.stats.lagged += 1;
                self.cause = Some(cause);
            }
        }
    }

    #[test]
    fn agrees_with_a_model() {
        let mut rng = fastrand::Rng::with_seed(7);
        let mut number = 0_u64;
        // Under Miri a thousand times as slow.
        for _ in 0..if cfg!(miri) { 4 } else { 300 } {
            let mut bounds = Bounds { records: rng.usize(1..40), bytes: rng.usize(1..2000) };
            let (queue, mut model) = (Queue::new(bounds), Model::default());
            for _ in 0..60 {
                match rng.u8(0..8) {
                    0..=4 => {
                        let records: Vec<Vec<u8>> = (0..rng.usize(1..12))
                            .map(|_| {
                                number += 1;
                                let mut record = number.to_ne_bytes().to_vec();
                                record.resize(rng.usize(8..120), 1);
                                record
                            })
                            .collect();
                        queue.push(batch(&records));
                        model.push(&records);
                        model.drop_oldest(bounds);
                    }
                    5 => {
                        bounds = Bounds { records: rng.usize(1..40), bytes: rng.usize(1..2000) };
                        queue.set_bounds(bounds);
                        model.drop_oldest(bounds);
                    }
                    _ => take(&queue, &mut model),
                }
                model.stats.queued = model.records.len() as u64;
                assert_eq!(queue.stats(), model.stats);
            }
            queue.end(None);
            while model.missed > 0 || !model.records.is_empty() {
                take(&queue, &mut model);
            }
            assert_eq!(queue.poll_chunk(&mut Context::from_waker(Waker::noop())), Poll::Ready(None));
        }
    }

    /// Takes a chunk and compares its frames with the model's oldest records.
    fn take(queue: &Queue, model: &mut Model) {
        let Poll::Ready(Some(chunk)) = queue.poll_chunk(&mut Context::from_waker(Waker::noop())) else {
            assert!(model.records.is_empty() && model.missed == 0);
            return;
        };
        // Which bound dropped the last record may differ: the queue drops whole segments at once.
        assert_eq!((chunk.lagged, chunk.lag_cause.is_some()), (model.missed, model.cause.is_some()));
        let records: Vec<Vec<u8>> = model.records.drain(..chunk.records as usize).collect();
        assert!(chunk.records > 0 || model.records.is_empty());
        assert_eq!(chunk.bytes, batch(&records).into_bytes());
        model.stats.delivered += u64::from(chunk.records);
        (model.missed, model.cause) = (0, None);
    }

    #[test]
    fn a_closed_queue_is_empty_and_takes_nothing() {
        let queue = Queue::new(Bounds { records: 10, bytes: 1000 });
        queue.push(batch(&[vec![1; 8], vec![2; 8]]));
        queue.close();
        queue.push(batch(&[vec![3; 8]]));
        assert_eq!(queue.poll_chunk(&mut Context::from_waker(Waker::noop())), Poll::Ready(None));
        assert_eq!(queue.stats(), Stats { received: 2, queued: 2, ..Stats::default() });
    }
}
