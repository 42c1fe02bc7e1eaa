//! TypeScript and JSX to JavaScript with source maps, for user scripts and for the built-in modules alike.
//!
//! Types are removed, not checked. What would only fail later and without a place (a type used as a value) is reported here.

mod common_js;
mod imports;
mod type_only;

use std::sync::Arc;

use deno_ast::diagnostics::Diagnostic as _;
use deno_ast::{
    DecoratorsTranspileOption, EmitOptions, ParseDiagnostic, ParseParams, ParsedSource, SourceMapOption, SourceRange,
    TranspileModuleOptions, TranspileOptions,
};
pub use deno_ast::{MediaType, ModuleSpecifier};

pub use imports::{Import, imports};

/// JavaScript and the map back to where it came from.
#[derive(Debug)]
pub struct Transpiled {
    pub code: String,
    /// A version 3 source map as JSON, with the source text left out: the caller has it.
    pub source_map: Vec<u8>,
}

/// Whether comments are kept. A user may look at the text of a function; nobody sees that of a built-in module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comments {
    Keep,
    Remove,
}

/// What is wrong with a source text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub message: String,
    /// What to do about it, where that can be known.
    pub fix: Option<String>,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// How many characters from `column` on are meant; at least 1.
    pub length: usize,
}

/// Whether a file of this type has to pass through [`transpile`] before V8 can read it.
pub fn needs_transpile(media_type: MediaType) -> bool {
    media_type.is_typed() || media_type == MediaType::Jsx
}

/// Turns a TypeScript, TSX or JSX module into JavaScript.
///
/// # Errors
/// The first syntax error, CommonJS in TypeScript's own spelling, or the first use of a type-only import as a value.
pub fn transpile(
    specifier: &ModuleSpecifier,
    media_type: MediaType,
    text: Arc<str>,
    comments: Comments,
) -> Result<Transpiled, Diagnostic> {
    if text.len() <= SHALLOW {
        return transpile_here(specifier, media_type, text, comments);
    }
    std::thread::scope(|scope| {
        let deep = std::thread::Builder::new().name("yeet-transpile".into()).stack_size(STACK);
        let work = {
            let text = Arc::clone(&text);
            move || transpile_here(specifier, media_type, text, comments)
        };
        match deep.spawn_scoped(scope, work) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // Where memory is limited so tightly, the usual stack has to do.
            Err(_) => transpile_here(specifier, media_type, text, comments),
        }
    })
}

/// A text of this many bytes cannot nest deep enough to exhaust the stack of the calling thread.
const SHALLOW: usize = 2048;

/// The parser and the passes call themselves for every level of nesting, and a chain of ten thousand calls or operators is that deep. Only what
/// is touched of it takes memory.
const STACK: usize = 512 * 1024 * 1024;

fn transpile_here(
    specifier: &ModuleSpecifier,
    media_type: MediaType,
    text: Arc<str>,
    comments: Comments,
) -> Result<Transpiled, Diagnostic> {
    let parsed = parse(specifier, media_type, text)?;
    if let Some(diagnostic) = common_js::syntax(&parsed).or_else(|| type_only::misuse(&parsed)) {
        return Err(diagnostic);
    }
    let options = TranspileOptions { decorators: DecoratorsTranspileOption::Ecma, ..Default::default() };
    let emit = EmitOptions {
        source_map: SourceMapOption::Separate,
        inline_sources: false,
        remove_comments: comments == Comments::Remove,
        ..Default::default()
    };
    let emitted = parsed
        .transpile(&options, &TranspileModuleOptions::default(), &emit)
        .map_err(|error| Diagnostic { message: error.to_string(), fix: None, line: 1, column: 1, length: 1 })?
        .into_source();
    Ok(Transpiled { code: emitted.text, source_map: emitted.source_map.unwrap_or_default().into_bytes() })
}

fn parse(specifier: &ModuleSpecifier, media_type: MediaType, text: Arc<str>) -> Result<ParsedSource, Diagnostic> {
    let parsed = deno_ast::parse_module(ParseParams {
        specifier: specifier.clone(),
        text,
        media_type,
        capture_tokens: false,
        scope_analysis: false,
        maybe_syntax: None,
    })
    .map_err(|error| from_parse_diagnostic(&error))?;
    match parsed.diagnostics().first() {
        Some(error) => Err(from_parse_diagnostic(error)),
        None => Ok(parsed),
    }
}

fn from_parse_diagnostic(error: &ParseDiagnostic) -> Diagnostic {
    let position = error.display_position();
    Diagnostic {
        message: error.message().into_owned(),
        fix: error.hint().map(|hint| hint.into_owned()),
        line: position.line_number,
        column: position.column_number,
        length: error.range().end.as_byte_pos().0.saturating_sub(error.range().start.as_byte_pos().0).max(1) as usize,
    }
}

fn at(parsed: &ParsedSource, range: SourceRange, message: String, fix: String) -> Diagnostic {
    let position = parsed.text_info_lazy().line_and_column_display(range.start);
    let length = parsed.text_info_lazy().range_text(&range).chars().count().max(1);
    Diagnostic { message, fix: Some(fix), line: position.line_number, column: position.column_number, length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_and_long_chains_do_not_exhaust_the_stack() {
        let specifier = ModuleSpecifier::parse("file:///a.ts").unwrap();
        let brackets = format!("let x = {}{};", "[".repeat(20_000), "]".repeat(20_000));
        let calls = format!("let x = y{};", ".a()".repeat(20_000));
        let sum = format!("let x = 1{};", "+1".repeat(50_000));
        for text in [brackets, calls, sum] {
            transpile(&specifier, MediaType::TypeScript, text.into(), Comments::Keep).unwrap();
        }
    }
}
