//! Every crate has a licence that deny.toml allows and comes from the registry: nothing gets into the binary unseen.

mod text;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::command::{cargo, output};
use crate::count::Counts;
use crate::workspace::root;

pub(crate) use text::write;

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A crate of the lock file.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    /// None for the crates of this repository.
    source: Option<String>,
}

pub(crate) fn check(counts: &mut Counts) -> Result<()> {
    let text = std::fs::read_to_string(root().join("deny.toml")).context("cannot read deny.toml")?;
    let allowed = allowed(&text)?;
    let packages = packages()?;
    ensure!(!packages.is_empty(), "`cargo metadata` lists no package");
    let refused: Vec<String> = packages.iter().filter_map(|package| refusal(package, &allowed)).collect();
    for line in &refused {
        println!("licences: {line}");
    }
    if refused.is_empty() {
        println!("licences: {} crates, all allowed by deny.toml", packages.len());
    }
    counts.check("licences", refused.is_empty());
    text::check(counts)
}

/// Every crate that Cargo knows of, those of this repository too.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let json = output(&mut cargo(&["metadata", "--locked", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&json).context("cannot read what `cargo metadata` printed")?;
    Ok(metadata.packages)
}

fn allowed(deny: &str) -> Result<Vec<Licensee>> {
    let deny: Deny = toml::from_str(deny).context("in deny.toml")?;
    let parse = |name: &String| {
        Licensee::parse(name).with_context(|| format!("deny.toml allows `{name}`, which is no SPDX licence"))
    };
    deny.licenses.allow.iter().map(parse).collect()
}

fn refusal(package: &Package, allowed: &[Licensee]) -> Option<String> {
    let Package { name, version, license, source } = package;
    if source.as_ref().is_some_and(|source| !source.starts_with("registry+") && !source.starts_with("sparse+")) {
        return Some(format!("{name} {version} does not come from the registry"));
    }
    let Some(license) = license else { return Some(format!("{name} {version} states no licence")) };
    match Expression::parse_mode(license, ParseMode::LAX) {
        Err(error) => {
            Some(format!("{name} {version} has the licence `{license}`, which cannot be read: {}", error.reason))
        }
        Ok(expression) => {
            let fits =
                expression.evaluate(|requirement| allowed.iter().any(|licensee| licensee.satisfies(requirement)));
            (!fits).then(|| format!("{name} {version} has the licence `{license}`, which deny.toml does not allow"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(license: Option<&str>, source: Option<&str>) -> Option<String> {
        let allowed = allowed("[licenses]\nallow = ['MIT', 'Apache-2.0 WITH LLVM-exception', 'MPL-2.0']").unwrap();
        let package = Package {
            name: "x".into(),
            version: "1.0.0".into(),
            license: license.map(Into::into),
            source: source.map(Into::into),
        };
        refusal(&package, &allowed)
    }

    #[test]
    fn allowed_licences_pass() {
        for license in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "Apache-2.0 WITH LLVM-exception",
            "MPL-2.0+",
            "MIT AND MPL-2.0",
        ] {
            assert_eq!(judge(Some(license), Some("registry+x")), None);
        }
    }

    #[test]
    fn others_are_refused() {
        for (license, source, says) in [
            (Some("GPL-3.0-only"), Some("registry+x"), "does not allow"),
            (Some("MIT AND GPL-3.0-only"), None, "does not allow"),
            (Some("Apache-2.0"), None, "does not allow"),
            (Some("whatever"), None, "cannot be read"),
            (None, None, "states no licence"),
            (Some("MIT"), Some("git+x"), "does not come from the registry"),
        ] {
            let refusal = judge(license, source).unwrap();
            assert!(refusal.contains(says), "{refusal}");
        }
    }

    #[test]
    fn the_list_itself_is_checked() {
        assert!(format!("{:#}", allowed("[licenses]\nallow = ['Mine']").unwrap_err()).contains("no SPDX licence"));
    }
}
