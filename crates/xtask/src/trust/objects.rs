//! Broken objects: what the gate takes for each, and what the whole program does.

mod binary;

use std::ffi::OsString;

use anyhow::{Context as _, Result, ensure};

use super::{Row, Scope};
use crate::command::{cargo, stream};

/// What the test of the gate prints at its end.
const LINE: &str = " objects refused; slowest ";

pub(super) fn run(scope: Scope) -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let mut rows = library(folder.path().as_os_str().to_owned())?;
    rows.extend(binary::run(folder.path(), scope)?);
    rows.push(pairs(scope)?);
    Ok(rows)
}

/// The test of yeet-bpf that breaks objects, built as the product is; it leaves them in `folder`.
fn library(folder: OsString) -> Result<Vec<Row>> {
    let mut test = cargo(&["test", "--locked", "--release", "--package", "yeet-bpf", "--test", "gate", "--"]);
    test.args(["every_broken_object", "--nocapture"]).env("YEET_BROKEN_OBJECTS", folder);
    let mut line = None;
    let status = stream(&mut test, |text| {
        if text.contains(LINE) {
            line = Some(text.to_owned());
        }
    })?;
    let measured = line.as_deref().and_then(read).context("the test of the gate printed no figures")?;
    let held = status.success();
    Ok(vec![
        Row {
            what: "broken objects, each refused as InvalidObject by the name of what is wrong".to_owned(),
            figure: measured.count.to_string(),
            limit: "≥ 60".to_owned(),
            held: held && measured.count >= 60,
        },
        Row {
            what: format!("CPU time of the slowest of them in the gate: {}", measured.slowest),
            figure: format!("{:.1} ms", measured.microseconds as f64 / 1e3),
            limit: "< 50 ms".to_owned(),
            held: held && measured.microseconds < 50_000,
        },
        Row {
            what: format!("the one that takes most memory there: {}", measured.largest),
            figure: format!("{:.1} MiB", measured.bytes as f64 / f64::from(1 << 20)),
            limit: "< 64 MiB".to_owned(),
            held: held && measured.bytes < 64 << 20,
        },
    ])
}

#[derive(Debug, PartialEq, Eq)]
struct Measured {
    count: u64,
    microseconds: u64,
    slowest: String,
    bytes: u64,
    largest: String,
}

/// Reads `331 objects refused; slowest 2400 µs (group: name); largest 1479 bytes (group: name)`.
fn read(line: &str) -> Option<Measured> {
    let (count, rest) = line.trim().split_once(LINE)?;
    let (microseconds, rest) = rest.split_once(" µs (")?;
    let (slowest, rest) = rest.split_once("); largest ")?;
    let (bytes, largest) = rest.split_once(" bytes (")?;
    Some(Measured {
        count: count.parse().ok()?,
        microseconds: microseconds.parse().ok()?,
        slowest: slowest.to_owned(),
        bytes: bytes.parse().ok()?,
        largest: largest.strip_suffix(')')?.to_owned(),
    })
}

/// The codec's round trips: random values of random types, which the tests of TypeScript run as well.
fn pairs(scope: Scope) -> Result<Row> {
    const VALUES: u64 = 40;
    let types: u64 = if scope.short { 500 } else { 2500 };
    let mut test = crate::command::command("node", &["--import", "tsx", "--test", "tests/codec/random.test.ts"]);
    // Other types than in the tests of the same day, and the same on every run.
    test.env("CODEC_TYPES", types.to_string()).env("CODEC_SEED", "7");
    let status = stream(&mut test, |_| {})?;
    ensure!(status.code().is_some(), "the test of the codec was killed");
    Ok(Row {
        what: "random values of random C types that came back from their bytes as they were".to_owned(),
        figure: if status.success() { (types * VALUES).to_string() } else { "not all".to_owned() },
        limit: "all of 100000 (CI: 20000)".to_owned(),
        held: status.success(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_test_are_read() {
        let line = "331 objects refused; slowest 2400 µs (code: a (b) c); largest 14790 bytes (nesting: typedefs)";
        let wanted = Measured {
            count: 331,
            microseconds: 2400,
            slowest: "code: a (b) c".to_owned(),
            bytes: 14_790,
            largest: "nesting: typedefs".to_owned(),
        };
        assert_eq!(read(line), Some(wanted));
        assert_eq!(read("test result: ok. 1 passed; 0 failed"), None);
    }
}
