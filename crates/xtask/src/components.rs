//! What is in the binary: its crates, and the code that is linked besides.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::command::{cargo, output};
use crate::licences::packages;
use crate::workspace::root;

/// What `crates/yeet-cli/licences/native.toml` tells of one library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Native {
    pub(crate) name: String,
    /// None where the machine that links decides it.
    pub(crate) version: Option<String>,
    /// An SPDX expression.
    pub(crate) license: String,
    pub(crate) home: String,
    /// Where the text names no holder.
    pub(crate) copyright: Option<String>,
    /// Files in `crates/yeet-cli/licences/native`.
    pub(crate) texts: Vec<String>,
}

/// A crate of the registry that is linked into the binary.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression.
    pub(crate) license: String,
    /// SHA-256 of what the registry sends.
    pub(crate) checksum: String,
}

/// The libraries that are no crates, in the order of the list.
pub(crate) fn natives() -> Result<Vec<Native>> {
    #[derive(Deserialize)]
    struct List {
        component: Vec<Native>,
    }
    let path = "crates/yeet-cli/licences/native.toml";
    let text = std::fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))?;
    Ok(toml::from_str::<List>(&text).with_context(|| format!("in {path}"))?.component)
}

/// The crates by name and version, those of this repository left out.
pub(crate) fn crates(target: &str) -> Result<Vec<Crate>> {
    let licenses = licenses()?;
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let checksums = checksums(&lock)?;
    let tree = output(&mut cargo(&[
        "tree",
        "--locked",
        "--package",
        "yeet",
        "--edges",
        "normal",
        "--target",
        target,
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let mut found = BTreeMap::new();
    for id in tree.lines().filter_map(package) {
        let Some(checksum) = checksums.get(&id) else { continue };
        let license = licenses.get(&id).cloned().with_context(|| format!("{} {} states no licence", id.0, id.1))?;
        let (name, version) = id.clone();
        found.insert(id, Crate { name, version, license, checksum: checksum.clone() });
    }
    ensure!(found.len() > 100, "`cargo tree` lists {} crates only:\n{tree}", found.len());
    Ok(found.into_values().collect())
}

/// From a line like `serde v1.0.2 (*)`. Procedural macros run in the compiler and leave nothing of their own.
fn package(line: &str) -> Option<(String, String)> {
    let (name, rest) = line.split_once(" v")?;
    (!rest.contains("(proc-macro)")).then(|| (name.to_owned(), rest.split(' ').next().unwrap_or(rest).to_owned()))
}

fn licenses() -> Result<BTreeMap<(String, String), String>> {
    Ok(packages()?.into_iter().filter_map(|it| Some(((it.name, it.version), it.license?))).collect())
}

/// Only what comes from a registry has one.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        checksum: Option<String>,
    }
    let lock: Lock = toml::from_str(lock).context("in Cargo.lock")?;
    Ok(lock.package.into_iter().filter_map(|it| Some(((it.name, it.version), it.checksum?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_tree() {
        let id = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(package("serde v1.0.2"), id("serde", "1.0.2"));
        assert_eq!(package("libbpf-sys v1.7.0+v1.7.0 (*)"), id("libbpf-sys", "1.7.0+v1.7.0"));
        assert_eq!(package("serde_derive v1.0.2 (proc-macro)"), None);
        assert_eq!(package(""), None);
    }

    #[test]
    fn crates_of_the_repository_have_no_checksum() {
        let lock = "[[package]]\nname = 'a'\nversion = '1.0.0'\nchecksum = 'abc'\n[[package]]\nname = 'yeet'\nversion = '0.1.0'\n";
        assert_eq!(checksums(lock).unwrap().into_keys().collect::<Vec<_>>(), [("a".to_owned(), "1.0.0".to_owned())]);
    }
}
