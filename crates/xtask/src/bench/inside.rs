//! What does not depend on neighbours: instruction counts, kept within bounds; and what a value of each C type costs to decode.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::child;
use super::peers::YEET;
use super::report::{Report, Unit};
use crate::command::{command, output};
use crate::count::Counts;
use crate::workspace::{root, yeet};

/// How far a count may be from the one in the repository.
const TOLERANCE: f64 = 0.05;

/// Instruction counts, as bench/baseline.json keeps them.
#[derive(Serialize, Deserialize)]
struct Baseline {
    /// Of `yeet run hello.ts`, all threads.
    start_up: f64,
    /// Of a record of 64 bytes, once V8 has optimised the decoder.
    decode: f64,
}

pub(crate) fn run(report: &mut Report, write_baseline: bool, counts: &mut Counts) -> Result<()> {
    let measured = Baseline { start_up: instructions(&["bench/startup/hello.ts"])?, decode: decode()? };
    report.add("instructions, hello.ts", YEET, Unit::Instructions, measured.start_up);
    report.add("instructions, one record", YEET, Unit::Instructions, measured.decode);
    let path = root().join("bench/baseline.json");
    if write_baseline {
        std::fs::write(&path, serde_json::to_string_pretty(&measured)? + "\n")?;
        return Ok(());
    }
    let kept: Baseline =
        serde_json::from_str(&std::fs::read_to_string(&path).context("there is no bench/baseline.json")?)?;
    for (what, now, before) in
        [("a start", measured.start_up, kept.start_up), ("decoding a record", measured.decode, kept.decode)]
    {
        let change = now / before - 1.0;
        println!("instructions of {what}: {now:.0}, {:+.1} % against bench/baseline.json", change * 100.0);
        if change < -TOLERANCE {
            println!(
                "that is better than what is kept: write it down with `cargo xtask bench inside --write-baseline`"
            );
        }
        counts.check(&format!("instructions of {what} within 5 %"), change.abs() <= TOLERANCE);
    }
    Ok(())
}

/// Instructions of one record: two runs differ by nothing but their number. On one thread, because how much runs before V8 has optimised on
/// another differs by more than that.
fn decode() -> Result<f64> {
    const RECORDS: f64 = 1024.0;
    const CHUNKS: [u32; 2] = [400, 800];
    let run = |chunks: u32| {
        instructions(&["--v8-flags=--single-threaded,--predictable", "bench/yeet/decode.ts", &chunks.to_string()])
    };
    Ok((run(CHUNKS[1])? - run(CHUNKS[0])?) / (f64::from(CHUNKS[1] - CHUNKS[0]) * RECORDS))
}

/// Decoding by kind of value, as bench/yeet/codec.ts prints it: the best round, which nothing disturbed.
pub(crate) fn decoding(report: &mut Report) -> Result<()> {
    let printed = child::run(command(yeet(), &["run", "bench/yeet/codec.ts", "decode"]).env("NO_COLOR", "1"))?.output;
    for line in printed.lines() {
        let Some((name, _)) = line.split_once("  ") else { continue };
        let Some((_, best)) = line.rsplit_once("best ") else { continue };
        report.add(name, YEET, Unit::Ns, best.trim().parse()?);
    }
    Ok(())
}

/// All instructions of all threads, as valgrind counts them.
fn instructions(arguments: &[&str]) -> Result<f64> {
    let log = tempfile::NamedTempFile::new()?;
    let option = |name: &str, path: PathBuf| format!("--{name}={}", path.display());
    let log_file = option("log-file", log.path().into());
    let mut valgrind = command("valgrind", &["--tool=callgrind", "--callgrind-out-file=/dev/null", &log_file]);
    output(valgrind.arg(yeet()).arg("run").args(arguments)).context("valgrind counts instructions: install it")?;
    let text = std::fs::read_to_string(log.path())?;
    let count = text.lines().find_map(|line| line.split_once("Collected :")).context("valgrind counted nothing")?;
    Ok(count.1.trim().parse()?)
}
