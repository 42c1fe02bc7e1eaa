//! From a fresh clone to a running script in one command.

use std::os::unix::process::CommandExt;

use anyhow::{Context as _, Result, ensure};

use crate::command::cargo;
use crate::setup;
use crate::workspace::yeet;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The script or its folder, then the script's own arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Installs what the build lacks, builds, and becomes `yeet run …`, as root. Returns only where that fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    setup::for_running()?;
    // Not through `stream`: a person waits for this, and cargo shows its progress only on a terminal of its own.
    let status =
        cargo(&["build", "--locked", "--release", "--package", "yeet"]).status().context("cannot run cargo")?;
    ensure!(status.success(), "yeet does not build ({status})");
    let program = yeet();
    let mut command = setup::privileged(&program.to_string_lossy(), &["run"]);
    if let Some(dir) = std::env::current_dir().ok().filter(|dir| dir.is_dir()) {
        command.current_dir(dir);
    }
    let error = command.args(&options.arguments).exec();
    Err(error).with_context(|| format!("cannot run {}", command.get_program().display()))
}
