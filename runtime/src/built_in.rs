//! The built-in modules: the TypeScript below `js/`, which goes into the snapshot and is not part of the binary otherwise.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use deno_core::{Extension, ExtensionFileSource};

/// What a script finds: each with the module that is evaluated first, from which everything else is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// The globals.
    Globals,
    /// The globals, and what scripts import.
    All,
}

impl BuiltIn {
    fn entry_point(self) -> &'static str {
        match self {
            Self::Globals => "ext:yeet/main.ts",
            Self::All => "ext:yeet/with_bpf.ts",
        }
    }
}

/// What only `yeet:bpf` is made of, below `js/`.
const BPF: [&str; 5] = ["attach", "bpf", "btf", "facades.ts", "with_bpf.ts"];

/// The modules that scripts import, each with the file whose exports it has.
const PUBLIC: [(&str, &str); 1] = [("yeet:bpf", "bpf/mod.ts")];

/// What `yeet types` and `yeet inspect` run besides. Scripts do not need it, so it is not in the snapshot.
pub(crate) const TOOLS: &str = "tools";

/// Gives our extension its modules, for the making of the snapshot.
pub(crate) fn add_to(extension: &mut Extension, what: BuiltIn) -> io::Result<()> {
    let root = root()?;
    let mut sources = Vec::new();
    collect(&root, &root, what, &mut sources)?;
    if what == BuiltIn::All {
        for (name, file) in PUBLIC {
            let code = facade(name, &fs::read_to_string(root.join(file))?);
            sources.push(ExtensionFileSource::new_computed(name, code.into()));
        }
    }
    extension.esm_files = Cow::Owned(sources);
    extension.esm_entry_point = Some(what.entry_point());
    Ok(())
}

/// The files of the tools, by the names of their modules.
pub(crate) fn tools() -> io::Result<Vec<ExtensionFileSource>> {
    let root = root()?;
    let mut sources = Vec::new();
    collect(&root, &root.join(TOOLS), BuiltIn::All, &mut sources)?;
    Ok(sources)
}

/// The folder of the built-in modules.
pub(crate) fn root() -> io::Result<PathBuf> {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../js")).canonicalize()
}

fn collect(root: &Path, folder: &Path, what: BuiltIn, sources: &mut Vec<ExtensionFileSource>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_left_out = |names: &[&str]| folder == root && names.iter().any(|name| entry.file_name() == *name);
        if is_left_out(&[TOOLS]) || (what == BuiltIn::Globals && is_left_out(&BPF)) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, what, sources)?;
        } else if is_module(&path) {
            let name = path.strip_prefix(root).expect("it was found below the root").display().to_string();
            // Extensions live as long as the process, and want strings that do.
            let specifier: &'static str = format!("ext:yeet/{name}").leak();
            let file: &'static str = path.display().to_string().leak();
            sources.push(ExtensionFileSource::loaded_during_snapshot(specifier, file));
        }
    }
    Ok(())
}

/// Tests and tools that stand beside the modules run under Node only.
fn is_module(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let in_testing = path.parent().is_some_and(|folder| folder.ends_with("testing"));
    name.ends_with(".ts")
        && !in_testing
        && ![".d.ts", ".test.ts"].iter().any(|end| name.ends_with(end))
        && name != "docs.ts"
}

/// A module under a public name may not import one of ours, so it takes what js/facades.ts left for it, export by export.
fn facade(name: &str, source: &str) -> String {
    let exports = source
        .split("export {")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .flat_map(|(names, _)| names.split(',').map(str::trim).filter(|name| !name.is_empty()));
    let mut code = format!("const module = globalThis.__modules['{name}'];\n");
    for export in exports {
        code.push_str(&format!("export const {export} = module.{export};\n"));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(what: BuiltIn) -> Vec<&'static str> {
        let mut extension = Extension::default();
        add_to(&mut extension, what).unwrap();
        extension.esm_files.iter().map(|source| source.specifier).collect()
    }

    #[test]
    fn a_start_restores_nothing_of_the_tools() {
        let modules = modules(BuiltIn::All);
        assert!(modules.contains(&"ext:yeet/btf/mod.ts"), "{modules:?}");
        assert!(!modules.iter().any(|name| name.contains("/tools/")), "{modules:?}");
        assert!(tools().unwrap().iter().any(|source| source.specifier == "ext:yeet/tools/main.ts"));
    }

    #[test]
    fn a_script_that_imports_nothing_restores_nothing_to_import() {
        let modules = modules(BuiltIn::Globals);
        assert!(modules.contains(&"ext:yeet/main.ts"), "{modules:?}");
        assert!(!modules.iter().any(|name| name.contains("/bpf/") || name.contains("/btf/") || *name == "yeet:bpf"));
    }
}
