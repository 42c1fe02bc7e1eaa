//! What was measured: rows of samples, printed as one table and written as JSON.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::goals::Verdict;
use super::stats::Spread;

/// What a number means.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    Ms,
    Ns,
    Us,
    MiB,
    Percent,
    PerSecond,
    /// CPU seconds of all threads for a million records.
    CpuSeconds,
    Instructions,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Unit::Ms => format!("{value:.1} ms"),
            Unit::Ns => format!("{value:.0} ns"),
            Unit::Us => format!("{value:.0} µs"),
            Unit::MiB => format!("{value:.1} MiB"),
            Unit::Percent => format!("{value:.1} %"),
            Unit::PerSecond => format!("{:.2} M/s", value / 1e6),
            Unit::CpuSeconds => format!("{value:.3} s/M"),
            Unit::Instructions if value < 1e6 => format!("{value:.0} instr"),
            Unit::Instructions => format!("{:.2} M instr", value / 1e6),
        }
    }
}

/// One figure of one program.
#[derive(Serialize)]
struct Row {
    what: String,
    who: String,
    unit: Unit,
    /// One for each round; none where it cannot be measured.
    samples: Vec<f64>,
    /// Why there are none.
    missing: Option<String>,
}

#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    fn row(&mut self, what: &str, who: &str, unit: Unit) -> &mut Row {
        let place = self.rows.iter().position(|row| row.what == what && row.who == who).unwrap_or_else(|| {
            let (what, who) = (what.to_owned(), who.to_owned());
            self.rows.push(Row { what, who, unit, samples: Vec::new(), missing: None });
            self.rows.len() - 1
        });
        &mut self.rows[place]
    }

    pub(crate) fn add(&mut self, what: &str, who: &str, unit: Unit, sample: f64) {
        self.row(what, who, unit).samples.push(sample);
    }

    pub(crate) fn missing(&mut self, what: &str, who: &str, unit: Unit, why: &str) {
        self.row(what, who, unit).missing = Some(why.to_owned());
    }

    pub(crate) fn median(&self, what: &str, who: &str) -> Option<f64> {
        let row = self.rows.iter().find(|row| row.what == what && row.who == who)?;
        row.spread().map(|spread| spread.median)
    }

    /// Who was measured at `what`, in the order of the table, with the median.
    pub(crate) fn medians(&self, what: &str) -> Vec<(&str, f64)> {
        let rows = self.rows.iter().filter(|row| row.what == what);
        rows.filter_map(|row| Some((row.who.as_str(), row.spread()?.median))).collect()
    }

    /// Rows of one kind stand together, yeet's first, with the ratio of each to it.
    pub(crate) fn print(&self) {
        println!("\n{:<30} {:<26} {:>13} {:>13} {:>13} {:>7}", "", "", "median", "p10", "p90", "ratio");
        let mut shown: Vec<&str> = Vec::new();
        for Row { what, .. } in &self.rows {
            if shown.contains(&what.as_str()) {
                continue;
            }
            shown.push(what);
            let group: Vec<&Row> = self.rows.iter().filter(|row| row.what == *what).collect();
            let own = group[0].spread().map(|spread| spread.median);
            for (place, row) in group.iter().enumerate() {
                print!("{:<30} {:<26} ", if place == 0 { what } else { "" }, row.who);
                match (row.spread(), &row.missing) {
                    (Some(Spread { median, p10, p90 }), _) => {
                        let [median_text, p10, p90] = [median, p10, p90].map(|value| row.unit.show(value));
                        let ratio =
                            own.filter(|own| *own > 0.0).map_or(String::new(), |own| format!("{:.2}", median / own));
                        println!("{median_text:>13} {p10:>13} {p90:>13} {ratio:>7}");
                    }
                    (None, why) => println!("not measurable: {}", why.as_deref().unwrap_or("no sample")),
                }
            }
        }
    }

    pub(crate) fn write(&self, path: &Path, goals: &[Verdict]) -> Result<()> {
        #[derive(Serialize)]
        struct Written<'a> {
            #[serde(flatten)]
            row: &'a Row,
            spread: Option<Spread>,
        }
        let written = self.rows.iter().map(|row| Written { row, spread: row.spread() });
        let json = serde_json::json!({ "rows": written.collect::<Vec<_>>(), "goals": goals });
        let text = serde_json::to_string_pretty(&json)?;
        std::fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Row {
    fn spread(&self) -> Option<Spread> {
        if self.samples.is_empty() { None } else { Some(Spread::of(&self.samples)) }
    }
}
