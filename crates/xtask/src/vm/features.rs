//! `tests/kernel-features.toml`: which cases show that a kernel has a feature.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::results::Measured;
use crate::workspace::root;

/// Relative to the root.
const PATH: &str = "tests/kernel-features.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Features {
    pub(super) area: Vec<Area>,
}

/// A table of the page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Area {
    pub(super) name: String,
    pub(super) feature: Vec<Feature>,
}

/// A row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feature {
    pub(super) name: String,
    /// Names of cases; one that ends in `/` stands for all below it.
    pub(super) cases: Vec<String>,
    /// The case that shows what happens without it.
    pub(super) without: Option<String>,
    /// Those of the cases that guests leave out.
    #[serde(skip)]
    pub(super) heavy: Vec<String>,
}

/// What a kernel has of a feature.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Has {
    All,
    /// Some cases pass, others are skipped with these proofs.
    Part(Vec<String>),
    Nothing(Vec<String>),
    /// Not every case of it was run.
    Unknown,
}

impl Features {
    pub(super) fn read() -> Result<Features> {
        let text = std::fs::read_to_string(root().join(PATH)).with_context(|| format!("cannot read {PATH}"))?;
        let mut features: Features = toml::from_str(&text).with_context(|| format!("in {PATH}"))?;
        for feature in features.area.iter_mut().flat_map(|area| &mut area.feature) {
            feature.heavy = feature.cases.iter().filter(|case| is_heavy(case)).cloned().collect();
        }
        Ok(features)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Feature> {
        self.area.iter().flat_map(|area| &area.feature)
    }
}

impl Feature {
    pub(super) fn covers(&self, case: &str) -> bool {
        let named =
            |entry: &String| if entry.ends_with('/') { case.starts_with(entry.as_str()) } else { case == entry };
        self.cases.iter().any(named) || self.without.as_deref() == Some(case)
    }

    /// A case that is skipped because the kernel has what it shows the absence of (`lacks`) says nothing here.
    pub(super) fn on(&self, measured: &Measured) -> Has {
        let shows = |case: &&String| self.covers(case) && self.without.as_ref() != Some(case);
        let passed = measured.passed.iter().filter(shows).count();
        let mut whys: Vec<String> = Vec::new();
        for (_, why) in measured.skipped.iter().filter(|(case, why)| shows(case) && why.starts_with("needs ")) {
            let why = without_release(why, &measured.release);
            if !whys.contains(&why) {
                whys.push(why);
            }
        }
        let known = |case: &String| {
            case.ends_with('/')
                || self.heavy.contains(case)
                || measured.passed.contains(case)
                || measured.skipped.contains_key(case)
        };
        match (passed, whys.is_empty()) {
            _ if !self.cases.iter().all(known) => Has::Unknown,
            (0, true) => Has::Unknown,
            (0, false) => Has::Nothing(whys),
            (_, true) => Has::All,
            (_, false) => Has::Part(whys),
        }
    }
}

/// Whether the case says of itself that guests leave it out.
fn is_heavy(case: &str) -> bool {
    let text = std::fs::read_to_string(root().join("tests/spec").join(case).join("test.toml")).unwrap_or_default();
    toml::from_str::<toml::Table>(&text).is_ok_and(|manifest| manifest.contains_key("heavy"))
}

/// The proof as the harness words it, without the kernel's release, so that kernels with the same gap have the same text.
fn without_release(why: &str, release: &str) -> String {
    why.replace(&format!("this is {release}, "), "").replace(&format!("known gap of {release}: "), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature() -> Feature {
        Feature {
            name: "TCX".into(),
            cases: vec!["tcx/".into(), "x/y".into()],
            without: Some("tcx/without_tcx".into()),
            heavy: Vec::new(),
        }
    }

    fn measured(passed: &[&str], skipped: &[(&str, &str)]) -> Measured {
        let mut measured = Measured::of("6.1.0-1");
        measured.passed = passed.iter().map(|name| (*name).to_owned()).collect();
        measured.skipped = skipped.iter().map(|(name, why)| ((*name).to_owned(), (*why).to_owned())).collect();
        measured
    }

    #[test]
    fn a_feature_is_there_when_its_cases_pass() {
        let needs = "needs tcx: no f; this is 6.1.0-1, the feature is there since 6.6";
        let why = || vec!["needs tcx: no f; the feature is there since 6.6".to_owned()];
        let lacks = ("tcx/without_tcx", "shows what happens without tcx, which 6.1.0-1 has");
        assert_eq!(feature().on(&measured(&["tcx/a", "x/y"], &[lacks])), Has::All);
        assert_eq!(feature().on(&measured(&["x/y"], &[("tcx/a", needs), ("tcx/b", needs)])), Has::Part(why()));
        assert_eq!(
            feature().on(&measured(&["tcx/without_tcx"], &[("tcx/a", needs), ("x/y", needs)])),
            Has::Nothing(why())
        );
        assert_eq!(feature().on(&measured(&["tcx/a"], &[])), Has::Unknown, "x/y was not run");
        assert_eq!(Feature { heavy: vec!["x/y".into()], ..feature() }.on(&measured(&["tcx/a"], &[])), Has::All);
    }
}
