//! The spec tests: `cargo xtask spec [FILTER] [--bless]`, or `cargo test -p yeet-spec --test spec`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use libtest_mimic::Arguments;
use yeet_spec::Context;
use yeet_spec::discover::{self, Case, Plan};
use yeet_spec::guest;

/// Kernel cases run alone anyway; the others are mostly waiting for a process.
const PARALLEL: usize = 2;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(PARALLEL);
    let here = std::env::var_os("CARGO_MANIFEST_DIR").context("run the spec tests through cargo")?;
    let root = Path::new(&here).join("../..").canonicalize()?;
    let bless = std::env::var_os("YEET_BLESS").is_some_and(|value| value == "1");
    let context = Context::new(yeet()?, root.join("tests/spec"), root, bless);
    let mut cases = discover::cases(&context)?;
    if guest::in_guest() {
        cases.retain(|case| case.is_for_guests() || arguments.filter.as_ref() == Some(&case.name));
    }
    let skipped: Vec<String> = cases.iter().filter_map(skip).collect();
    let trials = cases.into_iter().map(|case| case.into_trial(&context)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !skipped.is_empty() {
        println!("skipped, with proof:\n{}", skipped.join("\n"));
    }
    Ok(conclusion.exit_code())
}

fn skip(case: &Case) -> Option<String> {
    match &case.plan {
        Plan::Skip(why) => Some(format!("  {}: {why}", case.name)),
        _ => None,
    }
}

/// `YEET_BIN`, or the release build in the target folder that this test was built into.
fn yeet() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("YEET_BIN") {
        let path = PathBuf::from(path);
        ensure!(path.is_file(), "YEET_BIN is {}: there is no such file", path.display());
        return path.canonicalize().context("YEET_BIN");
    }
    let test = std::env::current_exe()?;
    let target = test.ancestors().nth(3).context("the test does not lie in a target folder")?;
    let path = target.join("release/yeet");
    ensure!(
        path.is_file(),
        "there is no {}: build it with `cargo build --release -p yeet`, or use `cargo xtask spec`",
        path.display()
    );
    Ok(path)
}
