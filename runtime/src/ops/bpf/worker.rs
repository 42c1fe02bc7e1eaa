//! Work that must not hold up the JavaScript thread.

use std::cell::RefCell;
use std::rc::Rc;

use deno_core::OpState;
use deno_core::unsync::spawn_blocking;
use yeet_bpf::error::Kind;

use super::error::{OpError, Result};
use super::state::with_state;

/// Runs `work` on a worker thread. Counts as pending meanwhile.
pub(crate) async fn on_worker<T: Send + 'static>(
    state: &Rc<RefCell<OpState>>,
    work: impl FnOnce() -> yeet_bpf::Result<T> + Send + 'static,
) -> Result<T> {
    let _pending = with_state(state, |bpf| bpf.pending());
    match spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(error) => Err(OpError::new(Kind::Io, format!("a worker thread failed: {error}; this is a bug in yeet"))),
    }
}
