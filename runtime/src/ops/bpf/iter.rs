//! Reading iterator programs.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use deno_core::{OpState, op2};
use yeet_bpf::error::Kind;

use super::error::{OpError, Result};
use super::state::{BpfState, Reading, full, lock, with_state};
use super::worker::on_worker;

#[op2(fast)]
pub(crate) fn op_bpf_iter_open(state: &mut OpState, object: u32, #[string] program: String) -> Result<u32> {
    let bpf = state.borrow_mut::<BpfState>();
    let running = bpf.running(object)?;
    let walk = lock(&running).walk(&program)?;
    bpf.readings.insert(Reading { object, walk: Arc::new(Mutex::new(walk)) }).ok_or_else(|| full("iterators"))
}

/// What the program wrote next; empty at the end.
#[op2]
#[buffer]
pub(crate) async fn op_bpf_iter_next(state: Rc<RefCell<OpState>>, reading: u32) -> Result<Vec<u8>> {
    let walk = with_state(&state, |bpf| bpf.readings.get(reading).map(|reading| Arc::clone(&reading.walk)))
        .ok_or_else(|| OpError::new(Kind::Stopped, "the iteration is over: its object was stopped"))?;
    on_worker(&state, move || {
        let chunk = walk.lock().unwrap_or_else(PoisonError::into_inner).next_chunk()?;
        Ok(chunk.unwrap_or_default())
    })
    .await
}

#[op2(fast)]
pub(crate) fn op_bpf_iter_close(state: &mut OpState, reading: u32) {
    state.borrow_mut::<BpfState>().readings.remove(reading);
}
