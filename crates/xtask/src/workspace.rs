//! Where things are.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Crates that do not link V8. They are checked and tested in the dev profile.
pub(crate) const LIGHT_CRATES: [&str; 4] = ["yeet-bpf", "xtask", "yeet-spec", "yeet-faults"];

/// Crates above V8 and swc. They are only ever compiled in the release profile, so that these two are compiled once.
pub(crate) const HEAVY_CRATES: [&str; 3] = ["yeet-runtime", "yeet-transpile", "yeet"];

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    // Cargo sets the variable for `cargo run` too. It comes first: a target folder may be shared by several clones.
    ROOT.get_or_init(|| {
        let here =
            std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = here.ancestors().nth(2).unwrap_or(Path::new("."));
        root.to_path_buf()
    })
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The binary that `cargo build --release -p yeet` makes.
pub(crate) fn yeet() -> PathBuf {
    target().join("release/yeet")
}

/// `path` as seen from the root, for messages.
pub(crate) fn relative(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(root()).unwrap_or(path).display()
}

/// Files below `dirs` (relative to the root) whose name `wanted` accepts, in order; build products are left out.
pub(crate) fn files(dirs: &[&str], wanted: impl Fn(&str) -> bool) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = dirs.iter().map(|dir| root().join(dir)).filter(|dir| dir.is_dir()).collect();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if entry.file_type()?.is_dir() {
                if !matches!(&*name, "node_modules" | "target" | ".git") {
                    open.push(entry.path());
                }
            } else if wanted(&name) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
