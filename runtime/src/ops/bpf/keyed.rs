//! Point access by key: one system call each, on the calling thread.

use deno_core::{OpState, op2};

use super::error::Result;
use super::state::BpfState;

/// Fills `value` and returns true, or returns false when the key is absent.
#[op2(fast)]
pub(crate) fn op_bpf_map_lookup(
    state: &OpState,
    map: u32,
    #[buffer] key: &[u8],
    #[buffer] value: &mut [u8],
) -> Result<bool> {
    Ok(state.borrow::<BpfState>().map(map)?.map.lookup(key, value)?)
}

#[op2(fast)]
pub(crate) fn op_bpf_map_update(state: &OpState, map: u32, #[buffer] key: &[u8], #[buffer] value: &[u8]) -> Result<()> {
    Ok(state.borrow::<BpfState>().map(map)?.map.update(key, value)?)
}

#[op2(fast)]
pub(crate) fn op_bpf_map_delete(state: &OpState, map: u32, #[buffer] key: &[u8]) -> Result<()> {
    Ok(state.borrow::<BpfState>().map(map)?.map.delete(key)?)
}
