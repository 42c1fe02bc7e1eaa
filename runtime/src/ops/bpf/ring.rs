//! Subscriptions to event buffers.

use std::future::poll_fn;
use std::sync::Arc;

use deno_core::{OpState, op2};
use serde::Serialize;
use yeet_bpf::error::Kind;
use yeet_bpf::ring::{Chunk, LagCause, SubscribeOpts};

use super::error::{OpError, Result};
use super::state::{BpfState, full};

#[op2(fast)]
pub(crate) fn op_bpf_ring_subscribe(state: &mut OpState, map: u32, capacity: u32, byte_cap: u32) -> Result<u32> {
    let bpf = state.borrow_mut::<BpfState>();
    let bound = bpf.map(map)?;
    let pump = bpf.objects.get(bound.object).and_then(|object| object.pump.as_ref());
    let (Some(pump), Some(ring)) = (pump, bound.ring) else {
        let message = format!("map '{}' is not an event buffer", bound.map.info().name);
        return Err(OpError::new(Kind::InvalidMapKind, message));
    };
    let options = SubscribeOpts { capacity: capacity as usize, byte_cap: byte_cap as usize };
    let subscription = Arc::new(pump.subscribe(ring, options)?);
    bpf.subscriptions.insert(subscription).ok_or_else(|| full("subscriptions"))
}

/// The next records with the trailer that js/bpf/chunk.ts reads; empty once the subscription is closed and drained.
///
/// Deferred: even when records wait already, the promise resolves in a later turn of the event loop, so that a flood of events does not
/// starve timers and other promises.
#[op2(async(deferred), fast)]
#[arraybuffer]
pub(crate) fn op_bpf_ring_next(
    state: &mut OpState,
    subscription: u32,
) -> impl Future<Output = Result<Vec<u8>>> + use<> {
    let subscription = state.borrow::<BpfState>().subscriptions.get(subscription).cloned();
    async move {
        let Some(subscription) = subscription else { return Ok(Vec::new()) };
        match poll_fn(|cx| subscription.poll_chunk(cx)).await {
            Some(chunk) => Ok(with_trailer(chunk)),
            None => subscription.failure().map_or_else(|| Ok(Vec::new()), |failure| Err(failure.into())),
        }
    }
}

/// Four u32 behind the frames: lost records (low word, high word), which bound they ran into, number of records.
fn with_trailer(chunk: Chunk) -> Vec<u8> {
    let cause: u32 = match chunk.lag_cause {
        None => 0,
        Some(LagCause::Entries) => 1,
        Some(LagCause::Bytes) => 2,
    };
    let mut bytes = chunk.bytes;
    bytes.extend(chunk.lagged.to_le_bytes());
    bytes.extend(cause.to_le_bytes());
    bytes.extend(chunk.records.to_le_bytes());
    bytes
}

/// Counts in records; -1 where the kernel does not tell.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RingStats {
    received: f64,
    delivered: f64,
    lagged: f64,
    queued: f64,
    kernel_dropped: f64,
}

#[op2]
#[serde]
pub(crate) fn op_bpf_ring_stats(state: &mut OpState, subscription: u32) -> Result<RingStats> {
    let Some(subscription) = state.borrow::<BpfState>().subscriptions.get(subscription) else {
        return Err(OpError::new(Kind::Stopped, "the subscription is closed"));
    };
    let stats = subscription.stats();
    Ok(RingStats {
        received: stats.received as f64,
        delivered: stats.delivered as f64,
        lagged: stats.lagged as f64,
        queued: stats.queued as f64,
        kernel_dropped: stats.kernel_dropped.map_or(-1.0, |dropped| dropped as f64),
    })
}

/// Ends the subscription; a pending `op_bpf_ring_next` resolves empty.
#[op2(fast)]
pub(crate) fn op_bpf_ring_close(state: &mut OpState, subscription: u32) {
    if let Some(subscription) = state.borrow_mut::<BpfState>().subscriptions.remove(subscription) {
        subscription.close();
    }
}
