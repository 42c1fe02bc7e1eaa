//! From a module's file to what V8 gets.

use std::path::Path;
use std::sync::Arc;

use deno_core::{ModuleSpecifier, ModuleType, RequestedModuleType};
use yeet_transpile::{Comments, MediaType, needs_transpile, transpile};

use super::entry;
use crate::errors::frame;

pub(super) struct Prepared {
    pub(super) text: Arc<str>,
    pub(super) code: String,
    pub(super) source_map: Option<Vec<u8>>,
    pub(super) module_type: ModuleType,
}

/// Why a module cannot be had.
pub(super) struct SourceError {
    message: String,
    /// Where in the module's own text.
    place: Option<String>,
    fix: Option<String>,
}

impl SourceError {
    fn new(message: String) -> Self {
        Self { message, place: None, fix: None }
    }

    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    pub(super) fn render(&self) -> String {
        let place = self.place.as_ref().map(|place| format!("\n{place}")).unwrap_or_default();
        let fix = self.fix.as_ref().map(|fix| format!("\n  fix: {fix}")).unwrap_or_default();
        format!("{}{place}{fix}", self.message)
    }
}

/// Reads and prepares one module. `given` is its text where that does not come from a file.
pub(super) fn prepare(specifier: &ModuleSpecifier, given: Option<String>, is_main: bool, requested: &RequestedModuleType) -> Result<Prepared, SourceError> {
    let path = specifier.to_file_path().map_err(|()| SourceError::new(format!("cannot load '{specifier}'")))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wants_json = *requested == RequestedModuleType::Json;
    if name.ends_with(".bpf.o") {
        return Ok(object_module(&path));
    }
    let media_type = media_type(&path, is_main).ok_or_else(|| not_a_module(&path, &name))?;
    if media_type == MediaType::Json && !wants_json && !is_main {
        return Err(SourceError::new(format!("cannot import {} without saying that it is JSON", frame::display_path(&path)))
            .fix(format!("import data from './{name}' with {{ type: 'json' }}")));
    }
    if media_type != MediaType::Json && wants_json {
        return Err(SourceError::new(format!("{} is not JSON", frame::display_path(&path))).fix("import it without { type: 'json' }"));
    }
    let text: Arc<str> = match given {
        Some(text) => text.into(),
        None => read(&path)?.into(),
    };
    if media_type == MediaType::Json {
        // As a main module, JSON is data that nobody asked for: valid, and nothing happens.
        let code = if is_main && !wants_json { check_json(&path, &text)? } else { text.to_string() };
        return Ok(Prepared { code, text, source_map: None, module_type: super::module_type(!is_main || wants_json) });
    }
    if !needs_transpile(media_type) {
        return Ok(Prepared { code: text.to_string(), text, source_map: None, module_type: ModuleType::JavaScript });
    }
    let transpiled = transpile(specifier, media_type, text.clone(), Comments::Keep).map_err(|error| SourceError {
        message: error.message.clone(),
        place: Some(frame::render(specifier.as_str(), &text, error.line, error.column, error.length)),
        fix: error.fix,
    })?;
    Ok(Prepared { code: transpiled.code, text, source_map: Some(transpiled.source_map), module_type: ModuleType::JavaScript })
}

/// The module that an import of a compiled object stands for. The object itself is read when it is started.
fn object_module(path: &Path) -> Prepared {
    let exe = serde_json::to_string(&path.to_string_lossy()).expect("a string");
    let code = format!("import {{ BpfObject }} from 'yeet:bpf';\nexport default new BpfObject({{ exe: {exe} }});\n");
    Prepared { text: code.as_str().into(), code, source_map: None, module_type: ModuleType::JavaScript }
}

fn media_type(path: &Path, is_main: bool) -> Option<MediaType> {
    match MediaType::from_path(path) {
        supported @ (MediaType::TypeScript
        | MediaType::Mts
        | MediaType::Tsx
        | MediaType::JavaScript
        | MediaType::Mjs
        | MediaType::Jsx
        | MediaType::Json) => Some(supported),
        // A script that is called by its name, through its first line, has often no extension.
        MediaType::Unknown if is_main && path.extension().is_none() => Some(MediaType::TypeScript),
        _ => None,
    }
}

fn not_a_module(path: &Path, name: &str) -> SourceError {
    let shown = frame::display_path(path);
    if let Some(stem) = name.strip_suffix(".bpf.c") {
        return SourceError::new(format!("cannot import {shown}: it is C source, not a compiled object")).fix(format!(
            "compile it (clang -g -O2 -target bpf -c {name} -o {stem}.bpf.o) and import './{stem}.bpf.o'"
        ));
    }
    if path.is_dir() {
        return SourceError::new(format!("cannot import {shown}: it is a directory")).fix("name the file in it, for example './index.ts'");
    }
    if !path.exists()
        && let Some(near) = entry::neighbour(path)
    {
        return SourceError::new(format!("no such module: {shown}"))
            .fix(format!("write the extension: '{}'", near.file_name().unwrap_or_default().to_string_lossy()));
    }
    SourceError::new(format!("cannot import {shown}: modules end in .ts, .tsx, .mts, .js, .jsx, .mjs, .json or .bpf.o"))
}

fn read(path: &Path) -> Result<String, SourceError> {
    let shown = frame::display_path(path);
    let bytes = std::fs::read(path).map_err(|error| {
        if error.kind() != std::io::ErrorKind::NotFound {
            return SourceError::new(format!("cannot read {shown}: {error}"));
        }
        let error = SourceError::new(format!("no such module: {shown}"));
        match entry::neighbour(path) {
            Some(near) => error.fix(format!("did you mean '{}'?", near.file_name().unwrap_or_default().to_string_lossy())),
            None => error,
        }
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        SourceError::new(format!("{shown} is not UTF-8: the byte at offset {} begins no character", error.utf8_error().valid_up_to()))
            .fix("save the file as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn check_json(path: &Path, text: &str) -> Result<String, SourceError> {
    serde_json::from_str::<serde_json::Value>(text)
        .map(|_| String::new())
        .map_err(|error| SourceError::new(format!("{} is not valid JSON: {error}", frame::display_path(path))))
}
