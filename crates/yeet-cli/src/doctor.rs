//! `yeet doctor`.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::{Value, json};
use yeet_runtime::doctor::{Check, Group, Report, Verdict, examine};
use yeet_runtime::printable;

use crate::args::Doctor;

pub(crate) fn run(options: &Doctor) -> ExitCode {
    let program = std::env::current_exe().map_or_else(|_| "PROGRAM".to_owned(), |path| path.display().to_string());
    let report = examine(&program);
    let text = if options.json { format!("{:#}\n", json(&report)) } else { text(&report) };
    // Nothing can be told to somebody who closed the stream that it would be told on.
    let _ = io::stdout().write_all(text.as_bytes());
    if report.cause.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let checks: Vec<&Check> = report.checks.iter().filter(|check| check.group == group).collect();
        if checks.is_empty() {
            continue;
        }
        text.push_str(group.as_str());
        text.push('\n');
        let mut said = None;
        for check in checks {
            text.push_str(&line(check, said));
            said = check.fix.as_deref();
        }
    }
    match &report.cause {
        None => text.push_str("a script can load programs and attach them\n"),
        Some(cause) => {
            text.push_str(&format!("no script can load and attach: {}\n", printable(&cause.reason)));
            text.push_str(&format!("  fix: {}\n", printable(&cause.fix)));
        }
    }
    text
}

/// A fix that the line above has `said` already is not said again.
fn line(check: &Check, said: Option<&str>) -> String {
    let Check { name, verdict, found, fix, .. } = check;
    let mut text = format!("  {:<8} {name:<26} {}\n", verdict.as_str(), printable(found));
    if *verdict != Verdict::Ok
        && let Some(fix) = fix.as_deref().filter(|fix| said != Some(fix))
    {
        text.push_str(&format!("  {:<8} {:<26} fix: {}\n", "", "", printable(fix)));
    }
    text
}

fn json(report: &Report) -> Value {
    let checks: Vec<Value> = report
        .checks
        .iter()
        .map(|Check { group, name, verdict, found, fix }| {
            json!({ "group": group.as_str(), "name": name, "verdict": verdict.as_str(), "found": found, "fix": fix })
        })
        .collect();
    let cause = report.cause.as_ref().map(|cause| json!({ "reason": cause.reason, "fix": cause.fix }));
    json!({ "usable": report.cause.is_none(), "cause": cause, "checks": checks })
}
