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
            let fix = match neighbour(path) {
                Some(near) => format!("did you mean {}?", near.display()),
                None => "name a script, a directory with an entry file, or - for standard input".to_owned(),
            };
            return Err(format!("error: no such file: {}\n  fix: {fix}", path.display()));
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

/// A script beside the missing one that differs from it in its extension, or in one letter.
pub(super) fn neighbour(path: &Path) -> Option<PathBuf> {
    let other_extension =
        EXTENSIONS.iter().flat_map(|extension| [path.with_extension(extension), append(path, extension)]);
    other_extension.into_iter().find(|candidate| candidate.is_file()).or_else(|| misspelt(path))
}

fn misspelt(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names.into_iter().find(|other| one_letter_apart(name, other)).map(|name| path.with_file_name(name))
}

/// Whether one letter added, left out, changed, or two exchanged make `a` from `b`.
fn one_letter_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 4 || long.len() - short.len() > 1 {
        return false;
    }
    let start = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[start..], &long[start..]);
    match short.len() == long.len() {
        false => *short == long[1..],
        true if short.len() < 2 => !short.is_empty(),
        true => short[1..] == long[1..] || (short[0] == long[1] && short[1] == long[0] && short[2..] == long[2..]),
    }
}

fn append(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::one_letter_apart;

    #[test]
    fn slips_of_the_finger_are_recognised() {
        for slip in ["probe.t", "probe.tss", "prboe.ts", "prxbe.ts", "probe.tx", "rprobe.ts"] {
            assert!(one_letter_apart(slip, "probe.ts"), "{slip}");
        }
        for other in ["probe.ts", "prove2.ts", "ebop.ts", "", "probets2", "p.ts"] {
            assert!(!one_letter_apart(other, "probe.ts"), "{other}");
        }
    }
}
