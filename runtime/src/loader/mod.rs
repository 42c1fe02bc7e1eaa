//! Finds, reads and prepares the modules of a script, and keeps their text for code frames.

mod entry;
mod package_imports;
mod resolve;
mod source;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::pending;
use std::rc::Rc;
use std::sync::Arc;

use deno_core::{
    ModuleLoadOptions, ModuleLoadReferrer, ModuleLoadResponse, ModuleLoader, ModuleSource, ModuleSourceCode,
    ModuleSpecifier, RequestedModuleType, ResolutionKind,
};
use deno_error::JsErrorBox;

pub use entry::find_main;

use crate::errors::frame;
use crate::lifecycle::Main;
use source::{Prepared, SourceError};

/// The loader of one run.
#[derive(Default)]
pub(crate) struct Loader {
    modules: RefCell<HashMap<String, Rc<Module>>>,
    /// The main module until it is loaded: it is read before the isolate is made.
    main: RefCell<Option<Result<Prepared, SourceError>>>,
    /// Something was imported dynamically since the event loop turned last, which is when it would be loaded.
    asked: Cell<bool>,
    /// The script is over: what can be loaded is not any more.
    closed: Cell<bool>,
}

/// What is kept of a module that was loaded.
pub(crate) struct Module {
    /// The text as its author wrote it.
    pub(crate) text: Arc<str>,
    source_map: Option<Vec<u8>>,
}

impl Loader {
    /// Reads the main module. What is wrong with its text is said when it is loaded.
    ///
    /// # Errors
    /// A whole message, where it has no URL.
    pub(crate) fn open_main(&self, main: &Main) -> Result<ModuleSpecifier, String> {
        let specifier = main_specifier(main)?;
        let given = match main {
            Main::File(_) => None,
            Main::Text(text) => Some(text.clone()),
        };
        *self.main.borrow_mut() = Some(source::prepare(&specifier, given, true, &RequestedModuleType::None));
        Ok(specifier)
    }

    /// Whether the script could come to a module beside the main one. No is certain but for code that a script puts together at run time
    /// without any of these words in its text.
    pub(crate) fn may_import(&self) -> bool {
        const WAYS: [&str; 5] = ["import", "export", "eval", "Function", "constructor"];
        match &*self.main.borrow() {
            Some(Ok(prepared)) => WAYS.iter().any(|word| prepared.code.contains(word)),
            _ => false,
        }
    }

    /// A module that was loaded in this run, by its URL.
    pub(crate) fn module(&self, specifier: &str) -> Option<Rc<Module>> {
        self.modules.borrow().get(specifier).cloned()
    }

    /// Says that the event loop turns, and with it loads what was imported until now.
    pub(crate) fn turn(&self) {
        self.asked.set(false);
    }

    /// Says that the script is over. Whether there is an `import()` that the event loop has not come to: another turn only makes those fail that
    /// cannot be loaded, and evaluates nothing.
    pub(crate) fn close(&self) -> bool {
        self.closed.set(true);
        self.asked.get()
    }

    fn read(&self, specifier: &ModuleSpecifier, requested: &RequestedModuleType) -> Result<ModuleSource, JsErrorBox> {
        let main = self.main.borrow_mut().take();
        let prepared = main
            .unwrap_or_else(|| source::prepare(specifier, None, false, requested))
            .map_err(|error| JsErrorBox::generic(error.render()))?;
        let module = Module { text: prepared.text, source_map: prepared.source_map };
        self.modules.borrow_mut().insert(specifier.to_string(), Rc::new(module));
        Ok(ModuleSource::new(prepared.module_type, ModuleSourceCode::String(prepared.code.into()), specifier, None))
    }
}

fn main_specifier(main: &Main) -> Result<ModuleSpecifier, String> {
    match main {
        Main::File(path) => {
            // A script is often started through a symbolic link in $PATH; its imports are beside the real file.
            // What a pipe's link in /proc leads to has no path of its own, so only files are followed.
            let real = if path.is_file() { path.canonicalize() } else { std::path::absolute(path) };
            let path = real.map_err(|error| format!("error: cannot read {}: {error}", path.display()))?;
            ModuleSpecifier::from_file_path(&path).map_err(|()| format!("error: {} has no file URL", path.display()))
        }
        Main::Text(_) => {
            let directory = std::env::current_dir()
                .map_err(|error| format!("error: cannot read the working directory: {error}"))?;
            ModuleSpecifier::from_file_path(directory.join(entry::STDIN_NAME))
                .map_err(|()| format!("error: {} has no file URL", directory.display()))
        }
    }
}

impl ModuleLoader for Loader {
    fn resolve(&self, specifier: &str, referrer: &str, kind: ResolutionKind) -> Result<ModuleSpecifier, JsErrorBox> {
        if matches!(kind, ResolutionKind::DynamicImport) {
            self.asked.set(true);
        }
        resolve::resolve(specifier, referrer).map_err(|problem| {
            let place = self.module(referrer).and_then(|module| frame::of_import(referrer, &module.text, specifier));
            JsErrorBox::type_error(problem.render(place))
        })
    }

    fn load(
        &self,
        specifier: &ModuleSpecifier,
        referrer: Option<&ModuleLoadReferrer>,
        options: ModuleLoadOptions,
    ) -> ModuleLoadResponse {
        let result = self.read(specifier, &options.requested_module_type).map_err(|error| match referrer {
            // An error inside the module says its own place; a module that cannot be had is a mistake of who imports it.
            Some(referrer) if !error.to_string().contains(frame::ARROW) => {
                let place = self.module(referrer.specifier.as_str()).and_then(|module| {
                    let line = usize::try_from(referrer.line_number).ok()?;
                    let column = usize::try_from(referrer.column_number).ok()?;
                    Some(frame::render_at(referrer.specifier.as_str(), &module.text, line, column))
                });
                JsErrorBox::generic(frame::insert_after_first_line(&error.to_string(), place.as_deref()))
            }
            _ => error,
        });
        match result {
            Ok(_) if self.closed.get() => ModuleLoadResponse::Async(Box::pin(pending())),
            result => ModuleLoadResponse::Sync(result),
        }
    }

    fn get_source_map(&self, specifier: &str) -> Option<Cow<'_, [u8]>> {
        let module = self.module(specifier)?;
        module.source_map.clone().map(Cow::Owned)
    }
}
