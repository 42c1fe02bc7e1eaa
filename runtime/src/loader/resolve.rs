//! From the specifier of an import to the URL of a module. Touches no module's file: a missing one is found when it is loaded.

use deno_core::{ModuleSpecifier, resolve_import};

use super::package_imports;

/// The modules that are part of the binary.
const BUILT_IN: [&str; 1] = ["yeet:bpf"];

/// Why a specifier leads nowhere, and what to write instead.
pub(super) struct Problem {
    message: String,
    fix: String,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { message: message.into(), fix: fix.into() }
    }

    /// The message, the place of the import where it is known, and the fix.
    pub(super) fn render(&self, place: Option<String>) -> String {
        let place = place.map(|place| format!("\n{place}")).unwrap_or_default();
        format!("{}{place}\n  fix: {}", self.message, self.fix)
    }
}

pub(super) fn resolve(specifier: &str, referrer: &str) -> Result<ModuleSpecifier, Problem> {
    if specifier.starts_with('#') {
        return package_imports::resolve(specifier, referrer);
    }
    if specifier.is_empty() {
        return Err(Problem::new(
            "cannot resolve '': the import names no module",
            "write a path that starts with './', '../' or '/'",
        ));
    }
    let is_folder = specifier == "." || specifier == "..";
    let is_path = ["./", "../", "/"].iter().any(|start| specifier.starts_with(start)) || is_folder;
    if !is_path && !specifier.contains(':') {
        return Err(bare(specifier));
    }
    let url = if is_folder {
        resolve_import(&format!("{specifier}/"), referrer)
    } else {
        resolve_import(specifier, referrer)
    }
    .map_err(|error| {
        Problem::new(
            format!("cannot resolve '{specifier}': {error}"),
            "write a path that starts with './', '../' or '/'",
        )
    })?;
    match url.scheme() {
        "file" => Ok(url),
        "yeet" if BUILT_IN.contains(&url.as_str()) => Ok(url),
        "yeet" => Err(Problem::new(
            format!("there is no built-in module '{specifier}'"),
            format!("the built-in modules are: {}", BUILT_IN.join(", ")),
        )),
        "http" | "https" => Err(Problem::new(
            format!("cannot import '{specifier}': a script is not loaded from the network"),
            "download the file, look at it, and import it by its path",
        )),
        "npm" | "node" | "jsr" | "deno" => Err(Problem::new(
            format!("cannot import '{specifier}': packages and Node's modules do not exist here"),
            "import a file of your own by its path; what a script has without an import is listed in the documentation of globals",
        )),
        scheme => Err(Problem::new(
            format!("cannot import '{specifier}': '{scheme}:' is not a scheme that modules can have"),
            "import a file by its path",
        )),
    }
}

fn bare(specifier: &str) -> Problem {
    if specifier.ends_with(".bpf.o") || specifier.contains('.') && !specifier.starts_with('@') {
        return Problem::new(
            format!("cannot resolve '{specifier}': a path must say where it starts"),
            format!("write './{specifier}'"),
        );
    }
    if let Some(built_in) = BUILT_IN.iter().find(|name| name.strip_prefix("yeet:") == Some(specifier)) {
        return Problem::new(format!("cannot resolve '{specifier}'"), format!("write '{built_in}'"));
    }
    Problem::new(
        format!(
            "cannot resolve '{specifier}': there are no packages here, and a file's path must start with './', '../' or '/'"
        ),
        format!(
            "import a file ('./{specifier}.ts'), or give '{specifier}' a place under \"imports\" of package.json with a name that starts with '#/'"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(specifier: &str) -> Result<String, String> {
        resolve(specifier, "file:///a/b.ts").map(String::from).map_err(|problem| problem.render(None))
    }

    #[test]
    fn paths_and_file_urls_resolve_against_the_importer() {
        assert_eq!(resolved("./c.ts").unwrap(), "file:///a/c.ts");
        assert_eq!(resolved("../c.ts").unwrap(), "file:///c.ts");
        assert_eq!(resolved("/x/y.ts").unwrap(), "file:///x/y.ts");
        assert_eq!(resolved("file:///z.ts").unwrap(), "file:///z.ts");
        assert_eq!(resolved("yeet:bpf").unwrap(), "yeet:bpf");
        assert_eq!(resolved("..").unwrap(), "file:///");
    }

    #[test]
    fn everything_else_says_what_to_write() {
        assert!(resolved("").unwrap_err().contains("names no module"));
        assert!(resolved("lodash").unwrap_err().contains("'./lodash.ts'"));
        assert!(resolved("probe.bpf.o").unwrap_err().contains("write './probe.bpf.o'"));
        assert!(resolved("bpf").unwrap_err().contains("write 'yeet:bpf'"));
        assert!(resolved("yeet:nope").unwrap_err().contains("yeet:bpf"));
        assert!(resolved("https://a.example/x.ts").unwrap_err().contains("network"));
        assert!(resolved("node:fs").unwrap_err().contains("Node's modules"));
        assert!(resolved("ext:core/mod.js").unwrap_err().contains("'ext:'"));
    }
}
