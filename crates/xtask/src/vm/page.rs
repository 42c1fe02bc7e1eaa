//! docs/kernel-support.md: the features as rows, the kernels as columns, and for each gap what was measured.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::features::{Area, Feature, Features, Has};
use super::kernels::KERNELS;
use super::results::{Measured, Results};
use crate::workspace::root;

/// Relative to the root.
pub(super) const PATH: &str = "docs/kernel-support.md";

const INTRODUCTION: &str = "\
<!-- Made by `cargo xtask vm table` of tests/kernel-features.toml and tests/kernel-results.json. -->
# Kernel support

Which of the kernels that yeet is tested on has what. The spec tests ran in guests with Debian's kernels for virtual machines (`cargo xtask vm run --write`).
*yes*: every test of the feature passed there. *no*: every one was skipped, because the kernel lacks something; *in part*: some were. The
number leads to what was found missing, and to what yeet says or does then, as a test of that kernel holds it. *–*: not every one was run.
What was not run is none of the others: a kernel with many of those wants a whole run.

";

/// The whole page.
///
/// # Errors
/// A case was skipped that no row has: the page would not tell all.
pub(super) fn markdown(features: &Features, results: &Results) -> Result<String> {
    let columns: Vec<&Measured> = KERNELS.iter().filter_map(|kernel| results.0.get(kernel.name)).collect();
    for measured in &columns {
        for (case, why) in &measured.skipped {
            ensure!(features.all().any(|feature| feature.covers(case)), "no row has {case}, which is skipped: {why}");
        }
    }
    let mut page = String::from(INTRODUCTION);
    let known: BTreeSet<&String> = columns.iter().copied().flat_map(run).collect();
    page += "| kernel | build | passed | skipped | failed | not run |\n| --- | --- | --- | --- | --- | --- |\n";
    for measured in &columns {
        let missing = known.len() - run(measured).count();
        let (passed, lacking) = (measured.passed.len(), lacking(measured));
        let failed: Vec<String> = measured.failed.iter().map(|case| format!("`{case}`")).collect();
        let failed = if failed.is_empty() { "none".to_owned() } else { failed.join(", ") };
        let (version, release) = (version(measured), &measured.release);
        writeln!(page, "| {version} | {release} | {passed} | {lacking} | {failed} | {missing} |")?;
    }
    for area in &features.area {
        table(&mut page, area, &columns)?;
    }
    Ok(page)
}

/// Tests with a result.
fn run(measured: &Measured) -> impl Iterator<Item = &String> {
    measured.passed.iter().chain(measured.skipped.keys()).chain(&measured.failed)
}

/// Tests that were skipped because the kernel lacks something, not because it has it.
fn lacking(measured: &Measured) -> usize {
    measured.skipped.values().filter(|why| why.starts_with("needs ")).count()
}

fn table(page: &mut String, area: &Area, columns: &[&Measured]) -> Result<()> {
    let versions: Vec<String> = columns.iter().map(|measured| version(measured)).collect();
    writeln!(page, "\n## {}\n\n| | {} |\n| ---{} |", area.name, versions.join(" | "), " | ---".repeat(versions.len()))?;
    let mut gaps: Vec<String> = Vec::new();
    for feature in &area.feature {
        write!(page, "| {}", feature.name)?;
        for measured in columns {
            let (word, whys) = match feature.on(measured) {
                Has::All => ("yes", Vec::new()),
                Has::Part(whys) => ("in part", whys),
                Has::Nothing(whys) => ("no", whys),
                Has::Unknown => ("–", Vec::new()),
            };
            write!(page, " | {word}")?;
            if !whys.is_empty() {
                let gap = gap(&whys, feature, measured)?;
                let number = gaps.iter().position(|known| *known == gap).unwrap_or_else(|| {
                    gaps.push(gap);
                    gaps.len() - 1
                });
                write!(page, " ({})", number + 1)?;
            }
        }
        page.push_str(" |\n");
    }
    for (index, gap) in gaps.iter().enumerate() {
        writeln!(page, "{}{}. {gap}", if index == 0 { "\n" } else { "" }, index + 1)?;
    }
    Ok(())
}

/// What is missing, and what yeet makes of it.
fn gap(whys: &[String], feature: &Feature, measured: &Measured) -> Result<String> {
    let mut text = whys.join(". ");
    if let Some(case) = &feature.without
        && measured.passed.contains(case)
    {
        write!(text, ". {}", consequence(&root().join("tests/spec").join(case))?)?;
    }
    Ok(text)
}

/// The error that the case expects in its first line, or what the case says about itself.
fn consequence(case: &Path) -> Result<String> {
    let expected = ["stdout", "stdout.match"].iter().find_map(|name| std::fs::read_to_string(case.join(name)).ok());
    let first = expected.as_deref().and_then(|text| text.lines().next()).unwrap_or_default();
    if first.split_once(": ").is_some_and(|(kind, _)| kind.chars().all(char::is_alphanumeric)) {
        return Ok(format!("`{}`", first.replace("[WILD]", "…")));
    }
    let path = case.join("test.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let manifest: toml::Table = toml::from_str(&text)?;
    let about = manifest.get("about").and_then(toml::Value::as_str);
    Ok(format!("{}.", about.with_context(|| format!("{} has no `about`", path.display()))?))
}

/// `6.12` of `6.12.57+deb13-cloud-amd64`.
fn version(measured: &Measured) -> String {
    measured.release.split('.').take(2).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_that_of_the_results() {
        let page = std::fs::read_to_string(root().join(PATH)).unwrap();
        let made = markdown(&Features::read().unwrap(), &Results::read().unwrap()).unwrap();
        assert!(page == made, "{PATH} is not what `cargo xtask vm table` makes");
    }

    #[test]
    fn the_rows_name_cases_that_exist() {
        for feature in Features::read().unwrap().all() {
            for case in feature.cases.iter().chain(&feature.without) {
                let dir = root().join("tests/spec").join(case);
                assert!(dir.is_dir() && (case.ends_with('/') || dir.join("test.toml").exists()), "there is no {case}");
            }
        }
    }

    #[test]
    fn a_gap_has_its_proof_and_the_error_of_the_test() {
        let area = Area {
            name: "Programs".into(),
            feature: vec![Feature {
                name: "LSM".into(),
                cases: vec!["kernel/lsm".into()],
                without: Some("kernel/without_lsm".into()),
                heavy: Vec::new(),
            }],
        };
        let mut new = Measured::of("6.12.1-x");
        new.passed.insert("kernel/lsm".into());
        let mut old = Measured::of("5.4.0-x");
        old.skipped
            .insert("kernel/lsm".into(), "needs lsm: no f; this is 5.4.0-x, the feature is there since 5.7".into());
        old.passed.insert("kernel/without_lsm".into());
        let mut page = String::new();
        table(&mut page, &area, &[&old, &new]).unwrap();
        let expected = "\n## Programs\n\n| | 5.4 | 6.12 |\n| --- | --- | --- |\n| LSM | no (1) | yes |\n\n\
                        1. needs lsm: no f; the feature is there since 5.7. `Unsupported: cannot load program 'lsm'";
        assert!(page.starts_with(expected), "{page}");
    }
}
