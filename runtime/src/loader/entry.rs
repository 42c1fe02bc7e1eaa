//! Which file `yeet run FILE | DIR` means.

use std::path::{Path, PathBuf};

/// The name under which a script from standard input appears in stacks.
pub(crate) const STDIN_NAME: &str = "$stdin.ts";

/// The names that make a file the main module of a directory, in order of preference.
const STEMS: [&str; 4] = ["src/index", "src/main", "main", "index"];
const EXTENSIONS: [&str; 6] = ["ts", "tsx", "mts", "js", "jsx", "mjs"];

/// The main module for a path from the command line: the file itself, or the entry file of a directory.
///
/// # Errors
/// A message for the user when there is no such file, or no entry file in the directory.
pub fn find_main(path: &Path) -> Result<PathBuf, String> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let hint = neighbour(path).map(|near| format!("\n  fix: did you mean {}?", near.display())).unwrap_or_default();
            return Err(format!("error: no such file: {}{hint}", path.display()));
        }
        Err(error) => return Err(format!("error: cannot read {}: {error}", path.display())),
    };
    if !metadata.is_dir() {
        return Ok(path.to_owned());
    }
    STEMS
        .iter()
        .flat_map(|stem| EXTENSIONS.iter().map(move |extension| path.join(format!("{stem}.{extension}"))))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| {
            format!(
                "error: {} is a directory without an entry file\n  fix: name the script itself, or add one of src/index, src/main, main or index with .ts, .tsx, .mts, .js, .jsx or .mjs",
                path.display()
            )
        })
}

/// A script beside the missing one that differs in its extension only.
pub(super) fn neighbour(path: &Path) -> Option<PathBuf> {
    EXTENSIONS.iter().flat_map(|extension| [path.with_extension(extension), append(path, extension)]).find(|candidate| candidate.is_file())
}

fn append(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}
