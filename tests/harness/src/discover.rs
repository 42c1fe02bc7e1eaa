//! Finds the cases and decides what becomes of each.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use libtest_mimic::{Failed, Trial};

use crate::manifest::Manifest;
use crate::needs::{Gaps, Verdict, judge, judge_absence};
use crate::{Context, case, manifest};

/// A folder below `tests/spec`.
#[derive(Debug)]
pub struct Case {
    /// Its path below `tests/spec`, which is the test's name.
    pub name: String,
    pub dir: PathBuf,
    pub plan: Plan,
}

#[derive(Debug)]
pub enum Plan {
    Run(Manifest),
    /// Proved: why the kernel cannot run it.
    Skip(String),
    /// The case itself is wrong.
    Fail(String),
}

/// All cases below `context.spec`, in order of their names.
pub fn cases(context: &Context) -> Result<Vec<Case>> {
    let mut dirs = Vec::new();
    walk(&context.spec, &mut dirs)?;
    ensure!(!dirs.is_empty(), "there is no test.toml below {}", context.spec.display());
    dirs.sort();
    let gaps = Gaps::read(&context.spec.with_file_name("kernel-gaps.toml"))?;
    let case = |dir: PathBuf| {
        let name = dir.strip_prefix(&context.spec).unwrap_or(&dir).to_string_lossy().into_owned();
        Case { name, plan: plan(&dir, &gaps), dir }
    };
    Ok(dirs.into_iter().map(case).collect())
}

fn plan(dir: &Path, gaps: &Gaps) -> Plan {
    let path = dir.join("test.toml");
    if !path.exists() {
        return Plan::Fail(format!(
            "{} has files but no test.toml (an empty one runs main.ts and expects no output)",
            dir.display()
        ));
    }
    let manifest = match manifest::read(&path) {
        Ok(manifest) => manifest,
        Err(error) => return Plan::Fail(format!("{error:#}")),
    };
    let verdict = match judge(&manifest.case.needs, gaps) {
        Verdict::Run => judge_absence(&manifest.case.lacks),
        other => other,
    };
    match verdict {
        Verdict::Run => Plan::Run(manifest),
        Verdict::Skip(why) => Plan::Skip(why),
        Verdict::Unproved(why) => Plan::Fail(why),
    }
}

impl Case {
    /// Does it belong into a guest, where only the kernel is another? Cases that are skipped or wrong do: that may be the kernel's doing.
    pub fn is_for_guests(&self) -> bool {
        match &self.plan {
            Plan::Run(manifest) => manifest.case.kernel && manifest.case.heavy.is_none(),
            Plan::Skip(_) | Plan::Fail(_) => true,
        }
    }

    /// The case as a test of libtest's.
    pub fn into_trial(self, context: &Context) -> Trial {
        let context = context.clone();
        match self.plan {
            Plan::Run(manifest) => {
                Trial::test(self.name, move || case::run(&context, &self.dir, &manifest).map_err(Failed::from))
            }
            Plan::Fail(why) => Trial::test(self.name, move || Err(Failed::from(why))),
            Plan::Skip(_) => Trial::test(self.name, || Ok(())).with_ignored_flag(true),
        }
    }
}

/// A case is a folder with `test.toml`. A folder with files, no `test.toml` and no case below it is a case that somebody forgot
/// to finish: it is listed too, and fails.
fn walk(dir: &Path, cases: &mut Vec<PathBuf>) -> Result<()> {
    let is_case = dir.join("test.toml").exists();
    let before = cases.len();
    let mut files = false;
    for entry in std::fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            files = true;
        } else if !is_case {
            walk(&entry.path(), cases)?;
        }
    }
    if is_case || (files && cases.len() == before) {
        cases.push(dir.into());
    }
    Ok(())
}
