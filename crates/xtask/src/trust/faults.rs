//! Each system call of a whole cycle (start, subscribe, look up, write, walk, stop) fails once, with each errno: the script is told the
//! documented error or does not notice, and nothing stays behind.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use yeet_faults::{Call, End, Fault, Outcome};
use yeet_spec::kernel::{Ids, leaks};

use super::{Row, Scope};
use crate::workspace::{root, yeet};

const SCRIPT: &str = "tests/faults/scripts/cycle.ts";
const ERRNOS: [(&str, i32); 5] = [
    ("EPERM", libc::EPERM),
    ("ENOMEM", libc::ENOMEM),
    ("EINTR", libc::EINTR),
    ("EAGAIN", libc::EAGAIN),
    ("ENOSPC", libc::ENOSPC),
];
/// What a script may be told, as docs and typings list it.
const KINDS: [&str; 15] = [
    "NotFound",
    "E2BIG",
    "InvalidMapKind",
    "InvalidOpts",
    "InvalidValue",
    "Unbound",
    "KindMismatch",
    "VerifierRejected",
    "AttachFailed",
    "PermissionDenied",
    "Unsupported",
    "InvalidObject",
    "Lagged",
    "Stopped",
    "Io",
];
const LIMIT: Duration = Duration::from_secs(20);
/// So many of a kind's calls fail in the short form, spread evenly.
const SHORT: usize = 4;

pub(super) fn run(scope: Scope) -> Result<Vec<Row>> {
    Call::ALL.into_iter().map(|call| one(call, scope)).collect()
}

/// How the runs of one call ended.
#[derive(Default)]
struct Tally {
    runs: usize,
    correct: usize,
    errors: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

fn one(call: Call, scope: Scope) -> Result<Row> {
    let before = Ids::now()?;
    let clean = attempt(call, None)?;
    ensure!(clean.stdout.contains("result ok"), "without a fault the script fails: {clean:?}");
    let kept = kept(&clean);
    let mut tally = Tally::default();
    for nth in chosen(clean.calls, scope) {
        for (name, errno) in ERRNOS {
            let outcome = attempt(call, Some(Fault { nth, errno }))?;
            tally.add(&outcome, kept, &format!("{} {nth} {name} ({})", call.name(), outcome.what));
        }
    }
    for leak in leaks(&before)? {
        tally.wrong.push(format!("{}: {leak}", call.name()));
    }
    tally.wrong.iter().for_each(|line| println!("  {line}"));
    let kinds: Vec<String> = tally.errors.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    Ok(Row {
        what: format!("`{}`: each of {} calls fails, with each of {} errnos", call.name(), clean.calls, ERRNOS.len()),
        figure: format!(
            "{} runs: {} correct, {}; {} wrong",
            tally.runs,
            tally.correct,
            if kinds.is_empty() { "no error".to_owned() } else { kinds.join(", ") },
            tally.wrong.len()
        ),
        limit: "a correct run or a documented error; nothing left".to_owned(),
        held: tally.wrong.is_empty() && tally.runs > 0,
    })
}

fn chosen(calls: usize, scope: Scope) -> Vec<usize> {
    let step = if scope.short { calls.div_ceil(SHORT).max(1) } else { 1 };
    (1..=calls).step_by(step).collect()
}

fn attempt(call: Call, fault: Option<Fault>) -> Result<Outcome> {
    let mut command = Command::new(yeet());
    command.arg("run").arg(root().join(SCRIPT)).current_dir(root());
    yeet_faults::run(command, call, "cycle.ts", fault, LIMIT)
}

/// By how many descriptors more are open after the cycle than before.
fn kept(outcome: &Outcome) -> Option<isize> {
    let at = |name: &str| outcome.descriptors.get(name).map(|count| count.cast_signed());
    Some(at("after")? - at("before")?)
}

impl Tally {
    fn add(&mut self, outcome: &Outcome, clean: Option<isize>, place: &str) {
        self.runs += 1;
        let result = outcome.stdout.lines().find_map(|line| line.strip_prefix("result "));
        let complaint = match (outcome.end, result) {
            (End::Hang, _) => Some("it hangs".to_owned()),
            (End::Signal(signal), _) => Some(format!("signal {signal}")),
            (End::Code(0), Some("ok")) => {
                self.correct += 1;
                None
            }
            (End::Code(0), Some(error)) => {
                let kind = error.split(' ').next().unwrap_or_default();
                *self.errors.entry(kind.to_owned()).or_default() += 1;
                (!KINDS.contains(&kind)).then(|| format!("`{kind}` is not documented"))
            }
            // Nothing of the script has run.
            (End::Code(2), None) if outcome.stderr.starts_with("error: ") => {
                *self.errors.entry("exit 2".to_owned()).or_default() += 1;
                None
            }
            (end, _) => Some(format!("{end:?}: {}", outcome.stderr.trim())),
        };
        let kept = kept(outcome);
        let left =
            (kept.is_some() && kept != clean).then(|| format!("{kept:?} descriptors left, {clean:?} without a fault"));
        let reached = (!outcome.injected).then(|| "the call did not come".to_owned());
        // Which calls come may depend on the time: one that did not come says nothing, as long as the run was good.
        let reached = reached.filter(|_| result != Some("ok"));
        self.wrong.extend(complaint.into_iter().chain(left).chain(reached).map(|what| format!("{place}: {what}")));
        if std::env::var_os("YEET_FAULTS_VERBOSE").is_some() {
            println!("{place}: {:?} {} {}", outcome.end, result.unwrap_or_default(), outcome.stderr.trim());
        }
    }
}
