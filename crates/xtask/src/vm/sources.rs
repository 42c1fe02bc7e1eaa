//! Where packages of another Debian release come from: this machine's own sources, with another suite name.

use std::path::Path;

use anyhow::{Context as _, Result};

/// A source of Debian's main archive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Source {
    uris: String,
    /// The field's value, which may be a path or a key of many lines.
    signed_by: Option<String>,
}

impl Source {
    /// The source that gives this machine its own release.
    pub(super) fn of_this_machine() -> Result<Source> {
        let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
        let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap_or_default();
        let found = files()?.into_iter().find_map(|(text, deb822)| find(&text, deb822, codename.trim_matches('"')));
        found.with_context(|| {
            format!("/etc/apt has no source of Debian's release '{codename}', from which sources of other releases could be told")
        })
    }

    /// The text of a `.sources` file for another suite.
    pub(super) fn with_suite(&self, suite: &str) -> String {
        let Source { uris, signed_by } = self;
        let signed_by = signed_by.as_ref().map_or(String::new(), |value| format!("Signed-By: {value}\n"));
        format!("Types: deb\nURIs: {uris}\nSuites: {suite}\nComponents: main\n{signed_by}")
    }
}

/// The texts of apt's source files, and whether each is in the form of paragraphs (deb822).
fn files() -> Result<Vec<(String, bool)>> {
    let mut paths = vec![Path::new("/etc/apt/sources.list").to_path_buf()];
    let parts = std::fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten();
    paths.extend(parts.filter_map(|entry| entry.ok().map(|entry| entry.path())));
    paths.sort();
    let wanted = paths.into_iter().filter_map(|path| match path.extension()?.to_str()? {
        "list" => Some((path, false)),
        "sources" => Some((path, true)),
        _ => None,
    });
    wanted
        .filter(|(path, _)| path.exists())
        .map(|(path, deb822)| Ok((std::fs::read_to_string(&path).with_context(|| path.display().to_string())?, deb822)))
        .collect()
}

fn find(text: &str, deb822: bool, suite: &str) -> Option<Source> {
    if deb822 {
        text.split("\n\n").find_map(|paragraph| of_paragraph(paragraph, suite))
    } else {
        text.lines().find_map(|line| of_line(line, suite))
    }
}

fn of_paragraph(paragraph: &str, suite: &str) -> Option<Source> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in paragraph.lines().filter(|line| !line.starts_with('#')) {
        if let (true, Some((_, value))) = (line.starts_with([' ', '\t']), fields.last_mut()) {
            value.push('\n');
            value.push_str(line);
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let has = |name: &str, word: &str| field(name).is_some_and(|value| value.split_whitespace().any(|w| w == word));
    let off = field("enabled").is_some_and(|value| value.eq_ignore_ascii_case("no"));
    (!off && has("types", "deb") && has("suites", suite) && has("components", "main")).then(|| Source {
        uris: field("uris").unwrap_or_default().to_owned(),
        signed_by: field("signed-by").map(str::to_owned),
    })
}

/// `deb [signed-by=KEYRING arch=amd64] URI SUITE COMPONENT…`
fn of_line(line: &str, suite: &str) -> Option<Source> {
    let rest = line.trim().strip_prefix("deb")?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace();
    let uri = words.next()?;
    let is_main = words.next()? == suite && words.any(|component| component == "main");
    let signed_by = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by="));
    is_main.then(|| Source { uris: uri.to_owned(), signed_by: signed_by.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs() {
        let text = "Types: deb\n# a comment\nURIs: http://security.example\nSuites: bookworm-security\nComponents: main\n\n\
                    Types: deb deb-src\nURIs: http://one.example http://two.example\nSuites: bookworm bookworm-updates\n\
                    Components: main contrib\nSigned-By:\n -----BEGIN\n .\n -----END\n";
        let source = find(text, true, "bookworm").unwrap();
        assert_eq!(
            source.with_suite("trixie"),
            "Types: deb\nURIs: http://one.example http://two.example\nSuites: trixie\nComponents: main\n\
             Signed-By: \n -----BEGIN\n .\n -----END\n"
        );
        assert_eq!(find(&text.replace("Types: deb deb-src", "Enabled: no\nTypes: deb"), true, "bookworm"), None);
        assert_eq!(find(text, true, "noble"), None);
    }

    #[test]
    fn lines() {
        let text = "# deb http://old.example bookworm main\ndeb-src http://src.example bookworm main\n\
                    deb http://security.example bookworm-security main\n\
                    deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://one.example bookworm main contrib\n";
        let source = find(text, false, "bookworm").unwrap();
        assert_eq!(
            source.with_suite("bullseye"),
            "Types: deb\nURIs: http://one.example\nSuites: bullseye\nComponents: main\nSigned-By: /usr/share/keyrings/a.gpg\n"
        );
        let plain = find("deb http://one.example bookworm main", false, "bookworm").unwrap();
        assert_eq!(plain.with_suite("x"), "Types: deb\nURIs: http://one.example\nSuites: x\nComponents: main\n");
    }
}
