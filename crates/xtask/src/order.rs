//! Which functions a start of yeet runs, for the linker to put side by side.
//!
//! The kernel maps the executable in pieces of 64 KiB as they are touched. Spread over 40 MB of code, what a start needs touches hundreds of
//! them; side by side it is a few dozen. A name that a later build does not have (those of Rust carry hashes) is passed over, so that an old
//! list costs time and nothing else.

use std::collections::HashSet;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};

use crate::command::{command, output};
use crate::workspace::{relative, root, yeet};

/// Read by crates/yeet-cli/build.rs.
const LIST: &str = "crates/yeet-cli/startup.order";

/// What is run, most frequent first.
const SCRIPTS: [&str; 2] = ["bench/startup/hello.ts", "bench/yeet/first.ts"];

/// Characters; the few longer ones are not worth their bytes.
const LONGEST: usize = 1000;

pub(crate) fn run() -> Result<()> {
    ensure!(yeet().exists(), "there is no {}: build it with `cargo build --release -p yeet`", yeet().display());
    let mut seen = HashSet::new();
    let mut list = String::new();
    for script in SCRIPTS {
        let profile = tempfile::NamedTempFile::new()?;
        let file = format!("--callgrind-out-file={}", profile.path().display());
        output(command("valgrind", &["--tool=callgrind", "--demangle=no", &file]).arg(yeet()).args(["run", script]))
            .context("valgrind lists the functions: install it, and run this as root")?;
        for name in functions(&std::fs::read_to_string(profile.path())?) {
            if name.len() <= LONGEST && seen.insert(name.to_owned()) {
                writeln!(list, "{name}")?;
            }
        }
    }
    ensure!(seen.len() > 1000, "valgrind saw {} functions only: is yeet stripped?", seen.len());
    let path = root().join(LIST);
    std::fs::write(&path, list).with_context(|| format!("cannot write {LIST}"))?;
    println!("{} functions in {}", seen.len(), relative(&path));
    Ok(())
}

/// The functions in a profile, in the order in which they are first named. V8's builtins are one piece and cannot be moved.
fn functions(profile: &str) -> impl Iterator<Item = &str> {
    let defined = profile.lines().filter_map(|line| line.strip_prefix("fn=").or_else(|| line.strip_prefix("cfn=")));
    // A number stands for a name; it comes with the name where it is first used. A quote and a number mark recursion.
    let names = defined.filter_map(|definition| definition.split_once(") "));
    names
        .map(|(_, name)| name.split('\'').next().unwrap_or(name))
        .filter(|name| !name.starts_with("Builtins_") && !name.starts_with("0x"))
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn names_come_once_defined_and_without_recursion() {
        let profile = "fn=(1) main\n0 5\ncfn=(2) _ZN2v88internalE'2\ncalls=1 0\nfn=(2)\ncfn=(3) Builtins_JSEntry\nfn=(4) 0x0000\n";
        assert_eq!(functions(profile).collect::<Vec<_>>(), ["main", "_ZN2v88internalE"]);
    }
}
