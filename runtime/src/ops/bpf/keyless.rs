//! Bloom filters, queues and stacks.

use deno_core::{OpState, op2};

use super::error::Result;
use super::state::BpfState;

#[op2(fast)]
pub(crate) fn op_bpf_bloom_insert(state: &OpState, map: u32, #[buffer] value: &[u8]) -> Result<()> {
    Ok(state.borrow::<BpfState>().map(map)?.map.insert(value)?)
}

#[op2(fast)]
pub(crate) fn op_bpf_bloom_contains(state: &OpState, map: u32, #[buffer] value: &[u8]) -> Result<bool> {
    Ok(state.borrow::<BpfState>().map(map)?.map.contains(value)?)
}

#[op2(fast)]
pub(crate) fn op_bpf_queue_push(state: &OpState, map: u32, #[buffer] value: &[u8]) -> Result<()> {
    Ok(state.borrow::<BpfState>().map(map)?.map.push(value)?)
}

/// Fills `value` and returns true, or returns false when the map is empty.
#[op2(fast)]
pub(crate) fn op_bpf_queue_pop(state: &OpState, map: u32, #[buffer] value: &mut [u8]) -> Result<bool> {
    Ok(state.borrow::<BpfState>().map(map)?.map.pop(value)?)
}

/// As `op_bpf_queue_pop`, and leaves the value where it is.
#[op2(fast)]
pub(crate) fn op_bpf_queue_peek(state: &OpState, map: u32, #[buffer] value: &mut [u8]) -> Result<bool> {
    Ok(state.borrow::<BpfState>().map(map)?.map.peek(value)?)
}
