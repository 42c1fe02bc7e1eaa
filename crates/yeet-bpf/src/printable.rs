//! Text from elsewhere, made fit for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Names in objects, files and the kernel may hold anything, also what makes a terminal forge lines, hide text or worse. Control characters
/// become `\\x1b` or `\\u{9b}`, and so do those that turn the direction of writing; lines and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            character if !is_dangerous(character) => shown.push(character),
            // Writing into a string cannot fail.
            character if character.is_ascii() => drop(write!(shown, "\\x{:02x}", u32::from(character))),
            character => drop(write!(shown, "\\u{{{:x}}}", u32::from(character))),
        }
    }
    Cow::Owned(shown)
}

fn is_dangerous(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_lines_kept() {
        assert_eq!(printable("plain\n\tümläut"), "plain\n\tümläut");
        assert!(matches!(printable("plain"), Cow::Borrowed(_)));
        assert_eq!(printable("\u{1b}]0;owned\u{7}\r\u{7f}"), "\\x1b]0;owned\\x07\\x0d\\x7f");
        assert_eq!(printable("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(printable("a\u{202e}b"), "a\\u{202e}b");
    }
}
