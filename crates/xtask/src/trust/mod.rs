//! What makes yeet trustworthy, as figures: each part runs one kind of attack or load and says what was measured beside what is promised.

mod cycles;
mod faults;
mod feed;
mod fuzz;
mod kernel;
mod kill;
mod load;
mod objects;
mod privileges;
mod row;
mod scripts;
mod security;
mod soak;
mod table;

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::count::Counts;
use crate::workspace::yeet;
pub(crate) use row::Row;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these parts
    parts: Vec<String>,
    /// The short form that CI runs
    #[arg(long)]
    short: bool,
    /// Keep the table of each part in docs/reliability.md
    #[arg(long)]
    write: bool,
    /// How many minutes the soak takes, instead of 30
    #[arg(long)]
    minutes: Option<u64>,
}

/// How much of it.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) short: bool,
    /// Of the soak, where it is not the usual.
    pub(crate) minutes: Option<u64>,
}

struct Part {
    name: &'static str,
    run: fn(Scope) -> Result<Vec<Row>>,
}

/// In the order of docs/reliability.md, which has a block for each.
const PARTS: [Part; 11] = [
    Part { name: "objects", run: objects::run },
    Part { name: "fuzz", run: fuzz::run },
    Part { name: "privileges", run: privileges::run },
    Part { name: "faults", run: faults::run },
    Part { name: "kill", run: kill::run },
    Part { name: "security", run: security::run },
    Part { name: "scripts", run: scripts::run },
    Part { name: "load", run: load::run },
    Part { name: "cycles", run: cycles::plain },
    Part { name: "perf-cycles", run: cycles::perf },
    Part { name: "soak", run: soak::run },
];

pub(crate) fn run(options: &Options, counts: &mut Counts) -> Result<()> {
    ensure!(yeet().exists(), "there is no {}: build it with `cargo build --release -p yeet`", yeet().display());
    if let Some(unknown) = options.parts.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        anyhow::bail!(
            "there is no part `{unknown}`; there are {}",
            PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(", ")
        );
    }
    let wanted = |part: &&Part| options.parts.is_empty() || options.parts.iter().any(|name| name == part.name);
    for part in PARTS.iter().filter(wanted) {
        let start = Instant::now();
        let rows = (part.run)(Scope { short: options.short, minutes: options.minutes })?;
        println!("\n{} ({:.0} s)\n\n{}", part.name, start.elapsed().as_secs_f64(), table::markdown(&rows));
        for row in &rows {
            counts.check(&format!("{}: {}", part.name, row.what), row.held);
        }
        if options.write {
            table::write(part.name, &rows)?;
        }
    }
    Ok(())
}

pub(crate) fn for_ci(counts: &mut Counts) -> Result<()> {
    run(&Options { parts: Vec::new(), short: true, write: false, minutes: None }, counts)
}
