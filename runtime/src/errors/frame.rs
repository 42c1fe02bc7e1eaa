//! A place in a source file, with its line and a mark under the spot.

use std::fmt::Write;
use std::path::Path;

use deno_core::ModuleSpecifier;
use yeet_transpile::{MediaType, imports};

/// Begins the line that names the place.
pub(crate) const ARROW: &str = "  --> ";

/// Longer source lines (minified code) are shown around the spot only.
const MAX_WIDTH: usize = 140;

/// The frame for a stretch of `length` characters at a 1-based line and column.
pub(crate) fn render(url: &str, text: &str, line: usize, column: usize, length: usize) -> String {
    let mut frame = format!("{ARROW}{}:{line}:{column}", display_url(url));
    let Some(source) = text.lines().nth(line.saturating_sub(1)) else {
        return frame;
    };
    let characters: Vec<char> =
        source.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let spot = column.saturating_sub(1).min(characters.len());
    let start = if characters.len() > MAX_WIDTH { spot.saturating_sub(MAX_WIDTH / 2) } else { 0 };
    let shown: String = characters.iter().skip(start).take(MAX_WIDTH).collect();
    let marks = length.clamp(1, (characters.len() - spot).max(1)).min(MAX_WIDTH - (spot - start).min(MAX_WIDTH - 1));
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let indent = " ".repeat(spot - start);
    let _ = write!(frame, "\n {margin} |\n {number} | {}\n {margin} | {indent}{}", shown.trim_end(), "^".repeat(marks));
    frame
}

/// The frame for the word or the quoted string at a 1-based line and column.
pub(crate) fn render_at(url: &str, text: &str, line: usize, column: usize) -> String {
    let rest = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars().skip(column.saturating_sub(1));
    let length = match rest.clone().next() {
        Some(quote @ ('\'' | '"' | '`')) => rest.skip(1).take_while(|c| *c != quote).count() + 2,
        _ => rest.take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '$').count(),
    };
    render(url, text, line, column, length)
}

/// The frame for the import of `wanted` in a module.
pub(crate) fn of_import(url: &str, text: &str, wanted: &str) -> Option<String> {
    let specifier = ModuleSpecifier::parse(url).ok()?;
    let media_type = match MediaType::from_specifier(&specifier) {
        MediaType::Unknown => MediaType::TypeScript,
        known => known,
    };
    let found = imports(&specifier, media_type, text.into()).into_iter().find(|import| import.specifier == wanted)?;
    Some(render(url, text, found.line, found.column, found.length))
}

/// Puts a place between the sentence and what follows it.
pub(crate) fn insert_after_first_line(message: &str, place: Option<&str>) -> String {
    let Some(place) = place else {
        return message.to_owned();
    };
    match message.split_once('\n') {
        Some((first, rest)) => format!("{first}\n{place}\n{rest}"),
        None => format!("{message}\n{place}"),
    }
}

/// A module's URL as a person would write its path.
pub(crate) fn display_url(url: &str) -> String {
    match ModuleSpecifier::parse(url).ok().filter(|url| url.scheme() == "file").and_then(|url| url.to_file_path().ok())
    {
        Some(path) => display_path(&path),
        None => url.to_owned(),
    }
}

/// Relative to the working directory where the path lies in it, so that terminals and editors can open it.
pub(crate) fn display_path(path: &Path) -> String {
    let directory = std::env::current_dir().ok();
    let relative = directory
        .as_deref()
        .filter(|directory| directory.parent().is_some())
        .and_then(|directory| path.strip_prefix(directory).ok());
    match relative.unwrap_or(path).display().to_string() {
        here if here.is_empty() => ".".to_owned(),
        shown => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_the_word_under_the_spot() {
        assert_eq!(
            render_at("file:///x/a.ts", "one\n  foo.bar();\n", 2, 7),
            "  --> /x/a.ts:2:7\n   |\n 2 |   foo.bar();\n   |       ^^^"
        );
    }

    #[test]
    fn places_outside_the_text_and_endless_lines_do_no_harm() {
        assert_eq!(render_at("file:///x/a.ts", "one", 9, 9), "  --> /x/a.ts:9:9");
        assert!(render_at("file:///x/a.ts", "one", 1, 900).ends_with("   ^"));
        let long = "x".repeat(100_000);
        assert!(render_at("file:///x/a.ts", &long, 1, 50_000).len() < 500);
    }
}
