//! The full target that a section names: `SEC("uprobe/PATH:FUNCTION")`.

use crate::attach::lane::hook;
use crate::attach::spec::{NamePattern, UprobeSpec};

/// The target of `SEC("uprobe/PATH:FUNCTION+OFFSET")`, or of `SEC("uprobe.multi/PATH:GLOB")`. `None` for sections of another kind, and for
/// those like `SEC("uprobe/SSL_read")` that name no binary.
pub(in crate::attach) fn spec_of_section(section: &str) -> Option<UprobeSpec> {
    let kind = section.split('/').next()?;
    if !kind.starts_with("uprobe") && !kind.starts_with("uretprobe") {
        return None;
    }
    let (binary, function) = hook(section)?.split_once(':')?;
    let spec = UprobeSpec { binary: binary.to_owned(), ..UprobeSpec::default() };
    if kind.contains('.') && function.contains(['*', '?']) {
        let pattern = NamePattern { source: glob(function), ignore_case: false, mangled: true };
        return Some(UprobeSpec { pattern: Some(pattern), ..spec });
    }
    // What is behind a plus and no number belongs to the name, as in `operator+`.
    let (symbol, offset) =
        function.rsplit_once('+').and_then(|(symbol, offset)| Some((symbol, number(offset)?))).unwrap_or((function, 0));
    Some(UprobeSpec { symbol: Some(symbol.to_owned()), offset, ..spec })
}

fn glob(pattern: &str) -> String {
    format!("^{}$", regex::escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(section: &str) -> Option<(String, Option<String>, u64)> {
        spec_of_section(section).map(|spec| (spec.binary, spec.symbol, spec.offset))
    }

    #[test]
    fn a_section_names_binary_function_and_offset() {
        let of = |binary: &str, symbol: &str, offset| Some((binary.to_owned(), Some(symbol.to_owned()), offset));
        assert_eq!(place("uprobe/libc.so.6:malloc"), of("libc.so.6", "malloc", 0));
        assert_eq!(place("uretprobe.s//bin/bash:readline"), of("/bin/bash", "readline", 0));
        assert_eq!(place("uprobe//bin/x:f+0x10"), of("/bin/x", "f", 16));
        assert_eq!(place("uprobe//bin/x:f+10"), of("/bin/x", "f", 10));
        assert_eq!(place("uprobe//bin/x:shop::add+"), of("/bin/x", "shop::add+", 0));
        assert_eq!(place("uprobe.multi//bin/x:exact"), of("/bin/x", "exact", 0));
        for section in ["uprobe", "uprobe/SSL_read", "kprobe/a:b", "usdt/a:b:c", "uprobe/"] {
            assert_eq!(place(section), None, "{section}");
        }
    }

    #[test]
    fn a_shared_link_takes_a_glob() {
        let pattern = spec_of_section("uprobe.session//bin/x:a.b_*c?").unwrap().pattern.unwrap();
        assert_eq!((pattern.source.as_str(), pattern.mangled), (r"^a\.b_.*c.$", true));
        assert_eq!(place("uprobe//bin/x:operator*").unwrap().1.as_deref(), Some("operator*"));
    }
}
