//! Runs that are under way, and how the end of their object ends them.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

use libc::c_int;

/// How long the end waits for runs. The kernel looks for signals between two runs of a program, not within one.
const PATIENCE: Duration = Duration::from_secs(2);
/// A signal that comes before the system call is lost, so it is sent again.
const AGAIN: Duration = Duration::from_millis(5);

/// The runs of one object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    stopped: bool,
    threads: Vec<libc::pthread_t>,
}

impl Runs {
    /// Says that this thread runs a program until the guard is dropped; `None` where the object is stopped.
    pub(super) fn enter(&self) -> Option<Running<'_>> {
        install_handler();
        let mut state = self.lock();
        // SAFETY: asks for this thread's own id.
        let thread = unsafe { libc::pthread_self() };
        (!state.stopped).then(|| {
            state.threads.push(thread);
            Running { runs: self, thread }
        })
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    /// Lets no run begin any more, ends those under way and waits for them.
    pub(crate) fn stop(&self) {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.lock();
        state.stopped = true;
        while !state.threads.is_empty() && Instant::now() < deadline {
            for &thread in &state.threads {
                // SAFETY: the thread is alive: it leaves the list, which is locked, before it ends.
                unsafe { libc::pthread_kill(thread, signal()) };
            }
            state = self.0.changed.wait_timeout(state, AGAIN).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run that is under way on this thread.
pub(super) struct Running<'a> {
    runs: &'a Runs,
    thread: libc::pthread_t,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut state = self.runs.lock();
        if let Some(at) = state.threads.iter().position(|&thread| thread == self.thread) {
            state.threads.swap_remove(at);
        }
        self.runs.0.changed.notify_all();
    }
}

/// One that nobody else uses: it only has to interrupt a system call.
fn signal() -> c_int {
    libc::SIGRTMIN() + 5
}

fn install_handler() {
    static INSTALLED: Once = Once::new();
    extern "C" fn nothing(_: c_int) {}
    INSTALLED.call_once(|| {
        // SAFETY: the handler does nothing, and without SA_RESTART the interrupted call returns; the struct is plain data that is filled in.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = nothing as extern "C" fn(c_int) as libc::sighandler_t;
            libc::sigaction(signal(), &action, std::ptr::null_mut());
        }
    });
}
