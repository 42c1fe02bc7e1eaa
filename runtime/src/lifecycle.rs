//! One run of one script: the isolate ends once the top-level module has settled.
//!
//! A pending top-level `await` keeps it running, whatever it awaits. Timers, intervals and subscriptions run meanwhile and do not keep it alive by
//! themselves. On every way out everything is given back first.

use std::future::{Future, poll_fn};
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use deno_core::error::CoreError;
use deno_core::{ModuleSpecifier, OpState, PollEventLoopOptions, v8};

use crate::errors;
use crate::isolate::Isolate;
use crate::loader::Loader;
use crate::memory;
use crate::ops::bpf::BpfState;
use crate::privileges::{self, Privileges, User};
use crate::signals::{Signal, Signals, TEARDOWN_LIMIT, Waiter};
use crate::stdio::{STDERR, error_line, is_terminal};

/// The script to run.
pub enum Main {
    /// A file that exists.
    File(std::path::PathBuf),
    /// TypeScript that was read from standard input; its imports are relative to the working directory.
    Text(String),
}

impl Default for Main {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

#[derive(Default)]
pub struct Options {
    pub main: Main,
    /// What the script finds in `yeet.args`.
    pub args: Vec<String>,
    /// Started objects, live subscriptions and timers hold the isolate after the main module has settled.
    pub keep_alive: bool,
    /// The user to change to once objects have started.
    pub user: Option<User>,
    /// Say on stderr when a script ended with something live. `None`: only where stderr is a terminal.
    pub hints: Option<bool>,
    /// Bytes that JavaScript's heap may grow to, and array buffers as much again. `None`: what V8 takes for this machine.
    pub max_heap: Option<usize>,
    /// Flags of V8 itself, each with its dashes.
    pub v8_flags: Vec<String>,
}

/// The heaps that an isolate can begin with. Restoring one takes time for everything that is in it.
pub struct Snapshots {
    /// For a script that imports nothing.
    pub globals: &'static [u8],
    /// With the modules that scripts import.
    pub all: &'static [u8],
}

/// How many timers could still fire.
pub(crate) struct LiveTimers(pub(crate) u32);

/// Exit code for usage errors, missing files and everything that is wrong with the static module graph.
const BAD_INPUT: i32 = 2;
/// Exit code for an uncaught error or an unhandled rejection.
pub(crate) const UNCAUGHT: i32 = 1;

/// How a run ended.
enum Outcome {
    Settled,
    Failed(CoreError),
    Signalled(Signal),
    /// The heap is full; the message for the user.
    OutOfMemory(String),
}

/// Runs a script to its end and ends the process with its exit code.
pub fn run(snapshots: &Snapshots, options: Options) -> ! {
    memory::keep_freed();
    let prepared =
        options.user.as_ref().map_or(Ok(()), privileges::prepare).and_then(|()| set_v8_flags(&options.v8_flags));
    if let Err(message) = prepared {
        fail(&message, BAD_INPUT);
    }
    let signals = Signals::install()
        .unwrap_or_else(|error| fail(&format!("error: cannot watch for signals: {error}"), BAD_INPUT));
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let tokio = tokio.unwrap_or_else(|error| fail(&format!("error: cannot start the event loop: {error}"), BAD_INPUT));
    let code = tokio.block_on(run_main(snapshots, options, signals));
    end_process(code)
}

/// Before the first isolate, which reads them.
fn set_v8_flags(flags: &[String]) -> Result<(), String> {
    if flags.is_empty() {
        return Ok(());
    }
    // The first word counts as the program's name.
    let words = std::iter::once("yeet".to_owned()).chain(flags.iter().cloned()).collect();
    match v8::V8::set_flags_from_command_line(words).get(1) {
        None => Ok(()),
        Some(unknown) => {
            Err(format!("error: V8 has no flag {unknown}\n  fix: its flags are listed by --v8-flags=--help"))
        }
    }
}

async fn run_main(snapshots: &Snapshots, options: Options, signals: Signals) -> i32 {
    let loader = Rc::new(Loader::default());
    let specifier = match loader.open_main(&options.main) {
        Ok(specifier) => specifier,
        Err(message) => fail(&message, BAD_INPUT),
    };
    if let Err(message) = memory::check_address_space() {
        fail(&format!("error: {message}"), BAD_INPUT);
    }
    let snapshot = if loader.may_import() { snapshots.all } else { snapshots.globals };
    let mut isolate = match Isolate::new(snapshot, loader.clone(), &signals, &options) {
        // The end of the process frees it faster than it frees itself.
        Ok(isolate) => ManuallyDrop::new(isolate),
        Err(error) => fail(&format!("error: cannot start JavaScript: {error}"), BAD_INPUT),
    };
    isolate.runtime.op_state().borrow_mut().put(Privileges::until_started(options.user));
    let outcome = match load(&mut isolate, &specifier).await {
        Err(error) => {
            error_line(&errors::load_error(&error, &loader));
            return BAD_INPUT;
        }
        Ok(module) => evaluate(&mut isolate, module, &loader, &signals, options.keep_alive).await,
    };
    let state = isolate.runtime.op_state();
    let code = match outcome {
        Outcome::Signalled(signal) => signal.exit_code(),
        Outcome::OutOfMemory(message) => {
            error_line(&message);
            UNCAUGHT
        }
        Outcome::Failed(error) => {
            error_line(&errors::uncaught(&error, &loader));
            UNCAUGHT
        }
        Outcome::Settled => match finish(&mut isolate, &loader).await {
            Err(error) => {
                error_line(&isolate.exhausted.message().unwrap_or_else(|| errors::uncaught(&error, &loader)));
                UNCAUGHT
            }
            Ok(()) => {
                if options.hints.unwrap_or_else(|| is_terminal(STDERR)) && !options.keep_alive {
                    hint(&state.borrow());
                }
                0
            }
        },
    };
    close(&mut state.borrow_mut());
    code
}

async fn load(isolate: &mut Isolate, specifier: &ModuleSpecifier) -> Result<deno_core::ModuleId, CoreError> {
    isolate.runtime.load_main_es_module(specifier).await
}

async fn evaluate(
    isolate: &mut Isolate,
    module: deno_core::ModuleId,
    loader: &Loader,
    signals: &Signals,
    keep_alive: bool,
) -> Outcome {
    signals.set_running();
    let mut evaluation = Evaluation::Pending(Box::pin(isolate.runtime.mod_evaluate(module)));
    poll_fn(|cx| {
        signals.answer();
        if let Some(message) = isolate.exhausted.message() {
            return Poll::Ready(Outcome::OutOfMemory(message));
        }
        // Before the loop turns: a timer of a module without an `await` may be due already, and must not fire.
        if evaluation.is_settled(cx) && !keep_alive && signals.received(Waiter::EventLoop, cx).is_none() {
            return Poll::Ready(Outcome::Settled);
        }
        loader.turn();
        let turn = isolate.runtime.poll_event_loop(cx, PollEventLoopOptions::default());
        if let Some(message) = isolate.exhausted.message() {
            return Poll::Ready(Outcome::OutOfMemory(message));
        }
        if let Some(signal) = signals.received(Waiter::EventLoop, cx) {
            if signals.is_over() {
                return Poll::Ready(Outcome::Signalled(signal));
            }
            if signals.take_terminated() {
                // The busy JavaScript was ended; the script's handlers may run once it is gone.
                isolate.runtime.v8_isolate().cancel_terminate_execution();
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        if let Poll::Ready(Err(error)) = turn {
            return Poll::Ready(Outcome::Failed(error));
        }
        if let Some(error) = evaluation.take_ended()
            && signals.received(Waiter::EventLoop, cx).is_none()
        {
            return Poll::Ready(Outcome::Failed(error));
        }
        let held = signals.received(Waiter::EventLoop, cx).is_some()
            || (keep_alive && (turn.is_pending() || is_live(&isolate.runtime.op_state().borrow())));
        if evaluation.is_settled(cx) && !held { Poll::Ready(Outcome::Settled) } else { Poll::Pending }
    })
    .await
}

/// The main module has settled: what is left are rejections that nobody has handled, and every `import()` that was not looked at yet.
async fn finish(isolate: &mut Isolate, loader: &Loader) -> Result<(), CoreError> {
    isolate.finish()?;
    if loader.close() {
        poll_fn(|cx| match isolate.runtime.poll_event_loop(cx, PollEventLoopOptions::default()) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        })
        .await?;
        isolate.finish()?;
    }
    Ok(())
}

/// What has become of the main module.
enum Evaluation<F> {
    Pending(Pin<Box<F>>),
    /// Done. Where it threw, the error is among the rejections that nobody handled.
    Settled,
    /// Its JavaScript was ended from outside. The event loop knows why, unless it was a signal.
    Ended(Option<CoreError>),
}

impl<F: Future<Output = Result<(), CoreError>>> Evaluation<F> {
    fn is_settled(&mut self, cx: &mut Context<'_>) -> bool {
        if let Self::Pending(future) = self
            && let Poll::Ready(result) = future.as_mut().poll(cx)
        {
            *self = result.map_or_else(|error| Self::Ended(Some(error)), |()| Self::Settled);
        }
        matches!(self, Self::Settled)
    }

    fn take_ended(&mut self) -> Option<CoreError> {
        match self {
            Self::Ended(error) => error.take(),
            _ => None,
        }
    }
}

/// What holds the isolate under `--keep-alive`, besides operations that are under way.
fn is_live(state: &OpState) -> bool {
    let bpf = state.borrow::<BpfState>().live();
    state.borrow::<LiveTimers>().0 > 0 || bpf.subscriptions > 0 || bpf.objects > 0
}

/// The one thing that surprises people about this lifecycle: they start something, do not wait for it, and the script ends.
fn hint(state: &OpState) {
    let bpf = state.borrow::<BpfState>().live();
    let counts = [
        (state.borrow::<LiveTimers>().0 as usize, "timer"),
        (bpf.subscriptions, "subscription"),
        (bpf.objects, "started object"),
        (bpf.pending, "unfinished operation"),
    ];
    let live: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| if *count == 1 { format!("1 {what}") } else { format!("{count} {what}s") })
        .collect();
    if live.is_empty() {
        return;
    }
    error_line(&format!(
        "hint: the script ended with {} still live: it ends as soon as its top-level module has settled. \
         To keep it running, await a promise at the top level (for example `await new Promise(() => {{}})`), or run it with --keep-alive.",
        live.join(", ")
    ));
}

/// Ends the process from inside an op: gives everything back and never returns to JavaScript.
pub(crate) fn exit(state: &mut OpState, code: i32) -> ! {
    close(state);
    end_process(code)
}

/// Detaches every link and frees every object. What takes longer than the limit is left to the kernel, which does it when the process ends.
fn close(state: &mut OpState) {
    state.borrow_mut::<BpfState>().close_all(TEARDOWN_LIMIT);
}

/// Ends the process with a message, without a look at what is still held: the kernel frees that with the process.
pub(crate) fn fail(message: &str, code: i32) -> ! {
    error_line(message);
    end_process(code)
}

/// Output is written through, so there is nothing to flush; destructors of the isolate and of V8's threads would only cost time.
fn end_process(code: i32) -> ! {
    // SAFETY: ends the process.
    unsafe { libc::_exit(code) }
}
