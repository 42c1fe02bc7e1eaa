//! Spec tests in a root that holds nothing but the binary, /proc, /sys and the scripts: no /etc, no library, no place to write to.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Result;
use nix::unistd::Uid;

use crate::count::Counts;
use crate::spec;
use crate::workspace::{root, target};

/// A script that prints, one that reads events of a tracepoint, and every error.
const CASES: [&str; 3] = ["run/typescript", "kernel/tracepoint", "errors/"];

/// It runs yeet as nobody, who may not make a root.
const WITHOUT: &str = "errors/load_unreadable";

pub(super) fn specs(yeet: &Path, counts: &mut Counts) -> Result<()> {
    if !Uid::effective().is_root() {
        println!("dist: an empty root needs root: skipped");
        counts.skipped += 1;
        return Ok(());
    }
    let folder = target().join("empty-root");
    fs::create_dir_all(folder.join("root"))?;
    let script = include_str!("empty-root.sh")
        .replace("@ROOT@", &folder.join("root").display().to_string())
        .replace("@REPOSITORY@", &root().display().to_string())
        .replace("@YEET@", &yeet.display().to_string());
    // Named like what it stands for: error texts of the command line begin with the program's name.
    let program = folder.join("yeet");
    fs::write(&program, script)?;
    fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    for filter in CASES {
        spec::cases_of(filter, WITHOUT, &program, counts)?;
    }
    Ok(())
}
