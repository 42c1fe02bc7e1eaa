//! Expected text with wildcards.
//!
//! A line `[WILD_LINES]` stands for any number of lines, none included. Inside a line `[WILD]` stands for any text and `[NUM]`
//! for digits. Everything else is literal. Whether the last line ends with a newline does not matter.

use regex::Regex;

/// The line that stands for any lines.
const WILD_LINES: &str = "[WILD_LINES]";

#[derive(Debug)]
pub struct Pattern {
    lines: Vec<Line>,
}

#[derive(Debug)]
enum Line {
    Any,
    Literal(String),
    Wild(String, Regex),
}

impl Line {
    fn new(text: &str) -> Self {
        if text.trim() == WILD_LINES {
            return Line::Any;
        }
        let source = regex::escape(text);
        let wild = source.replace(&regex::escape("[WILD]"), ".*").replace(&regex::escape("[NUM]"), "[0-9]+");
        if wild == source {
            return Line::Literal(text.into());
        }
        let regex =
            Regex::new(&format!("^{wild}$")).expect("escaped text with two known wildcards is a valid expression");
        Line::Wild(text.into(), regex)
    }

    fn matches(&self, line: &str) -> bool {
        match self {
            Line::Any => true,
            Line::Literal(text) => text == line,
            Line::Wild(_, regex) => regex.is_match(line),
        }
    }

    fn source(&self) -> &str {
        match self {
            Line::Any => WILD_LINES,
            Line::Literal(text) | Line::Wild(text, _) => text,
        }
    }
}

fn lines(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { text.strip_suffix('\n').unwrap_or(text).split('\n').collect() }
}

impl Pattern {
    pub fn new(text: &str) -> Self {
        Pattern { lines: lines(text).into_iter().map(Line::new).collect() }
    }

    /// `Err` says how far the pattern got.
    pub fn check(&self, actual: &str) -> Result<(), String> {
        let actual = lines(actual);
        // reached[n]: the pattern's lines so far can match exactly the first n lines.
        let mut reached = vec![false; actual.len() + 1];
        reached[0] = true;
        for (index, line) in self.lines.iter().enumerate() {
            let next = match line {
                Line::Any => {
                    let first = reached.iter().position(|&yes| yes).unwrap_or(reached.len());
                    (0..reached.len()).map(|n| n >= first).collect()
                }
                _ => {
                    let mut next = vec![false; reached.len()];
                    for (n, text) in actual.iter().enumerate() {
                        next[n + 1] = reached[n] && line.matches(text);
                    }
                    next
                }
            };
            if !next.contains(&true) {
                let at = reached.iter().position(|&yes| yes).unwrap_or(0);
                return Err(match actual.get(at) {
                    Some(text) => format!(
                        "line {} of the pattern, `{}`, does not match from line {} of the output on: `{text}`",
                        index + 1,
                        line.source(),
                        at + 1
                    ),
                    None => format!("the output ends before line {} of the pattern: `{}`", index + 1, line.source()),
                });
            }
            reached = next;
        }
        if reached[actual.len()] {
            return Ok(());
        }
        let matched = reached.iter().rposition(|&yes| yes).unwrap_or(0);
        Err(format!("the pattern ends before line {} of the output: `{}`", matched + 1, actual[matched]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn yes(pattern: &str, text: &str) {
        assert_eq!(Pattern::new(pattern).check(text), Ok(()));
    }

    #[track_caller]
    fn no(pattern: &str, text: &str, says: &str) {
        let error = Pattern::new(pattern).check(text).unwrap_err();
        assert!(error.contains(says), "{error}");
    }

    #[test]
    fn literal_text_is_exact() {
        yes("", "");
        yes("a\nb\n", "a\nb\n");
        yes("a\nb", "a\nb\n");
        yes("a.c [x] ($)", "a.c [x] ($)");
        no("a\n", "b\n", "line 1 of the pattern, `a`, does not match from line 1");
        no("a\n", "a\nb\n", "ends before line 2 of the output: `b`");
        no("a\nb\n", "a\n", "output ends before line 2 of the pattern: `b`");
        no("", "a\n", "ends before line 1");
        no("a\n", "", "output ends before line 1");
        no("a.c", "abc", "does not match");
        no("a\n", "a\n\n", "ends before line 2");
    }

    #[test]
    fn wildcards_inside_a_line() {
        yes("pid [NUM] ran [WILD].", "pid 12 ran /bin/true.");
        yes("[WILD]", "\n");
        no("[WILD]", "", "output ends");
        yes("[NUM] [NUM]", "1 22");
        no("pid [NUM]", "pid x", "does not match");
        no("pid [NUM]", "pid ", "does not match");
        no("[WILD]b", "a\nb", "does not match from line 1");
    }

    #[test]
    fn wildcard_lines() {
        yes("[WILD_LINES]", "");
        yes("[WILD_LINES]", "a\nb\n");
        yes("[WILD_LINES]\nb", "a\nb\n");
        yes("a\n[WILD_LINES]\nb", "a\nb");
        yes("a\n[WILD_LINES]\nb\n[WILD_LINES]", "a\nb\nc\nb\nd\n");
        no("[WILD_LINES]\nz", "a\nb\n", "`z`");
        no("a\n[WILD_LINES]\nc", "a\nb\n", "`c`");
        no("[WILD_LINES]\nb", "b\na\n", "ends before line 2 of the output: `a`");
    }
}
