//! User-space probes.
//!
//! Where the kernel has them, all targets of a program in one binary share one link: closing a link waits for every CPU to forget the
//! probe, which takes long enough to notice once, and far too long a hundred times.

mod binary;
mod debugdata;
mod elf;
mod feature;
mod ld_cache;
mod locate;
mod names;
mod notes;
mod pattern;
mod probe;
mod replaced;
mod section;
mod step;

use libbpf_rs::Program;

use super::{Outcome, failed_to_attach};
use crate::error::Result;
use crate::object::ProgramDecl;
pub(super) use binary::Binary;
pub(crate) use feature::shares_links;
pub(super) use notes::{StaticProbe, static_probes};
use probe::Target;
pub(super) use probe::{Point, link_points};
pub(super) use replaced::warning as replaced_warning;
pub(super) use section::spec_of_section;
pub(crate) use step::UprobeStep;
pub(super) use step::is_loaded_shared;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, step: &UprobeStep) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let shared = is_loaded_shared(program);
    let mut outcome = Outcome::default();
    let mut found: Vec<Target> = Vec::with_capacity(step.targets.len());
    for spec in &step.targets {
        let binary = Binary::find(&what, &spec.binary, spec.pid)?;
        let places = locate::locate(&what, &binary, spec, shared)?;
        outcome.warnings.extend(indirect(decl, &binary, &places));
        outcome.warnings.extend(replaced_warning(&decl.name, &binary, spec.pid));
        found.push(Target { binary, places, pid: spec.pid, cookie: spec.cookie });
    }
    if !shared {
        for target in &found {
            outcome.attached.extend(probe::attach_each(&what, decl, program, target)?);
        }
        return Ok(outcome);
    }
    while let Some(first) = found.first() {
        let (file, pid) = (first.binary.id, first.pid);
        let (together, rest): (Vec<_>, _) =
            found.into_iter().partition(|target| target.binary.id == file && target.pid == pid);
        outcome.attached.extend(probe::attach_together(&what, decl, program, &together)?);
        found = rest;
    }
    Ok(outcome)
}

/// Places that are rarely what was meant.
fn indirect(decl: &ProgramDecl, binary: &Binary, places: &[locate::Place]) -> Option<String> {
    let labels: Vec<_> = places.iter().filter(|place| place.is_indirect).map(|place| place.label.as_str()).collect();
    let named = match labels.as_slice() {
        [] => return None,
        [one] => format!("{one} of {} is an indirect function", binary.shown),
        [first, ..] => format!("{} functions of {} (like {first}) are indirect", labels.len(), binary.shown),
    };
    let seen = "so the probe sees the choice between its variants, which happens once, and no call";
    Some(format!("program '{}': {named}, {seen}", decl.name))
}
