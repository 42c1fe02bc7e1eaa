//! What a person reads when a script failed: the error, the place in the source they wrote, the stack, and nothing of ours in between.

pub(crate) mod frame;
mod missing_global;

use std::fmt::Write;

use deno_core::error::{CoreError, CoreErrorKind, JsError, JsStackFrame};

use crate::loader::Loader;
use crate::memory;

/// Deeper chains of `cause` are cut: nobody reads them, and a cycle must end.
const MAX_CAUSES: usize = 8;

/// An uncaught error or unhandled rejection.
pub(crate) fn uncaught(error: &CoreError, loader: &Loader) -> String {
    match error.as_kind() {
        CoreErrorKind::Js(error) => format!("error: Uncaught {}", js_error(error, loader)),
        _ => format!("error: {error}"),
    }
}

/// An error of the static module graph: nothing of the script has run.
pub(crate) fn load_error(error: &CoreError, loader: &Loader) -> String {
    match error.as_kind() {
        CoreErrorKind::Js(error) => {
            let message = sentence(error);
            let fix = missing_export_fix(message).map(|fix| format!("\n  fix: {fix}")).unwrap_or_default();
            let place = place(error, loader).map(|place| format!("\n{place}")).unwrap_or_default();
            format!("error: {message}{place}{fix}")
        }
        _ => {
            let message = error.to_string();
            let message = message.strip_prefix("TypeError: ").unwrap_or(&message);
            format!("error: {message}")
        }
    }
}

/// V8's own sentence for an import that the other module does not export is most often about a type: types are gone when it looks.
fn missing_export_fix(message: &str) -> Option<String> {
    let (before, after) = message.split_once("does not provide an export named '")?;
    let name = after.split('\'').next()?;
    let module = before.split('\'').nth(1).unwrap_or_default();
    if module.ends_with(".bpf.o") || module.ends_with(".json") {
        return Some(format!("it has one export, the default: `import name from '{module}'`"));
    }
    if module.starts_with("yeet:") {
        return Some(format!(
            "'{module}' is part of yeet; its exports are in its type declarations, and types need `import type`"
        ));
    }
    if name == "default" {
        return Some("write `export default …` there, or import by name: `import { x } from …`".to_owned());
    }
    Some(format!(
        "export '{name}' there; if it is a type, write `import type {{ {name} }}` or `export type {{ {name} }}`"
    ))
}

fn js_error(error: &JsError, loader: &Loader) -> String {
    let mut text = sentence(error).to_owned();
    // The error of a module that could not be loaded says where in that module.
    if !text.contains(frame::ARROW)
        && let Some(place) = place(error, loader)
    {
        text.push('\n');
        text.push_str(&place);
    }
    if let Some(fix) = missing_global::fix(&text).or_else(|| memory::fix(sentence(error))) {
        let _ = write!(text, "\n  fix: {fix}");
    }
    push_stack(&mut text, error);
    for inner in error.aggregated.iter().flatten() {
        text.push_str("\n  - ");
        text.push_str(&js_error(inner, loader).replace('\n', "\n    "));
    }
    let mut cause = error.cause.as_deref();
    for _ in 0..MAX_CAUSES {
        let Some(error) = cause else { break };
        text.push_str("\nCaused by: ");
        text.push_str(sentence(error));
        push_stack(&mut text, error);
        cause = error.cause.as_deref();
    }
    text
}

/// The error's name and message. Every module is evaluated as a promise, so the engine's "in promise" says nothing about the script.
fn sentence(error: &JsError) -> &str {
    let message = error.exception_message.strip_prefix("Uncaught ").unwrap_or(&error.exception_message);
    message.strip_prefix("(in promise) ").unwrap_or(message)
}

/// The code frame of the innermost place that the author of the script can change.
fn place(error: &JsError, loader: &Loader) -> Option<String> {
    visible_frames(error).find_map(|frame| {
        let file = frame.file_name.as_deref()?;
        let module = loader.module(file)?;
        let line = usize::try_from(frame.line_number?).ok()?;
        let column = usize::try_from(frame.column_number?).ok()?;
        Some(frame::render_at(file, &module.text, line, column))
    })
}

/// The frames without those of the built-in modules, which tell a user nothing.
fn visible_frames(error: &JsError) -> impl Iterator<Item = &JsStackFrame> {
    error.frames.iter().filter(|frame| {
        frame.file_name.as_deref().is_none_or(|file| !file.starts_with("ext:") && !file.starts_with("yeet:"))
    })
}

/// A function that calls itself without end fills the stack with one line, which says more when it stands there once.
fn push_stack(text: &mut String, error: &JsError) {
    let lines: Vec<String> = visible_frames(error).map(stack_line).collect();
    for same in lines.chunk_by(|a, b| a == b) {
        let _ = write!(text, "\n    at {}", same[0]);
        if same.len() > 1 {
            let _ = write!(text, "\n    … {} times more", same.len() - 1);
        }
    }
}

fn stack_line(frame: &JsStackFrame) -> String {
    let place = match (&frame.file_name, frame.line_number, frame.column_number) {
        (Some(file), Some(line), Some(column)) => format!("{}:{line}:{column}", frame::display_url(file)),
        (Some(file), ..) => frame::display_url(file),
        _ if frame.is_native => "native".to_owned(),
        _ => "<anonymous>".to_owned(),
    };
    let prefix = if frame.is_async { "async " } else { "" };
    let function = match (&frame.type_name, &frame.function_name) {
        (Some(class), Some(function)) if frame.is_top_level != Some(true) && !function.starts_with(class.as_str()) => {
            Some(format!("{class}.{function}"))
        }
        (_, function) => function.clone(),
    };
    match function {
        Some(function) if frame.is_constructor => format!("{prefix}new {function} ({place})"),
        Some(function) => format!("{prefix}{function} ({place})"),
        None => format!("{prefix}{place}"),
    }
}
