//! `yeet doctor`: what this process may do with BPF on this kernel, each fact with its verdict and, where something is missing, the fix.
//!
//! Whatever can be tried is tried, with the smallest program there is, and given back at once. The causes are those that a refused
//! `start()` names.

mod kernel;
mod lanes;
mod process;
mod trial;

use crate::diagnose::{Cause, Environment};

/// What a line of the report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The kernel and what is mounted.
    Kernel,
    /// This process: its user, capabilities and limits.
    Process,
    /// A way to attach.
    Attach,
}

impl Group {
    pub const ALL: [Self; 3] = [Self::Kernel, Self::Process, Self::Attach];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Process => "process",
            Self::Attach => "attach",
        }
    }
}

/// What a line comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// Something does without; the line says what.
    Limited,
    /// Not to be had here.
    No,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Limited => "limited",
            Self::No => "no",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub group: Group,
    pub name: &'static str,
    pub verdict: Verdict,
    pub found: String,
    pub fix: Option<String>,
}

/// The whole report.
#[derive(Clone, Debug)]
pub struct Report {
    pub checks: Vec<Check>,
    /// Why no script could load and attach anything; `None` where one could.
    pub cause: Option<Cause>,
}

/// Examines this process and kernel, now. `program` is the executable to name in a fix.
pub fn examine(program: &str) -> Report {
    let environment = Environment::read();
    let mut checks = kernel::checks(&environment);
    checks.extend(process::checks(&environment));
    let mut cause = trial::map().err().map(|refusal| refusal.cause(&environment, program));
    if cause.is_none() {
        let lanes = lanes::examine(&environment);
        if lanes.iter().all(|lane| lane.result.is_err()) {
            // Programs that look into the kernel need the least, so what they lack is the shortest way.
            cause = lanes.iter().find_map(|lane| lane.result.as_ref().err()).map(|no| no.cause(&environment, program));
        }
        checks.extend(lanes.iter().map(|lane| lane.check(&environment, program)));
    }
    Report { checks, cause }
}

impl Check {
    fn new(group: Group, name: &'static str, verdict: Verdict, found: impl Into<String>) -> Self {
        Self { group, name, verdict, found: found.into(), fix: None }
    }

    fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}
