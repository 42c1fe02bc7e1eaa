//! `#/x`: names that the nearest package.json maps to files of its own package.

use std::path::{Path, PathBuf};

use deno_core::ModuleSpecifier;
use serde_json::Value;

use super::resolve::Problem;

/// Conditions of an `imports` entry that apply here, besides `default`.
const CONDITIONS: [&str; 2] = ["yeet", "import"];

pub(super) fn resolve(specifier: &str, referrer: &str) -> Result<ModuleSpecifier, Problem> {
    let from = ModuleSpecifier::parse(referrer).ok().and_then(|url| url.to_file_path().ok());
    let Some((file, root)) = from.as_deref().and_then(nearest_package) else {
        return Err(Problem::new(
            format!("cannot resolve '{specifier}': no package.json here or in a folder above"),
            "names that start with '#' come from \"imports\" of the nearest package.json; add one, or import by path",
        ));
    };
    let problem = |why: String| {
        Problem::new(
            format!("cannot resolve '{specifier}': {why} in {}", file.display()),
            "write for example { \"imports\": { \"#/*\": \"./src/*\" } }".to_owned(),
        )
    };
    let text = std::fs::read_to_string(&file).map_err(|error| problem(format!("{error}")))?;
    let package: Value = serde_json::from_str(&text).map_err(|error| problem(format!("{error}")))?;
    let imports = package
        .get("imports")
        .and_then(Value::as_object)
        .ok_or_else(|| problem("there are no \"imports\"".to_owned()))?;
    let (target, matched) =
        lookup(imports, specifier).ok_or_else(|| problem("nothing under \"imports\" matches it".to_owned()))?;
    let target = condition(target).ok_or_else(|| problem("its entry has no path that applies here".to_owned()))?;
    if !target.starts_with("./") {
        return Err(problem(format!("its entry '{target}' does not start with './'")));
    }
    let path = root.join(target.replace('*', matched));
    if matched.split('/').any(|part| part == "..") {
        return Err(problem("a name with '..' would leave the package, which is not allowed".to_owned()));
    }
    ModuleSpecifier::from_file_path(&path).map_err(|()| problem(format!("'{}' has no file URL", path.display())))
}

fn nearest_package(importer: &Path) -> Option<(PathBuf, PathBuf)> {
    importer.ancestors().skip(1).find_map(|folder| {
        let file = folder.join("package.json");
        file.is_file().then(|| (file, folder.to_owned()))
    })
}

/// The entry for a name, and what its `*` stands for. An exact entry wins, then the pattern with the longest beginning.
fn lookup<'a, 'n>(imports: &'a serde_json::Map<String, Value>, name: &'n str) -> Option<(&'a Value, &'n str)> {
    if let Some(target) = imports.get(name).filter(|_| !name.contains('*')) {
        return Some((target, ""));
    }
    imports
        .iter()
        .filter_map(|(pattern, target)| {
            let (start, end) = pattern.split_once('*')?;
            let matched = name.strip_prefix(start)?.strip_suffix(end)?;
            (!matched.is_empty()).then_some((start.len(), target, matched))
        })
        .max_by_key(|(length, ..)| *length)
        .map(|(_, target, matched)| (target, matched))
}

fn condition(target: &Value) -> Option<&str> {
    match target {
        Value::String(path) => Some(path),
        Value::Object(choices) => choices
            .iter()
            .find(|(name, _)| *name == "default" || CONDITIONS.contains(&name.as_str()))
            .and_then(|(_, path)| condition(path)),
        Value::Array(choices) => choices.iter().find_map(condition),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_entries_win_over_patterns_and_long_patterns_over_short_ones() {
        let imports: Value = serde_json::from_str(
            r##"{ "#/*": "./src/*", "#/lib/*": "./lib/*", "#/lib/x.ts": "./x.ts", "#dep": { "node": "./n.ts", "default": "./d.ts" } }"##,
        )
        .unwrap();
        let imports = imports.as_object().unwrap();
        let found = |name| lookup(imports, name).and_then(|(target, matched)| Some((condition(target)?, matched)));
        assert_eq!(found("#/a/b.ts"), Some(("./src/*", "a/b.ts")));
        assert_eq!(found("#/lib/a.ts"), Some(("./lib/*", "a.ts")));
        assert_eq!(found("#/lib/x.ts"), Some(("./x.ts", "")));
        assert_eq!(found("#dep"), Some(("./d.ts", "")));
        assert_eq!(found("#other"), None);
    }
}
