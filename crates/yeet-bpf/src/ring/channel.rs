//! One ring's subscriptions.

use std::sync::{Arc, PoisonError};

use super::frames::Frames;
use super::queue::{Bounds, Queue};
use super::sync::{AtomicU64, Mutex, MutexGuard, Ordering};
use crate::Error;

/// Where the pump publishes the batches of one ring, and subscriptions come and go.
pub(super) struct Channel {
    state: Mutex<State>,
    /// Records that the kernel says it lost; stays zero where it does not count.
    kernel_dropped: AtomicU64,
    counts_drops: bool,
}

struct State {
    queues: Vec<Arc<Queue>>,
    /// The queue that collects until somebody subscribes. It is in `queues` too.
    backlog: Option<Arc<Queue>>,
    /// Set when the pump has ended.
    ended: Option<Option<Arc<Error>>>,
}

impl Channel {
    pub(super) fn new(bounds: Bounds, counts_drops: bool) -> Self {
        let backlog = Arc::new(Queue::new(bounds));
        let state = State { queues: vec![Arc::clone(&backlog)], backlog: Some(backlog), ended: None };
        Self { state: Mutex::new(state), kernel_dropped: AtomicU64::new(0), counts_drops }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A queue for a new subscriber, and what the kernel had lost by then. The first one gets what has waited.
    pub(super) fn join(&self, bounds: Bounds) -> (Arc<Queue>, u64) {
        let mut state = self.state();
        if let Some(backlog) = state.backlog.take() {
            backlog.set_bounds(bounds);
            return (backlog, 0);
        }
        let queue = Arc::new(Queue::new(bounds));
        match &state.ended {
            Some(failure) => queue.end(failure.clone()),
            None => state.queues.push(Arc::clone(&queue)),
        }
        (queue, self.kernel_dropped.load(Ordering::Relaxed))
    }

    pub(super) fn leave(&self, queue: &Arc<Queue>) {
        self.state().queues.retain(|other| !Arc::ptr_eq(other, queue));
        queue.close();
    }

    /// Gives a batch to every queue; the last one gets it as it is, the others a copy.
    pub(super) fn publish(&self, batch: Frames) {
        let state = self.state();
        // Another source of the same channel may have failed.
        if state.ended.is_some() {
            return;
        }
        let Some((last, others)) = state.queues.split_last() else { return };
        for queue in others {
            queue.push(batch.clone());
        }
        last.push(batch);
    }

    /// Ends every queue, those of later subscriptions too. The first reason stays.
    pub(super) fn end(&self, failure: Option<Arc<Error>>) {
        let mut state = self.state();
        if state.ended.is_some() {
            return;
        }
        for queue in &state.queues {
            queue.end(failure.clone());
        }
        state.ended = Some(failure);
    }

    pub(super) fn add_kernel_dropped(&self, records: u64) {
        self.kernel_dropped.fetch_add(records, Ordering::Relaxed);
    }

    /// What the kernel has lost so far, where it counts.
    pub(super) fn kernel_dropped(&self) -> Option<u64> {
        self.counts_drops.then(|| self.kernel_dropped.load(Ordering::Relaxed))
    }
}
