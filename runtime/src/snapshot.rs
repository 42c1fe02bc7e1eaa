//! Makes the V8 snapshots: the built-in modules, evaluated once at build time.

use std::os::fd::AsRawFd as _;
use std::path::PathBuf;
use std::rc::Rc;

use deno_core::snapshot::{CreateSnapshotOptions, create_snapshot};
use deno_core::{
    ExtensionFileSourceCode, JsRuntimeForSnapshot, ModuleCodeString, ModuleName, PollEventLoopOptions, SourceMapData,
};
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

/// The modules of `yeet types` and `yeet inspect`, which are evaluated when they are needed.
pub struct Tools {
    /// JSON, each as name and code, in the order of their imports.
    pub code: String,
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
    let opened = std::fs::File::open(&object)?;
    let script = match what {
        BuiltIn::Globals => None,
        // The snapshot keeps the script's text, and the binary shall not name a folder of the machine that it was built on.
        BuiltIn::All => Some(format!("__rehearse('/proc/self/fd/{}')", opened.as_raw_fd())),
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

/// Prepares the modules of the tools.
///
/// # Errors
/// A module that cannot be read or does not parse, and modules that import one another in a circle.
pub fn tools() -> Result<Tools, Box<dyn std::error::Error>> {
    let (mut files, mut waiting) = (Vec::new(), Vec::new());
    for source in built_in::tools()? {
        let ExtensionFileSourceCode::LoadedFromFsDuringSnapshot(path) = source.code else { continue };
        files.push(path.into());
        let text = std::fs::read_to_string(path)?;
        let (code, _) = transpile_built_in(source.specifier.to_owned().into(), text.into())?;
        waiting.push((source.specifier, code.as_str().to_owned()));
    }
    // Each goes behind those that it imports; the others are in the snapshot.
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let names: Vec<&str> = waiting.iter().map(|(name, _)| *name).collect();
        let ready =
            waiting.iter().position(|(name, code)| imports(name, code).all(|import| !names.contains(&&*import)));
        let ready = ready.ok_or("the modules of the tools import one another in a circle")?;
        ordered.push(waiting.remove(ready));
    }
    Ok(Tools { code: serde_json::to_string(&ordered)?, files })
}

/// The modules that code of ours imports by a relative path.
fn imports(name: &str, code: &str) -> impl Iterator<Item = String> {
    let base = ModuleSpecifier::parse(&name.replacen("ext:", "ext:///", 1));
    let paths = code.split(" from ").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    let paths: Vec<String> = paths.map(str::to_owned).collect();
    paths
        .into_iter()
        .filter_map(move |path| Some(base.as_ref().ok()?.join(&path).ok()?.to_string().replacen("ext:///", "ext:", 1)))
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
