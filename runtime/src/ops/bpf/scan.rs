//! Walks over whole maps, page by page.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use deno_core::{OpState, op2};
use yeet_bpf::error::Kind;
use yeet_bpf::map::Scan;

use super::batch::limit;
use super::error::{OpError, Result};
use super::page::pack;
use super::state::{BpfState, Walk, full, with_state};
use super::worker::on_worker;

/// A cursor before the first entry; `batch_size` 0 leaves the page size to the map.
#[op2(fast)]
pub(crate) fn op_bpf_scan_open(state: &mut OpState, map: u32, batch_size: u32) -> Result<u32> {
    let bpf = state.borrow_mut::<BpfState>();
    let bound = bpf.map(map)?;
    let scan = Scan::new(Arc::clone(&bound.map), limit(batch_size));
    let walk = Walk { object: bound.object, scan: Arc::new(Mutex::new(scan)) };
    bpf.walks.insert(walk).ok_or_else(|| full("walks"))
}

/// The next page, empty after the last.
#[op2]
#[buffer]
pub(crate) async fn op_bpf_scan_next(state: Rc<RefCell<OpState>>, walk: u32) -> Result<Vec<u8>> {
    let scan = with_state(&state, |bpf| bpf.walks.get(walk).map(|walk| Arc::clone(&walk.scan)))
        .ok_or_else(|| OpError::new(Kind::Stopped, "the walk is over: its object was stopped"))?;
    on_worker(&state, move || {
        let page = scan.lock().unwrap_or_else(PoisonError::into_inner).next_page()?;
        Ok(page.map_or_else(Vec::new, |page| pack(&page)))
    })
    .await
}

#[op2(fast)]
pub(crate) fn op_bpf_scan_close(state: &mut OpState, walk: u32) {
    state.borrow_mut::<BpfState>().walks.remove(walk);
}
