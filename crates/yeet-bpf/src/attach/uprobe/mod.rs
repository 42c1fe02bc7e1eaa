//! User-space probes.
//!
//! Where the kernel has them, all targets of a program in one binary share one link: closing a link waits for every CPU to forget the
//! probe, which takes long enough to notice once, and far too long a hundred times.

mod binary;
mod debugdata;
mod elf;
mod feature;
#[cfg(fuzzing)]
pub(super) mod fuzzing;
mod ld_cache;
mod locate;
mod names;
mod notes;
mod pattern;
mod probe;
mod replaced;
mod section;
mod step;

use std::rc::Rc;

use libbpf_rs::Program;

use super::{Outcome, UprobeSpec, failed_to_attach};
use crate::error::Result;
use crate::object::ProgramDecl;
pub(super) use binary::Binary;
pub(crate) use feature::shares_links;
use locate::Search;
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
    for (binary, pid, specs) in by_binary(&step.targets) {
        let binary = Rc::new(Binary::find(&what, binary, pid)?);
        outcome.warnings.extend(replaced_warning(&decl.name, &binary, pid));
        let search = Search::open(&what, &binary, specs.iter().filter_map(|spec| spec.symbol.as_deref()))?;
        for spec in specs {
            let places = search.locate(spec, shared)?;
            outcome.warnings.extend(indirect(decl, &binary, &places));
            found.push(Target { binary: Rc::clone(&binary), places, pid, cookie: spec.cookie });
        }
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

/// Targets that name the same binary, in the order of the first of each: a hundred functions of one binary are looked up in one reading of it.
fn by_binary(targets: &[UprobeSpec]) -> Vec<(&str, Option<u32>, Vec<&UprobeSpec>)> {
    let mut groups: Vec<(&str, Option<u32>, Vec<&UprobeSpec>)> = Vec::new();
    for spec in targets {
        match groups.iter_mut().find(|(binary, pid, _)| *binary == spec.binary && *pid == spec.pid) {
            Some((_, _, specs)) => specs.push(spec),
            None => groups.push((&spec.binary, spec.pid, vec![spec])),
        }
    }
    groups
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_is_searched_once_for_each_process() {
        let target = |binary: &str, pid, symbol: &str| UprobeSpec {
            binary: binary.to_owned(),
            pid,
            symbol: Some(symbol.to_owned()),
            ..UprobeSpec::default()
        };
        let targets =
            [target("b", None, "1"), target("a", None, "2"), target("b", None, "3"), target("b", Some(7), "4")];
        let groups: Vec<_> = by_binary(&targets)
            .into_iter()
            .map(|(binary, pid, specs)| (binary, pid, specs.iter().filter_map(|spec| spec.symbol.clone()).collect()))
            .collect::<Vec<(_, _, Vec<_>)>>();
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(groups, [("b", None, list(&["1", "3"])), ("a", None, list(&["2"])), ("b", Some(7), list(&["4"]))]);
    }
}
