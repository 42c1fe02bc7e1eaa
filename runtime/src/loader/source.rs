//! From a module's file to what V8 gets.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use deno_core::{ModuleSpecifier, ModuleType, RequestedModuleType};
use yeet_transpile::{Comments, MediaType, needs_transpile, transpile};

use super::entry;
use crate::errors::frame;

/// Bytes of a module; the engine cannot hold a text of more than twice that.
const MAX_SIZE: u64 = 256 << 20;

pub(super) struct Prepared {
    pub(super) text: Arc<str>,
    pub(super) code: String,
    pub(super) source_map: Option<Vec<u8>>,
    pub(super) module_type: ModuleType,
}

/// V8's longest string, in characters. Deep nesting gets there fast, since every level is indented.
const LONGEST: usize = (1 << 29) - 24;

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
pub(super) fn prepare(
    specifier: &ModuleSpecifier,
    given: Option<String>,
    is_main: bool,
    requested: &RequestedModuleType,
) -> Result<Prepared, SourceError> {
    if specifier.scheme() == "yeet" {
        // Only where `may_import` saw no way to it: else the snapshot has the module.
        return Err(SourceError::new(format!(
            "cannot import '{specifier}' in code that is put together while the script runs"
        ))
        .fix(format!("import '{specifier}' at the top of the script")));
    }
    let path = specifier.to_file_path().map_err(|()| {
        SourceError::new(format!("cannot load '{specifier}': a file URL names no host"))
            .fix("write file:///…, or a path")
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wants_json = match requested {
        RequestedModuleType::None => false,
        RequestedModuleType::Json => true,
        RequestedModuleType::Text => return Err(unknown_type(&path, "text")),
        RequestedModuleType::Bytes => return Err(unknown_type(&path, "bytes")),
        RequestedModuleType::Other(other) => return Err(unknown_type(&path, other)),
    };
    if name.ends_with(".bpf.o") && !wants_json {
        if is_main {
            return Err(SourceError::new(format!(
                "cannot run {}: it is an object, not a script",
                frame::display_path(&path)
            ))
            .fix(format!("write a script that imports './{name}', or look into it: yeet inspect {name}")));
        }
        return Ok(object_module(&path));
    }
    let media_type = media_type(&path, is_main).ok_or_else(|| not_a_module(&path, &name))?;
    if media_type == MediaType::Json && !wants_json && !is_main {
        return Err(SourceError::new(format!(
            "cannot import {} without saying that it is JSON",
            frame::display_path(&path)
        ))
        .fix(format!("import data from './{name}' with {{ type: 'json' }}")));
    }
    if media_type != MediaType::Json && wants_json {
        return Err(SourceError::new(format!("{} is not JSON", frame::display_path(&path)))
            .fix("import it without { type: 'json' }"));
    }
    let text: Arc<str> = match given {
        Some(text) => text.into(),
        None => read(&path)?.into(),
    };
    if media_type == MediaType::Json {
        check_json(specifier, &path, &text)?;
        // As a main module, JSON is data that nobody asked for: valid, and nothing happens.
        let code = if wants_json { text.to_string() } else { String::new() };
        let module_type = if wants_json { ModuleType::Json } else { ModuleType::JavaScript };
        return Ok(Prepared { code, text, source_map: None, module_type });
    }
    if !needs_transpile(media_type) {
        return Ok(Prepared { code: text.to_string(), text, source_map: None, module_type: ModuleType::JavaScript });
    }
    let transpiled = transpile(specifier, media_type, text.clone(), Comments::Keep).map_err(|error| SourceError {
        message: error.message.clone(),
        place: Some(frame::render(specifier.as_str(), &text, error.line, error.column, error.length)),
        fix: error.fix,
    })?;
    if transpiled.code.len() > LONGEST {
        return Err(SourceError::new(format!(
            "{} is too deeply nested: as JavaScript it has {} MB, more than V8 reads",
            frame::display_path(&path),
            transpiled.code.len() >> 20
        )));
    }
    Ok(Prepared {
        code: transpiled.code,
        text,
        source_map: Some(transpiled.source_map),
        module_type: ModuleType::JavaScript,
    })
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
        MediaType::Unknown if is_main && path.extension().is_none() && !path.is_dir() => Some(MediaType::TypeScript),
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
        return SourceError::new(format!("cannot import {shown}: it is a directory"))
            .fix("name the file in it, for example './index.ts'");
    }
    if !path.exists() {
        return no_such_module(path);
    }
    let error = SourceError::new(format!(
        "cannot import {shown}: modules end in .ts, .tsx, .mts, .js, .jsx, .mjs, .json or .bpf.o"
    ));
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("cjs" | "cts") => {
            error.fix("CommonJS does not exist here: use `import` and `export`, and a name that ends in .js or .ts")
        }
        _ => error.fix("give the file the extension of what it holds"),
    }
}

fn no_such_module(path: &Path) -> SourceError {
    let error = SourceError::new(format!("no such module: {}", frame::display_path(path)));
    match entry::neighbour(path) {
        Some(near) => error.fix(format!("did you mean '{}'?", near.file_name().unwrap_or_default().to_string_lossy())),
        None if path.parent().is_some_and(Path::is_dir) => {
            error.fix("correct the name, with its extension; a path is relative to the file that imports it")
        }
        None => error
            .fix("correct the path, whose folder does not exist either; it is relative to the file that imports it"),
    }
}

/// The text of a file, which may be a pipe or a device that never ends.
fn read_text(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MAX_SIZE + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MAX_SIZE {
        true => Err(std::io::Error::other(format!("it is larger than {} MiB", MAX_SIZE >> 20))),
        false => Ok(bytes),
    }
}

fn read(path: &Path) -> Result<String, SourceError> {
    let shown = frame::display_path(path);
    let bytes = read_text(path).map_err(|error| {
        let failed = SourceError::new(format!("cannot read {shown}: {error}"));
        match error.kind() {
            ErrorKind::NotFound => no_such_module(path),
            ErrorKind::PermissionDenied => failed.fix("make the file readable for the user who runs the script"),
            _ => failed,
        }
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        SourceError::new(format!(
            "{shown} is not UTF-8: the byte at offset {} begins no character",
            error.utf8_error().valid_up_to()
        ))
        .fix("save the file as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The engine's own message for wrong JSON does not say which file is meant.
fn check_json(specifier: &ModuleSpecifier, path: &Path, text: &str) -> Result<(), SourceError> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).map(|_| ()).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let why = message.split_once(" at line ").map_or(message.as_str(), |(why, _)| why);
        // Bytes come before the column, and a code frame counts characters.
        let before = text.lines().nth(line.saturating_sub(1)).and_then(|text| text.get(..column.saturating_sub(1)));
        let column = before.map_or(column, |before| before.chars().count() + 1);
        SourceError {
            message: format!("{} is not valid JSON: {why}", frame::display_path(path)),
            place: Some(frame::render(specifier.as_str(), text, line, column, 1)),
            fix: None,
        }
    })
}

fn unknown_type(path: &Path, type_: &str) -> SourceError {
    SourceError::new(format!("cannot import {} with {{ type: '{type_}' }}", frame::display_path(path)))
        .fix("the only type is 'json'; code is imported without a type")
}
