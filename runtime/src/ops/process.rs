use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use deno_core::{OpState, op2};

use crate::lifecycle;
use crate::lifecycle::LiveTimers;
use crate::signals::{Signals, Waiter};

/// Ends the process with this code after everything was given back; never returns.
#[op2(fast)]
pub(crate) fn op_exit(state: &mut OpState, code: i32) {
    lifecycle::exit(state, code);
}

/// Stays pending for ever, so that a main module which awaits nothing else is parked and not deadlocked.
#[op2]
pub(crate) async fn op_park() {
    pending::<()>().await;
}

/// Resolves with the name of the first SIGINT or SIGTERM.
#[op2]
#[string]
pub(crate) async fn op_signal_wait(state: Rc<RefCell<OpState>>) -> &'static str {
    let signals = state.borrow().borrow::<Signals>().clone();
    poll_fn(|cx| signals.received(Waiter::Script, cx).map_or(Poll::Pending, |signal| Poll::Ready(signal.name()))).await
}

/// Says that the script's own signal handlers are done.
#[op2(fast)]
pub(crate) fn op_signal_handled(state: &mut OpState) {
    state.borrow::<Signals>().set_handled();
}

/// Keeps count of the timers that could still fire.
#[op2(fast)]
pub(crate) fn op_timers_live(state: &mut OpState, #[smi] count: u32) {
    state.borrow_mut::<LiveTimers>().0 = count;
}
