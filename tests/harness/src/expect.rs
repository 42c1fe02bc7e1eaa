//! Compares what a step printed with what it must print.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::pattern::Pattern;
use crate::step::Place;

/// What one stream must hold.
#[derive(Debug)]
pub enum Expected {
    Exact {
        text: String,
        /// The file that `--bless` writes; none for text in the manifest.
        file: Option<PathBuf>,
    },
    Pattern(String),
}

/// The expectation of `stream`: what the manifest says, else a file beside it, else silence.
///
/// `prefix` is empty for a case of one step and `<step>.` for the others.
pub fn expected(
    dir: &Path,
    prefix: &str,
    stream: &str,
    exact: Option<&str>,
    pattern: Option<&str>,
) -> Result<Expected> {
    if let Some(text) = exact {
        return Ok(Expected::Exact { text: text.into(), file: None });
    }
    if let Some(text) = pattern {
        return Ok(Expected::Pattern(text.into()));
    }
    let file = dir.join(format!("{prefix}{stream}"));
    let wild = dir.join(format!("{prefix}{stream}.match"));
    let read = |path: &Path| std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    match (file.exists(), wild.exists()) {
        (true, true) => anyhow::bail!("both {} and {} exist: keep one", file.display(), wild.display()),
        (false, true) => Ok(Expected::Pattern(read(&wild)?)),
        (exists, false) => {
            Ok(Expected::Exact { text: if exists { read(&file)? } else { String::new() }, file: Some(file) })
        }
    }
}

/// `Some` says how `actual` differs. With `bless` a differing file is rewritten instead.
pub fn difference(
    expected: &Expected,
    actual: &[u8],
    stream: &str,
    place: &Place<'_>,
    bless: bool,
) -> Result<Option<String>> {
    let shown = String::from_utf8_lossy(actual);
    match expected {
        Expected::Pattern(pattern) => {
            let mismatch = Pattern::new(&place.fill(pattern)).check(&shown).err();
            Ok(mismatch.map(|why| format!("{stream} does not match: {why}")))
        }
        Expected::Exact { text, file } => {
            let text = place.fill(text);
            if text.as_bytes() == actual {
                return Ok(None);
            }
            if let (true, Some(file)) = (bless, file) {
                return write(file, actual, place).map(|()| None);
            }
            let from = file
                .as_ref()
                .filter(|file| file.exists())
                .map_or("the manifest".into(), |file| file.display().to_string());
            let diff = diff(&text, &shown);
            Ok(Some(format!("{stream} is not what {from} expects (- expected, + printed):\n{diff}")))
        }
    }
}

fn diff(expected: &str, actual: &str) -> String {
    let diff = similar::TextDiff::from_lines(expected, actual);
    let text = diff.unified_diff().context_radius(3).to_string();
    if text.is_empty() { "  (they differ in bytes that are not valid UTF-8)\n".into() } else { text }
}

/// Writes an expectation file; no file stands for no output.
fn write(file: &Path, actual: &[u8], place: &Place<'_>) -> Result<()> {
    if actual.is_empty() {
        return std::fs::remove_file(file).with_context(|| format!("cannot remove {}", file.display()));
    }
    let text = std::str::from_utf8(actual).context("output that is not UTF-8 cannot become an expectation file")?;
    std::fs::write(file, place.unfill(text)).with_context(|| format!("cannot write {}", file.display()))
}
