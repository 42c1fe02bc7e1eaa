//! The tools that are TypeScript without being a script: they get what native code knows of an object and give back text.

mod facts;

use std::path::Path;
use std::rc::Rc;

use deno_core::error::CoreError;
use deno_core::{
    ModuleLoadOptions, ModuleLoadReferrer, ModuleLoadResponse, ModuleLoader, ModuleSpecifier, ResolutionKind, serde_v8,
    v8,
};
use deno_error::JsErrorBox;

use crate::isolate::{Isolate, property};
use crate::lifecycle::Options;
use crate::memory;
use crate::signals::Signals;

/// What to say of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Declarations for TypeScript.
    Types,
    /// What is in it, for people.
    Inspect,
    /// The same for programs.
    InspectJson,
}

impl Tool {
    /// The function of js/tools/main.ts.
    fn function(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Inspect => "inspect",
            Self::InspectJson => "inspectJson",
        }
    }
}

/// Why there is no text.
#[derive(Debug)]
pub enum Failure {
    /// The file cannot be read.
    Missing(String),
    /// It is no object that can be described, or describing it failed.
    Unfit(String),
}

/// Describes the object at `path`. Nothing is loaded into the kernel.
///
/// `tools` are the modules that the snapshot was made with ([`crate::snapshot::tools`]).
///
/// # Errors
/// The message of an object that cannot be read or described. It is checked before JavaScript starts.
pub fn describe(snapshot: &'static [u8], tools: &str, path: &Path, tool: Tool) -> Result<String, Failure> {
    let facts = facts::read(path)?;
    memory::check_address_space().map_err(Failure::Unfit)?;
    let unfit = |error: &dyn std::fmt::Display| Failure::Unfit(format!("cannot describe {}: {error}", path.display()));
    let signals = Signals::install().map_err(|error| unfit(&error))?;
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(|error| unfit(&error))?;
    let _entered = tokio.enter();
    let mut isolate =
        Isolate::new(snapshot, Rc::new(Loader), &signals, &Options::default()).map_err(|error| unfit(&error))?;
    call(&mut isolate, tools, tool, facts).map_err(|error| unfit(&error))
}

fn call(isolate: &mut Isolate, tools: &str, tool: Tool, facts: facts::Facts) -> Result<String, CoreError> {
    let modules: Vec<(String, String)> = serde_json::from_str(tools).map_err(JsErrorBox::from_err)?;
    let mut main = None;
    for (name, code) in modules {
        main = Some(isolate.runtime.lazy_load_es_module_with_code(name, code)?);
    }
    let Some(main) = main else { return Err(JsErrorBox::generic("it carries no tools").into()) };
    deno_core::scope!(scope, &mut isolate.runtime);
    v8::tc_scope!(let scope, scope);
    let exports = v8::Local::new(scope, main).cast::<v8::Object>();
    let function = property(scope, exports, tool.function()).cast::<v8::Function>();
    let facts = serde_v8::to_v8(scope, facts).map_err(JsErrorBox::from_err)?;
    let this = v8::undefined(scope).into();
    match function.call(scope, this, &[facts]) {
        Some(text) => Ok(text.to_rust_string_lossy(scope)),
        None => {
            // The name of the error's class says nothing to a user.
            let thrown = scope.exception().unwrap_or(this);
            let message = match thrown.is_native_error() {
                true => property(scope, thrown.cast(), "message").to_rust_string_lossy(scope),
                false => thrown.to_rust_string_lossy(scope),
            };
            Err(JsErrorBox::generic(message).into())
        }
    }
}

/// The tools come in the order of their imports, so each finds those that it imports by name.
struct Loader;

impl ModuleLoader for Loader {
    fn resolve(&self, specifier: &str, referrer: &str, _kind: ResolutionKind) -> Result<ModuleSpecifier, JsErrorBox> {
        let base = ModuleSpecifier::parse(&referrer.replacen("ext:", "ext:///", 1)).map_err(JsErrorBox::from_err)?;
        let joined = base.join(specifier).map_err(JsErrorBox::from_err)?;
        ModuleSpecifier::parse(&joined.as_str().replacen("ext:///", "ext:", 1)).map_err(JsErrorBox::from_err)
    }

    fn load(
        &self,
        specifier: &ModuleSpecifier,
        _referrer: Option<&ModuleLoadReferrer>,
        _options: ModuleLoadOptions,
    ) -> ModuleLoadResponse {
        ModuleLoadResponse::Sync(Err(JsErrorBox::generic(format!("{specifier} is not among the tools"))))
    }
}
