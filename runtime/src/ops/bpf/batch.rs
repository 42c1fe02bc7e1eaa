//! Many entries in one system call. Small batches run on the calling thread, large ones (and everything that walks the map) on a worker.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use deno_core::{OpState, op2};
use yeet_bpf::map::Map;

use super::error::Result;
use super::page::pack;
use super::state::{BpfState, with_state};
use super::worker::on_worker;

#[op2(fast)]
pub(crate) fn op_bpf_map_update_batch(
    state: &OpState,
    map: u32,
    #[buffer] keys: &[u8],
    #[buffer] values: &[u8],
    count: u32,
) -> Result<()> {
    Ok(state.borrow::<BpfState>().map(map)?.map.update_batch(keys, values, count)?)
}

#[op2(fast)]
pub(crate) fn op_bpf_map_delete_batch(state: &OpState, map: u32, #[buffer] keys: &[u8], count: u32) -> Result<()> {
    Ok(state.borrow::<BpfState>().map(map)?.map.delete_batch(keys, count)?)
}

#[op2]
pub(crate) async fn op_bpf_map_update_batch_async(
    state: Rc<RefCell<OpState>>,
    map: u32,
    #[buffer(copy)] keys: Vec<u8>,
    #[buffer(copy)] values: Vec<u8>,
    count: u32,
) -> Result<()> {
    let map = shared(&state, map)?;
    on_worker(&state, move || map.update_batch(&keys, &values, count)).await
}

#[op2]
pub(crate) async fn op_bpf_map_delete_batch_async(
    state: Rc<RefCell<OpState>>,
    map: u32,
    #[buffer(copy)] keys: Vec<u8>,
    count: u32,
) -> Result<()> {
    let map = shared(&state, map)?;
    on_worker(&state, move || map.delete_batch(&keys, count)).await
}

/// A page of at most `count` entries from the start of the map; 0 leaves the number to the map.
#[op2]
#[buffer]
pub(crate) async fn op_bpf_map_lookup_batch(state: Rc<RefCell<OpState>>, map: u32, count: u32) -> Result<Vec<u8>> {
    let map = shared(&state, map)?;
    on_worker(&state, move || map.lookup_batch(limit(count)).map(|page| pack(&page))).await
}

/// Takes out at most `count` entries.
#[op2]
#[buffer]
pub(crate) async fn op_bpf_map_drain_batch(state: Rc<RefCell<OpState>>, map: u32, count: u32) -> Result<Vec<u8>> {
    let map = shared(&state, map)?;
    on_worker(&state, move || map.drain_batch(limit(count)).map(|page| pack(&page))).await
}

/// Deletes every entry and returns how many there were.
#[op2]
#[number]
pub(crate) async fn op_bpf_map_clear(state: Rc<RefCell<OpState>>, map: u32) -> Result<u64> {
    let map = shared(&state, map)?;
    on_worker(&state, move || map.clear()).await
}

pub(crate) fn shared(state: &Rc<RefCell<OpState>>, map: u32) -> Result<Arc<Map>> {
    with_state(state, |bpf| bpf.map(map).map(|bound| Arc::clone(&bound.map)))
}

/// 0 stands for no limit in the calls of js/ops.ts.
pub(crate) fn limit(count: u32) -> Option<u32> {
    (count > 0).then_some(count)
}
