//! Attaching: which way each program goes is planned before anything is loaded, and carried out after.

mod auto;
mod explain;
mod lane;
mod plan;
mod probes;
mod similar;

use libbpf_rs::{Link, Program};

use crate::error::Result;
use crate::object::ProgramDecl;

pub(crate) use explain::kernel_function_not_found;
pub use lane::Lane;
pub(crate) use plan::{Plan, plan};
pub(crate) use probes::{file_system, tracefs};

/// How a program attaches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttachSpec {
    /// As its section says.
    Auto,
    /// Not at all: it is not even loaded.
    Off,
}

/// What will be done with a program, decided before load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Left out.
    Off,
    /// Loaded and left for its user to run or to install.
    Load,
    /// Loaded and attached by its section.
    Auto,
}

impl Step {
    pub(crate) fn loads(&self) -> bool {
        !matches!(self, Self::Off)
    }
}

/// A link that was made.
pub(crate) struct Attached {
    pub(crate) link: Link,
    pub(crate) how: String,
    pub(crate) target: String,
}

/// Carries out the step of one loaded program.
pub(crate) fn run(step: &Step, decl: &ProgramDecl, program: &Program<'_>) -> Result<Vec<Attached>> {
    match step {
        Step::Off | Step::Load => Ok(Vec::new()),
        Step::Auto => auto::attach(decl, program).map(|attached| vec![attached]),
    }
}
