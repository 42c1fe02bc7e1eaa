//! Which commit the binary was built from.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Gives `YEET_COMMIT` to the crate: twelve digits, or `unknown` outside a clone.
pub(crate) fn name() {
    // A packager who builds without the repository can say it.
    println!("cargo:rerun-if-env-changed=YEET_COMMIT");
    let commit = std::env::var("YEET_COMMIT").ok().or_else(of_clone).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=YEET_COMMIT={commit}");
}

fn of_clone() -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    // Sources without .git may lie inside another repository, whose commit says nothing about them.
    if PathBuf::from(git(root, &["rev-parse", "--show-toplevel"])?).canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    // Every commit and checkout writes to the first, if there is one.
    for file in ["logs/HEAD", "HEAD"] {
        let path = root.join(git(root, &["rev-parse", "--git-path", file])?);
        if path.exists() {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
    git(root, &["rev-parse", "--short=12", "HEAD"])
}

fn git(root: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).current_dir(root).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
