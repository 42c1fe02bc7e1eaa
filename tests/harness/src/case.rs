//! Runs one case: its steps in order, then the checks that hold for the case as a whole.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::sync::RwLock;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::Context;
use crate::expect::{difference, expected};
use crate::kernel::{Ids, leaks};
use crate::manifest::{Exit, Manifest, Step};
use crate::report;
use crate::step::{self, Place};

/// Cases that load BPF programs run alone: another case's objects and processes would be taken for theirs.
static ALONE: RwLock<()> = RwLock::new(());

/// Runs the case in `dir`. `Err` is the report of a failure.
pub fn run(context: &Context, dir: &Path, manifest: &Manifest) -> Result<(), String> {
    // A panicking case is a failure of its own; the lock protects no data.
    let (_shared, _alone);
    if manifest.case.kernel {
        _alone = ALONE.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    } else {
        _shared = ALONE.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    }
    run_steps(context, dir, manifest).map_err(|error| format!("{error:#}"))
}

fn run_steps(context: &Context, dir: &Path, manifest: &Manifest) -> Result<()> {
    let for_others = manifest.steps.iter().any(|step| step.user.is_some());
    let copy = (manifest.case.temp || for_others || !manifest.case.files.is_empty())
        .then(|| copy_case(dir, &manifest.case.files))
        .transpose()?;
    let yeet = if for_others { context.public_yeet()? } else { context.yeet.as_path() };
    let place = Place { dir: copy.as_ref().map_or(dir, TempDir::path), yeet, root: &context.root };
    let before = manifest.case.kernel.then(Ids::now).transpose()?;

    for (index, step) in manifest.steps.iter().enumerate() {
        let name = step.name.clone().unwrap_or_else(|| (index + 1).to_string());
        let prefix = if manifest.steps.len() > 1 { format!("{name}.") } else { String::new() };
        let outcome = step::run(step, &place)?;
        let mut problems = outcome.problems.clone();
        problems.extend(wrong_end(step, &outcome));
        // A step that failed in another way does not get its output blessed: that output is likely wrong too.
        let bless = context.bless && problems.is_empty();
        for (stream, actual, exact, pattern) in [
            ("stdout", &outcome.stdout, &step.stdout, &step.stdout_match),
            ("stderr", &outcome.stderr, &step.stderr, &step.stderr_match),
        ] {
            if outcome.cut {
                continue;
            }
            let expected = expected(dir, &prefix, stream, exact.as_deref(), pattern.as_deref())?;
            problems.extend(difference(&expected, actual, stream, &place, bless)?);
        }
        if !problems.is_empty() {
            bail!(report::failure(&format!("step {name} of {}", manifest.steps.len()), &outcome, &problems));
        }
    }
    if let Some(before) = before {
        let leaks = leaks(&before)?;
        if !leaks.is_empty() {
            let list: Vec<String> = leaks.iter().map(|leak| format!("  {leak}")).collect();
            bail!("2 s after its end the case still has in the kernel:\n{}", list.join("\n"));
        }
    }
    Ok(())
}

fn wrong_end(step: &Step, outcome: &step::Outcome) -> Option<String> {
    let status = outcome.ended.status;
    let right = match &step.exit {
        Exit::Code(code) => status.code() == Some(i32::from(*code)),
        Exit::Signal(signal) => status.signal() == Some(*signal as i32),
    };
    let expected = match &step.exit {
        Exit::Code(code) => format!("exit code {code}"),
        Exit::Signal(signal) => signal.to_string(),
    };
    let actual =
        || status.signal().map_or_else(|| format!("exit code {}", status.code().unwrap_or(-1)), report::signal_name);
    (!right).then(|| format!("expected {expected}, got {}", actual()))
}

/// A copy of the case that every user may read.
fn copy_case(dir: &Path, files: &[String]) -> Result<TempDir> {
    let copy = tempfile::Builder::new().prefix("yeet-spec-").tempdir()?;
    open_to_all(copy.path())?;
    copy_tree(dir, copy.path())?;
    for file in files {
        let from = dir.join(file);
        let name = from.file_name().with_context(|| format!("`files` has `{file}`, which names no file"))?;
        std::fs::copy(&from, copy.path().join(name))
            .with_context(|| format!("`files` has `{file}`: cannot copy {}", from.display()))?;
    }
    Ok(copy)
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir(&target)?;
            open_to_all(&target)?;
            copy_tree(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

pub(crate) fn open_to_all(path: &Path) -> Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
        .with_context(|| format!("cannot open {} to all", path.display()))
}
