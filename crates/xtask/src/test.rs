//! Unit tests of Rust and TypeScript.

use anyhow::{Result, ensure};

use crate::command::{cargo, command, suite};
use crate::count::Counts;
use crate::workspace::{HEAVY_CRATES, LIGHT_CRATES, files, relative, root};

pub(crate) fn run(counts: &mut Counts) -> Result<()> {
    light(counts)?;
    typescript(counts)?;
    heavy(counts)
}

/// The crates without V8, in the dev profile.
pub(crate) fn light(counts: &mut Counts) -> Result<()> {
    rust(&["--profile", "dev"], &LIGHT_CRATES, counts)
}

/// The crates above V8, in the release profile.
pub(crate) fn heavy(counts: &mut Counts) -> Result<()> {
    rust(&["--release"], &HEAVY_CRATES, counts)
}

fn rust(profile: &[&str], crates: &[&str], counts: &mut Counts) -> Result<()> {
    let mut args = vec!["test", "--locked", "--no-fail-fast"];
    args.extend(profile);
    for name in crates {
        args.extend(["--package", name]);
    }
    suite(&mut cargo(&args), counts)
}

/// `*.test.ts` under Node. The files are named one by one: Node 20 knows no patterns.
pub(crate) fn typescript(counts: &mut Counts) -> Result<()> {
    let tests = files(&["js", "tests"], |name| name.ends_with(".test.ts"))?;
    ensure!(!tests.is_empty(), "there is no *.test.ts below js/ and tests/");
    ensure!(root().join("node_modules/tsx").exists(), "node_modules is missing: run `cargo xtask setup` (or `npm ci`)");
    let names: Vec<String> = tests.iter().map(|path| relative(path).to_string()).collect();
    let mut args = vec!["--import", "tsx", "--test", "--test-reporter", "spec"];
    args.extend(names.iter().map(String::as_str));
    suite(&mut command("node", &args), counts)
}
