//! The binary that is given away: `dist/yeet`, and what belongs beside it in `dist/meta`.
//!
//! It is the release build without its symbol table, so what the tests run is what ships. [`Options::as_built`] takes a build as it is;
//! otherwise the build is made with neutral names for the folders of this machine, so that nothing in it tells where it was built.

mod binary;
mod empty_root;
mod sbom;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::command::{cargo, check, command, output, stream};
use crate::components::{crates, natives};
use crate::count::Counts;
use crate::workspace::{relative, root, target, yeet};
use crate::{hash, spec};

const HERE: &str = "x86_64-unknown-linux-gnu";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Take the release build as it is, with the paths of this machine in its messages
    #[arg(long)]
    as_built: bool,
    /// Then run spec tests with it in an empty root
    #[arg(long)]
    test: bool,
    /// What it is for
    #[arg(long, default_value = HERE)]
    target: String,
}

pub(crate) fn run(options: &Options, counts: &mut Counts) -> Result<()> {
    let mut paths: Vec<String> = machine()?.into_iter().map(|(path, _)| path).collect();
    let built = if options.as_built {
        ensure!(options.target == HERE, "--as-built takes the release build, which is for {HERE}");
        spec::build(counts)?;
        // Those of crates are in there. Of the repository's and the target folder's there must be none.
        paths.truncate(2);
        yeet()
    } else {
        build(&options.target, counts)?
    };
    ensure!(counts.failed == 0, "yeet does not build");
    finish(&built, &options.target, &paths, counts)?;
    if options.test { empty_root::specs(&root().join("dist/yeet"), counts) } else { Ok(()) }
}

/// For CI: the release build that was tested, and spec tests with it where there is nothing else.
pub(crate) fn for_ci(counts: &mut Counts) -> Result<()> {
    run(&Options { as_built: true, test: true, target: HERE.to_owned() }, counts)
}

/// Folders whose names the compiler would write into messages, and what stands there instead.
fn machine() -> Result<[(String, &'static str); 3]> {
    let home = std::env::var("HOME").context("HOME is not set")?;
    let cargo = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    Ok([(root().display().to_string(), "/yeet"), (target().display().to_string(), "/target"), (cargo, "/cargo")])
}

fn build(target_name: &str, counts: &mut Counts) -> Result<PathBuf> {
    let flags: Vec<String> =
        machine()?.iter().map(|(path, name)| format!("--remap-path-prefix={path}={name}")).collect();
    let mut cargo = cargo(&["build", "--locked", "--release", "--package", "yeet"]);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    let folder = target().join("dist");
    cargo.env("CARGO_TARGET_DIR", &folder);
    if target_name == HERE {
        check(&mut cargo, counts)?;
        return Ok(folder.join("release/yeet"));
    }
    let archive = format!("third_party/v8/librusty_v8_slim_{target_name}.a.gz");
    ensure!(root().join(&archive).exists(), "there is no V8 for {target_name}: {archive} is missing");
    cargo.args(["--target", target_name]).env("RUSTY_V8_ARCHIVE", root().join(&archive));
    check(&mut cargo, counts)?;
    Ok(folder.join(target_name).join("release/yeet"))
}

fn finish(built: &Path, target: &str, paths: &[String], counts: &mut Counts) -> Result<()> {
    let dist = root().join("dist");
    let meta = dist.join("meta");
    std::fs::create_dir_all(&meta).with_context(|| format!("cannot make {}", meta.display()))?;
    let file = dist.join("yeet");
    let strip = if target == HERE { "strip".to_owned() } else { target.replace("-unknown", "") + "-strip" };
    let stripped = stream(command(strip, &["--strip-all", "-o"]).arg(&file).arg(built), |_| {})?;
    ensure!(stripped.success(), "{} cannot be stripped", built.display());
    let faults = binary::faults(&file, paths)?;
    for fault in &faults {
        println!("{}: {fault}", relative(&file));
    }
    counts.check("dist/yeet is static, stripped and small", faults.is_empty());
    let sha256 = hash::file(&file)?;
    write(&meta.join("SHA256SUMS"), &format!("{sha256}  yeet\n"))?;
    std::fs::copy(root().join("crates/yeet-cli/licences/licences.txt"), meta.join("licences.txt"))?;
    let commit = output(&mut command("git", &["rev-parse", "--short=12", "HEAD"])).unwrap_or_else(|_| "unknown".into());
    let version = env!("CARGO_PKG_VERSION");
    let document = sbom::document(version, commit.trim(), target, &sha256, &crates(target)?, &natives()?);
    write(&meta.join("sbom.cdx.json"), &format!("{document:#}\n"))?;
    println!("{}: {} bytes, SHA-256 {sha256}", relative(&file), file.metadata()?.len());
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", relative(path)))
}
