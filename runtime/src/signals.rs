//! SIGINT and SIGTERM: the script may clean up, but never for longer than the limits below, whatever it does.
//!
//! A thread of its own waits for the signals, because the JavaScript thread may be busy for ever. It says so to the event loop, and where that
//! does not answer in time it ends the JavaScript, then the process. A second signal ends the process at once.

use std::io;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use deno_core::v8;

/// How long JavaScript may take to return to the event loop before it is ended.
const BUSY_LIMIT: Duration = Duration::from_millis(500);
/// How long the script's handlers may take together.
const HANDLER_LIMIT: Duration = Duration::from_secs(2);
/// How long giving everything back may take after that.
pub(crate) const TEARDOWN_LIMIT: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    Terminate,
}

impl Signal {
    fn from_number(number: i32) -> Option<Self> {
        match number {
            libc::SIGINT => Some(Self::Interrupt),
            libc::SIGTERM => Some(Self::Terminate),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
        }
    }

    /// The exit code that a shell gives to a process which this signal ended.
    pub(crate) fn exit_code(self) -> i32 {
        128 + match self {
            Self::Interrupt => libc::SIGINT,
            Self::Terminate => libc::SIGTERM,
        }
    }
}

/// Who waits for a signal.
#[derive(Clone, Copy)]
pub(crate) enum Waiter {
    EventLoop,
    /// The promise on which the script's handlers hang.
    Script,
}

/// The latest waker of each waiter. One task may ask with wakers that do not look alike, so a list of those that differ would grow with every
/// turn of the event loop.
#[derive(Default)]
struct Wakers([Option<Waker>; 2]);

impl Wakers {
    fn keep(&mut self, waiter: Waiter, waker: &Waker) {
        match &mut self.0[waiter as usize] {
            Some(kept) => kept.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    fn wake(&mut self) {
        self.0.iter_mut().filter_map(Option::take).for_each(Waker::wake);
    }
}

/// What the signal thread and the event loop tell each other.
#[derive(Clone)]
pub(crate) struct Signals(Arc<Shared>);

struct Shared {
    /// The script runs: it may have handlers, and something to give back.
    running: AtomicBool,
    received: AtomicI32,
    /// The event loop has turned since the signal came.
    answered: AtomicBool,
    handled: AtomicBool,
    expired: AtomicBool,
    /// JavaScript was ended from outside; the error that the event loop reports for it is ours.
    terminated: AtomicBool,
    wakers: Mutex<Wakers>,
    isolate: OnceLock<v8::IsolateHandle>,
}

impl Signals {
    /// Takes over SIGINT and SIGTERM. Must run before the process has a second thread: threads inherit the mask that is set here.
    pub(crate) fn install() -> io::Result<Self> {
        let signals = Self(Arc::new(Shared {
            running: AtomicBool::new(false),
            received: AtomicI32::new(0),
            answered: AtomicBool::new(false),
            handled: AtomicBool::new(false),
            expired: AtomicBool::new(false),
            terminated: AtomicBool::new(false),
            wakers: Mutex::default(),
            isolate: OnceLock::new(),
        }));
        let set = block()?;
        let watcher = signals.clone();
        std::thread::Builder::new()
            .name("yeet-signals".into())
            .stack_size(64 * 1024)
            .spawn(move || watcher.watch(&set))?;
        Ok(signals)
    }

    /// The isolate whose JavaScript may have to be ended.
    pub(crate) fn guard(&self, isolate: v8::IsolateHandle) {
        let _ = self.0.isolate.set(isolate);
    }

    /// Says that the script begins. Until then a signal ends the process at once, also where a file that is being read never ends.
    pub(crate) fn set_running(&self) {
        self.0.running.store(true, Ordering::Release);
    }

    /// The first signal, if one came; else the waiter is woken when it does, where it asked last.
    pub(crate) fn received(&self, waiter: Waiter, cx: &Context<'_>) -> Option<Signal> {
        self.0.wakers.lock().expect("no panic while the lock is held").keep(waiter, cx.waker());
        Signal::from_number(self.0.received.load(Ordering::Acquire))
    }

    /// Says that the event loop turns.
    pub(crate) fn answer(&self) {
        self.0.answered.store(true, Ordering::Release);
    }

    pub(crate) fn set_handled(&self) {
        self.0.handled.store(true, Ordering::Release);
        self.wake();
    }

    /// Whether the run has to end now: the handlers are done, or their time is up.
    pub(crate) fn is_over(&self) -> bool {
        self.0.handled.load(Ordering::Acquire) || self.0.expired.load(Ordering::Acquire)
    }

    /// Whether JavaScript was ended from outside since the last call.
    pub(crate) fn take_terminated(&self) -> bool {
        self.0.terminated.swap(false, Ordering::AcqRel)
    }

    fn wake(&self) {
        self.0.wakers.lock().expect("no panic while the lock is held").wake();
    }

    fn watch(&self, set: &libc::sigset_t) {
        let Some(signal) = wait(set, None) else {
            return;
        };
        if !self.0.running.load(Ordering::Acquire) {
            exit_now(signal);
        }
        self.0.answered.store(false, Ordering::Release);
        self.0.received.store(signal.exit_code() - 128, Ordering::Release);
        self.wake();
        let start = Instant::now();
        self.exit_on_signal_until(set, start + BUSY_LIMIT, || self.0.answered.load(Ordering::Acquire));
        if !self.0.answered.load(Ordering::Acquire) {
            self.terminate();
            self.exit_on_signal_until(set, Instant::now() + BUSY_LIMIT, || self.0.answered.load(Ordering::Acquire));
            if !self.0.answered.load(Ordering::Acquire) {
                // Not JavaScript but a system call is busy, most often a write into a pipe that nobody reads. Nothing of ours will run again.
                exit_now(signal);
            }
        }
        self.exit_on_signal_until(set, start + HANDLER_LIMIT, || self.is_over());
        if !self.is_over() {
            self.0.expired.store(true, Ordering::Release);
            self.terminate();
            self.wake();
        }
        self.exit_on_signal_until(set, Instant::now() + TEARDOWN_LIMIT, || false);
        exit_now(signal);
    }

    /// Sleeps until the deadline or until `done`, and ends the process when a second signal comes.
    fn exit_on_signal_until(&self, set: &libc::sigset_t, deadline: Instant, done: impl Fn() -> bool) {
        const STEP: Duration = Duration::from_millis(10);
        while !done() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            if let Some(signal) = wait(set, Some(left.min(STEP))) {
                exit_now(signal);
            }
        }
    }

    fn terminate(&self) {
        self.0.terminated.store(true, Ordering::Release);
        if let Some(isolate) = self.0.isolate.get() {
            isolate.terminate_execution();
        }
    }
}

fn exit_now(signal: Signal) -> ! {
    // SAFETY: ends the process; the kernel gives back what we held.
    unsafe { libc::_exit(signal.exit_code()) }
}

/// Blocks both signals in this thread and those it will start. Blocked signals that were inherited as ignored (`yeet run … &` in a script)
/// would be thrown away, so their default action is restored too; it never runs, since they stay blocked.
fn block() -> io::Result<libc::sigset_t> {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset initialises the set before anything reads it, and the signal numbers are valid.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        let mut set = set.assume_init();
        for number in [libc::SIGINT, libc::SIGTERM] {
            libc::sigaddset(&raw mut set, number);
        }
        if libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut()) != 0 {
            return Err(io::Error::last_os_error());
        }
        for number in [libc::SIGINT, libc::SIGTERM] {
            libc::signal(number, libc::SIG_DFL);
        }
        Ok(set)
    }
}

/// The next of the signals, or `None` when the time is over.
fn wait(set: &libc::sigset_t, limit: Option<Duration>) -> Option<Signal> {
    let deadline = limit.map(|limit| Instant::now() + limit);
    loop {
        // SAFETY: the set is initialised and the timeout, where there is one, outlives the call.
        let number = unsafe {
            match deadline {
                None => libc::sigwaitinfo(set, std::ptr::null_mut()),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    let left =
                        libc::timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
                    libc::sigtimedwait(set, std::ptr::null_mut(), &raw const left)
                }
            }
        };
        if let Some(signal) = Signal::from_number(number) {
            return Some(signal);
        }
        if io::Error::last_os_error().raw_os_error() == Some(libc::EAGAIN) {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Wake, Waker};

    use super::{Waiter, Wakers};

    #[derive(Default)]
    struct Woken(AtomicU32);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn each_waiter_is_woken_where_it_asked_last() {
        let tasks: [Arc<Woken>; 3] = Default::default();
        let [old, new, script] = tasks.each_ref().map(|task| Waker::from(Arc::clone(task)));
        let mut wakers = Wakers::default();
        for _ in 0..1000 {
            wakers.keep(Waiter::EventLoop, &old);
            wakers.keep(Waiter::EventLoop, &new);
            wakers.keep(Waiter::Script, &script);
        }
        assert_eq!(Arc::strong_count(&tasks[0]), 2, "the test holds two, the list none");
        wakers.wake();
        assert_eq!(tasks.each_ref().map(|task| task.0.load(Ordering::Relaxed)), [0, 1, 1]);
        wakers.wake();
        assert_eq!(tasks[1].0.load(Ordering::Relaxed), 1, "who was woken asks again");
    }
}
