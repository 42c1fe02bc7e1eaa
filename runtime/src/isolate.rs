//! Making the isolate: restored from the snapshot, with our loader and the state that ops need.

use std::rc::Rc;

use deno_core::error::{CoreError, CoreErrorKind};
use deno_core::{JsRuntime, ModuleLoader, RuntimeOptions, SharedArrayBufferStore, exception_to_err, v8};
use serde::Serialize;

use crate::extension;
use crate::lifecycle::{LiveTimers, Options};
use crate::memory::{Exhausted, Limits};
use crate::signals::Signals;
use crate::stdio::{STDERR, STDOUT, is_terminal, wants_colors};

/// What `start()` in js/main.ts gets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings<'a> {
    args: &'a [String],
    version: &'static str,
    keep_alive: bool,
    stdout_colors: bool,
    stderr_colors: bool,
    stdout_terminal: bool,
}

/// A script that does nothing. Ops that were baked into the snapshot are the slow variants, and loading a script that is not in the snapshot is
/// what makes the engine replace them; js/ops.ts does that when the first object starts, so that a script without one does not pay for it.
const FAST_OPS: (&str, &str) = ("ext:yeet/fast_ops.js", "(function () {})()");

/// The one function that `structuredClone` takes from the web's streams when it transfers a buffer. The rest of them is not in the binary.
const STREAMS: (&str, &str) = (
    "ext:deno_web/06_streams.js",
    "(function () { return { isDetachedBuffer: (buffer) => buffer.detached === true }; })()",
);

pub(crate) struct Isolate {
    pub(crate) runtime: JsRuntime,
    pub(crate) exhausted: Exhausted,
    end: v8::Global<v8::Function>,
}

impl Isolate {
    pub(crate) fn new(
        snapshot: &'static [u8],
        loader: Rc<dyn ModuleLoader>,
        signals: &Signals,
        options: &Options,
    ) -> Result<Self, CoreError> {
        let limits = Limits::new(options.max_heap);
        let mut runtime = JsRuntime::try_new(RuntimeOptions {
            startup_snapshot: Some(snapshot),
            create_params: Some(limits.create_params()),
            skip_op_registration: true,
            extensions: extension::all(),
            module_loader: Some(loader),
            // Without it, a buffer that `structuredClone` transfers is copied and stays with its old owner.
            shared_array_buffer_store: Some(SharedArrayBufferStore::default()),
            residual_lazy_js_sources: &[STREAMS, FAST_OPS],
            ..Default::default()
        })?;
        signals.guard(runtime.v8_isolate().thread_safe_handle());
        let exhausted = limits.watch(&mut runtime);
        {
            let state = runtime.op_state();
            let mut state = state.borrow_mut();
            state.put(signals.clone());
            state.put(LiveTimers(0));
        }
        let (start, end) = built_in_functions(&mut runtime);
        let settings = Settings {
            args: &options.args,
            version: env!("CARGO_PKG_VERSION"),
            keep_alive: options.keep_alive,
            stdout_colors: wants_colors(STDOUT),
            stderr_colors: wants_colors(STDERR),
            stdout_terminal: is_terminal(STDOUT),
        };
        call_with(&mut runtime, &start, &settings)?;
        Ok(Self { runtime, exhausted, end })
    }

    /// The main module has settled: timers and subscriptions call back no more.
    ///
    /// # Errors
    /// What the main module threw, or the first rejection that nobody handled.
    pub(crate) fn finish(&mut self) -> Result<(), CoreError> {
        call_with(&mut self.runtime, &self.end.clone(), ())?;
        reported(&mut self.runtime)
    }
}

/// `start` and `end` of js/main.ts, which `start` removes from the global object before a script can see them.
fn built_in_functions(runtime: &mut JsRuntime) -> (v8::Global<v8::Function>, v8::Global<v8::Function>) {
    deno_core::scope!(scope, runtime);
    let global = scope.get_current_context().global(scope);
    let functions = property(scope, global, "__yeet").cast::<v8::Object>();
    let start = property(scope, functions, "start").cast::<v8::Function>();
    let end = property(scope, functions, "end").cast::<v8::Function>();
    (v8::Global::new(scope, start), v8::Global::new(scope, end))
}

pub(crate) fn property<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    name: &str,
) -> v8::Local<'s, v8::Value> {
    let key = v8::String::new(scope, name).expect("a short name");
    object.get(scope, key.into()).expect("the snapshot defines it")
}

fn call_with(
    runtime: &mut JsRuntime,
    function: &v8::Global<v8::Function>,
    argument: impl Serialize,
) -> Result<(), CoreError> {
    deno_core::scope!(scope, runtime);
    v8::tc_scope!(let scope, scope);
    let argument = deno_core::serde_v8::to_v8(scope, argument).expect("plain data");
    let function = v8::Local::new(scope, function);
    let this = v8::undefined(scope).into();
    if function.call(scope, this, &[argument]).is_some() {
        return Ok(());
    }
    let exception = scope.exception().unwrap_or(this);
    Err(CoreErrorKind::Js(exception_to_err(scope, exception, false, true)).into_box())
}

/// The error of a listener or a microtask that was reported and that the event loop did not come to deliver. It takes the place of any other
/// exception that is made into an error, and that is the only way to learn of it.
fn reported(runtime: &mut JsRuntime) -> Result<(), CoreError> {
    const NOTHING: &str = "nothing was reported";
    deno_core::scope!(scope, runtime);
    let nothing = v8::String::new(scope, NOTHING).expect("a short text").into();
    let error = exception_to_err(scope, nothing, false, true);
    if error.exception_message.ends_with(NOTHING) { Ok(()) } else { Err(CoreErrorKind::Js(error).into_box()) }
}
