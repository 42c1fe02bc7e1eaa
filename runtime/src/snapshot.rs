//! Makes the V8 snapshots: the built-in modules, evaluated once at build time.

use std::path::PathBuf;
use std::rc::Rc;

use deno_core::snapshot::{CreateSnapshotOptions, create_snapshot};
use deno_core::{JsRuntimeForSnapshot, ModuleCodeString, ModuleName, PollEventLoopOptions, SourceMapData};
use deno_error::JsErrorBox;
use yeet_transpile::{Comments, MediaType, ModuleSpecifier};

pub use crate::built_in::BuiltIn;
use crate::{built_in, extension};

/// The object that js/bpf/rehearsal.ts starts, below `js/`.
const REHEARSED: &str = "bpf/rehearsal.bpf.o";

/// The snapshot's bytes and the source files that went into it.
pub struct Snapshot {
    pub bytes: Box<[u8]>,
    pub files: Vec<PathBuf>,
}

/// Evaluates the built-in modules and serialises the heap that they leave.
///
/// # Errors
/// A built-in module that does not parse or throws while it is evaluated.
///
/// # Panics
/// If the rehearsal fails.
pub fn create(what: BuiltIn) -> Result<Snapshot, Box<dyn std::error::Error>> {
    let mut extensions = extension::all();
    built_in::add_to(extensions.last_mut().expect("ours is the last"), what)?;
    let object = built_in::root()?.join(REHEARSED);
    let script = match what {
        BuiltIn::Globals => None,
        BuiltIn::All => Some(format!("__rehearse({})", serde_json::to_string(&object)?)),
    };
    let output = create_snapshot(
        CreateSnapshotOptions {
            cargo_manifest_dir: env!("CARGO_MANIFEST_DIR"),
            startup_snapshot: None,
            skip_op_registration: false,
            extensions,
            extension_transpiler: Some(Rc::new(transpile_built_in)),
            with_runtime_cb: script.map(|script| {
                let run = move |runtime: &mut JsRuntimeForSnapshot| rehearse(runtime, &script);
                Box::new(run) as Box<dyn Fn(&mut JsRuntimeForSnapshot)>
            }),
        },
        None,
    )?;
    let mut files = output.files_loaded_during_snapshot;
    files.push(object);
    Ok(Snapshot { bytes: output.output, files })
}

/// Runs `script` until its promise is fulfilled. The callback of the library has no way to fail but this.
fn rehearse(runtime: &mut JsRuntimeForSnapshot, script: &str) {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("an event loop");
    let result = tokio.block_on(async {
        let promise = runtime.execute_script("rehearsal", script.to_owned())?;
        #[expect(deprecated, reason = "the replacement wants the event loop polled by hand, for the same result")]
        let done = runtime.resolve_value(promise).await;
        runtime.run_event_loop(PollEventLoopOptions::default()).await?;
        done
    });
    if let Err(error) = result {
        panic!("the rehearsal of the built-in modules failed: {error}");
    }
}

fn transpile_built_in(
    name: ModuleName,
    code: ModuleCodeString,
) -> Result<(ModuleCodeString, Option<SourceMapData>), JsErrorBox> {
    let media_type = MediaType::from_str(name.as_str());
    if !yeet_transpile::needs_transpile(media_type) {
        return Ok((code, None));
    }
    let specifier = ModuleSpecifier::parse(name.as_str()).map_err(JsErrorBox::from_err)?;
    let transpiled = yeet_transpile::transpile(&specifier, media_type, code.as_str().into(), Comments::Remove)
        .map_err(|error| {
            JsErrorBox::generic(format!("{specifier}:{}:{}: {}", error.line, error.column, error.message))
        })?;
    Ok((ascii(&transpiled.code).into(), None))
}

/// V8 takes built-in code as one byte a character. Comments are gone, so what is left outside ASCII stands in string literals, where an escape
/// means the same.
fn ascii(code: &str) -> String {
    let mut escaped = String::with_capacity(code.len());
    for character in code.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}
