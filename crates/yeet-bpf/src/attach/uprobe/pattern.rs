//! Regular expressions over names of functions. Matching takes time in proportion to the name, whatever the expression.

use regex::{Regex, RegexBuilder};

use crate::attach::NamePattern;

/// The error says what is wrong with the expression.
pub(super) fn compile(pattern: &NamePattern) -> Result<Regex, String> {
    RegexBuilder::new(&pattern.source).case_insensitive(pattern.ignore_case).build().map_err(|error| {
        let text = error.to_string();
        // The first lines draw the expression with a mark below; the last one tells.
        let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("match is /{}/, but {reason}", pattern.source)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(source: &str) -> NamePattern {
        NamePattern { source: source.to_owned(), ignore_case: false, mangled: false }
    }

    #[test]
    fn expressions_of_javascript_mean_the_same() {
        let matches = |source, name| compile(&pattern(source)).unwrap().is_match(name);
        assert!(matches(r"^SSL_(read|write)$", "SSL_read"));
        assert!(!matches(r"^SSL_(read|write)$", "SSL_read_ex"));
        assert!(matches(r"std\:\:\/\d+(?<tail>x)", "std::/12x"));
        assert!(!matches("ssl", "SSL_read"));
        let ignoring = NamePattern { ignore_case: true, ..pattern("ssl") };
        assert!(compile(&ignoring).unwrap().is_match("SSL_read"));
    }

    #[test]
    fn what_the_engine_does_not_take_is_said() {
        let refusal = |source| compile(&pattern(source)).unwrap_err();
        assert!(refusal("(?=a)b").contains("look-around"), "{}", refusal("(?=a)b"));
        assert!(refusal(r"(a)\1").contains("backreferences are not supported"), "{}", refusal(r"(a)\1"));
        assert_eq!(refusal("a("), "match is /a(/, but unclosed group");
        assert!(refusal("(a{1000}){1000}").contains("size limit"), "{}", refusal("(a{1000}){1000}"));
    }
}
