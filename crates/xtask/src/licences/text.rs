//! The licence texts that the binary carries, in one file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::command::{cargo, command, output};
use crate::components::{Crate, Native, crates, natives};
use crate::count::Counts;
use crate::workspace::{relative, root};

const FOLDER: &str = "crates/yeet-cli/licences";

/// The release that the file was made with; another one may find other texts.
const ABOUT: &str = "0.9.3";

/// Both targets have the same crates, or the texts of one would be missing in the other.
const TARGET: &str = "x86_64-unknown-linux-gnu";

const RULE: &str = "================================================================================";

/// Writes `licences.txt`, after a change of Cargo.lock.
pub(crate) fn write() -> Result<()> {
    let folder = root().join(FOLDER);
    let about = about()?;
    let of_crates = output(
        command(&about, &["generate", "--offline", "--fail", "--config", "about.toml", "about.hbs"])
            .arg("--manifest-path")
            .arg(root().join("crates/yeet-cli/Cargo.toml"))
            .current_dir(&folder),
    )?;
    let text = format!("{}{}", head(&natives()?, &folder)?, tidy(&of_crates));
    let missing = missing(&text, &crates(TARGET)?);
    ensure!(missing.is_empty(), "cargo-about gives no licence for {}", missing.join(", "));
    let path = folder.join("licences.txt");
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", relative(&path)))?;
    Ok(())
}

/// Every crate that is linked stands in `licences.txt` with its version.
pub(crate) fn check(counts: &mut Counts) -> Result<()> {
    let path = root().join(FOLDER).join("licences.txt");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", relative(&path)))?;
    let missing = missing(&text, &crates(TARGET)?);
    for name in &missing {
        println!("licences: {} lacks {name}: run `cargo xtask licences`", relative(&path));
    }
    counts.check("licence texts", missing.is_empty());
    Ok(())
}

fn missing(text: &str, crates: &[Crate]) -> Vec<String> {
    let lines: std::collections::HashSet<&str> = text.lines().collect();
    crates
        .iter()
        .map(|it| format!("{} {}", it.name, it.version))
        .filter(|line| !lines.contains(line.as_str()))
        .collect()
}

/// cargo-about, installed where it is missing.
fn about() -> Result<std::path::PathBuf> {
    let home = crate::workspace::target().join("tools");
    let program = home.join("bin/cargo-about");
    if !program.exists() {
        println!("cargo-about is missing: installing it takes a few minutes");
        let version = format!("cargo-about@{ABOUT}");
        output(cargo(&["install", "--locked", "--features", "cli", &version, "--root"]).arg(&home))?;
    }
    Ok(program)
}

/// yeet's own licence, and what is no crate. A text that several share comes once, below their names.
fn head(natives: &[Native], folder: &Path) -> Result<String> {
    let own = |name: &str| std::fs::read_to_string(root().join(name)).with_context(|| format!("cannot read {name}"));
    let mut text = format!(
        "yeet is licensed under Apache-2.0 or MIT, at your option. Below these two stand the licences of what else is in the binary.\n\
         The source of yeet, with which it can be linked again with other versions of the libraries, is where you found the binary.\n\n\
         {}\n{RULE}\n{}\n{RULE}\n",
        own("LICENSE-APACHE")?.trim_end(),
        own("LICENSE-MIT")?.trim_end()
    );
    let mut sharing: BTreeMap<&[String], Vec<&Native>> = BTreeMap::new();
    natives.iter().for_each(|native| sharing.entry(&native.texts).or_default().push(native));
    for (files, natives) in sharing {
        for Native { name, version, license, home, copyright, .. } in natives {
            let version = version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            writeln!(text, "{name}{version} ({license}), {home}")?;
            copyright.iter().try_for_each(|holder| writeln!(text, "{holder}"))?;
        }
        for file in files {
            let path = folder.join("native").join(file);
            let licence = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", relative(&path)))?;
            write!(text, "\n{}\n", licence.trim())?;
        }
        writeln!(text, "{RULE}")?;
    }
    Ok(text)
}

/// Without spaces at the ends of lines, and without the empty lines that templates leave.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_missing_in_another_version() {
        let it = |version: &str| Crate {
            name: "a".into(),
            version: version.into(),
            license: "MIT".into(),
            checksum: String::new(),
        };
        assert_eq!(missing("x\na 1.0.0\n", &[it("1.0.0"), it("1.0.1")]), ["a 1.0.1"]);
    }

    #[test]
    fn empty_lines_come_alone() {
        assert_eq!(tidy("a  \n\n \n\nb\n"), "a\n\nb\n");
    }
}
