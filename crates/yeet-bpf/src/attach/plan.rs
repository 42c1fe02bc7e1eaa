//! The plan: what is done with each program. Everything that can be refused without the kernel is refused here, before load.

use super::lane::{Lane, hook};
use super::refusals::{invalid, mismatch, missing_specs, no_such_program, no_target, ready_made_spec, unknown_section};
use super::uprobe::{self, UprobeStep};
use super::{AttachSpec, CgroupSpec, IterSpec, NetnsSpec, Step, TcxSpec, UprobeSpec, UsdtSpec, XdpSpec};
use super::{auto, iter, perf, usdt};
use crate::error::{Error, Kind, Result};
use crate::object::ProgramDecl;

/// One step per program of the object, in its order, and what the user should hear about them.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) warnings: Vec<String>,
}

pub(crate) fn plan(programs: &[ProgramDecl], specs: &[(String, AttachSpec)]) -> Result<Plan> {
    check_names(programs, specs)?;
    let mut plan = Plan { steps: Vec::with_capacity(programs.len()), warnings: Vec::new() };
    let mut without_spec = Vec::new();
    for program in programs {
        let spec = specs.iter().find(|(name, _)| *name == program.name).map(|(_, spec)| spec);
        let step = match spec {
            Some(AttachSpec::Off) => Step::Off,
            None if !program.autoload => Step::Off,
            Some(AttachSpec::Auto) | None => by_section(program, &mut plan.warnings, &mut without_spec)?,
            Some(spec) => by_spec(program, spec)?,
        };
        plan.steps.push(step);
    }
    if !without_spec.is_empty() {
        return Err(missing_specs(&without_spec));
    }
    Ok(plan)
}

/// The step for a program that is loaded already. One that would attach nothing is an error.
pub(crate) fn plan_late(program: &ProgramDecl, spec: &AttachSpec) -> Result<Step> {
    let mut without_spec = Vec::new();
    let step = match spec {
        AttachSpec::Auto => by_section(program, &mut Vec::new(), &mut without_spec)?,
        AttachSpec::Off | AttachSpec::Load => Step::Load,
        spec => by_spec(program, spec)?,
    };
    if !without_spec.is_empty() {
        let reason = format!("it has to be told where, such as {}", ready_made_spec(program, 0));
        return Err(invalid(program, &reason));
    }
    match step {
        Step::Off | Step::Load => Err(invalid(
            program,
            &match program.lane {
                Lane::StructOps => "its table of functions attaches as a whole, when the object starts".to_owned(),
                Lane::LoadOnly => format!("{} is loaded to be run or installed by hand", program.described()),
                _ => format!("SEC(\"{}\") does not say to what", program.section),
            },
        )),
        step => Ok(step),
    }
}

pub(super) fn by_section<'a>(
    program: &'a ProgramDecl,
    warnings: &mut Vec<String>,
    without_spec: &mut Vec<&'a ProgramDecl>,
) -> Result<Step> {
    let section = &program.section;
    match program.lane {
        Lane::Auto => {
            check_hook(program)?;
            Ok(Step::Auto { cookie: None })
        }
        Lane::Iter if iter::needs_map(program) => {
            without_spec.push(program);
            Ok(Step::Off)
        }
        Lane::Iter => Ok(Step::Iter(IterSpec::default())),
        Lane::LoadOnly => Ok(Step::Load),
        Lane::Manual => {
            warnings.push(format!(
                "program '{}' is loaded but not attached: SEC(\"{section}\") does not say to what, and there is no attach() for it",
                program.name
            ));
            Ok(Step::Load)
        }
        Lane::Replace => {
            warnings.push(format!(
                "program '{}' is left out: SEC(\"{section}\") replaces a function of another program, which has to be loaded first",
                program.name
            ));
            Ok(Step::Off)
        }
        Lane::Uprobe | Lane::Usdt if let Some(spec) = in_section(section) => by_spec(program, &spec),
        Lane::Uprobe | Lane::Usdt | Lane::Perf | Lane::Netfilter => {
            without_spec.push(program);
            Ok(Step::Off)
        }
        Lane::NoTarget => Err(no_target(program)),
        Lane::Unknown => Err(unknown_section(program)),
        Lane::Xdp => Ok(Step::Xdp(XdpSpec::default())),
        Lane::Tcx => Ok(Step::Tcx(TcxSpec::default())),
        Lane::Cgroup => Ok(Step::Cgroup(CgroupSpec::default())),
        Lane::Netns => Ok(Step::Netns(NetnsSpec::default())),
        // Their table attaches, when all programs are loaded.
        Lane::StructOps => Ok(Step::Load),
    }
}

/// The full target of a user-space probe that its section names.
fn in_section(section: &str) -> Option<AttachSpec> {
    let uprobe = || uprobe::spec_of_section(section).map(|spec| AttachSpec::Uprobe(vec![spec]));
    uprobe().or_else(|| usdt::spec_of_section(section).map(AttachSpec::Usdt))
}

/// A spec has to fit the program: the kernel's type of the program decides, not its name.
fn by_spec(program: &ProgramDecl, spec: &AttachSpec) -> Result<Step> {
    match (program.lane, spec) {
        (_, AttachSpec::Load) => load_step(program),
        (_, AttachSpec::Cookie(cookie)) => cookie_step(program, *cookie),
        (Lane::Iter, AttachSpec::Iter(spec)) => match iter::check(program, spec) {
            Ok(()) => Ok(Step::Iter(spec.clone())),
            Err(reason) => Err(invalid(program, &reason)),
        },
        (Lane::Uprobe, AttachSpec::Uprobe(targets)) => uprobe_step(program, targets),
        (Lane::Usdt, AttachSpec::Usdt(spec)) => Ok(Step::Usdt(spec.clone())),
        (Lane::Perf, AttachSpec::Perf(spec)) => match perf::check(spec) {
            Ok(()) => Ok(Step::Perf(spec.clone())),
            Err(reason) => Err(invalid(program, &reason)),
        },
        (Lane::Xdp, AttachSpec::Xdp(spec)) => Ok(Step::Xdp(spec.clone())),
        (Lane::Tcx, AttachSpec::Tcx(spec)) => Ok(Step::Tcx(spec.clone())),
        (Lane::Cgroup, AttachSpec::Cgroup(spec)) => Ok(Step::Cgroup(spec.clone())),
        (Lane::Netns, AttachSpec::Netns(spec)) => Ok(Step::Netns(spec.clone())),
        (Lane::Netfilter, AttachSpec::Netfilter(spec)) => Ok(Step::Netfilter(spec.clone())),
        (_, AttachSpec::Several(specs)) => several(program, specs),
        _ => Err(mismatch(program, spec)),
    }
}

fn several(program: &ProgramDecl, specs: &[AttachSpec]) -> Result<Step> {
    if specs.is_empty() {
        return Err(invalid(program, "its list of specs is empty"));
    }
    if specs.iter().any(|spec| spec.kind().is_none() && !matches!(spec, AttachSpec::Cookie(_))) {
        return Err(invalid(program, "each spec of a list has to have a kind or a cookie"));
    }
    // Together the targets of a user-space probe can share a link.
    let targets: Option<Vec<&[UprobeSpec]>> = specs
        .iter()
        .map(|spec| match spec {
            AttachSpec::Uprobe(targets) => Some(targets.as_slice()),
            _ => None,
        })
        .collect();
    match targets {
        Some(targets) => by_spec(program, &AttachSpec::Uprobe(targets.concat())),
        None => Ok(Step::Several(specs.iter().map(|spec| by_spec(program, spec)).collect::<Result<_>>()?)),
    }
}

/// Loads like the step that may attach the program later.
fn load_step(program: &ProgramDecl) -> Result<Step> {
    match program.lane {
        Lane::Uprobe => Ok(Step::Uprobe(UprobeStep::without_target(program)?)),
        Lane::StructOps => Err(invalid(
            program,
            "its table of functions attaches as a whole, so { autoattach: false } cannot keep it out",
        )),
        Lane::Replace | Lane::Unknown | Lane::NoTarget => by_section(program, &mut Vec::new(), &mut Vec::new()),
        _ => Ok(Step::Load),
    }
}

fn cookie_step(program: &ProgramDecl, cookie: u64) -> Result<Step> {
    match program.lane {
        Lane::Auto => {
            check_hook(program)?;
            match auto::takes_cookie(&program.section) {
                true => Ok(Step::Auto { cookie: Some(cookie) }),
                false => Err(invalid(program, &format!("SEC(\"{}\") takes no cookie", program.section))),
            }
        }
        Lane::Uprobe | Lane::Usdt if let Some(spec) = in_section(&program.section) => {
            by_spec(program, &with_cookie(spec, cookie))
        }
        Lane::Uprobe | Lane::Usdt | Lane::Perf => Err(invalid(
            program,
            &format!("cookie goes beside the rest of its spec, like {}", ready_made_spec(program, 0)),
        )),
        _ => Err(invalid(program, &format!("{} takes no cookie", program.described()))),
    }
}

fn with_cookie(spec: AttachSpec, cookie: u64) -> AttachSpec {
    match spec {
        AttachSpec::Uprobe(mut targets) => {
            targets.iter_mut().for_each(|target| target.cookie = Some(cookie));
            AttachSpec::Uprobe(targets)
        }
        AttachSpec::Usdt(spec) => AttachSpec::Usdt(UsdtSpec { cookie: Some(cookie), ..spec }),
        other => other,
    }
}

fn uprobe_step(program: &ProgramDecl, targets: &[UprobeSpec]) -> Result<Step> {
    if targets.is_empty() {
        return Err(invalid(program, "its list of targets is empty"));
    }
    UprobeStep::new(targets.to_vec(), program).map(Step::Uprobe).map_err(|error| error.with_program(&program.name))
}

/// Hooks whose form can be told wrong without asking the kernel.
fn check_hook(program: &ProgramDecl) -> Result<()> {
    let kind = program.section.split('/').next().unwrap_or_default();
    let has_category =
        hook(&program.section).and_then(|hook| hook.split_once('/')).is_some_and(|(_, name)| !name.is_empty());
    if matches!(kind, "tracepoint" | "tp") && !has_category {
        let reason = format!(
            "SEC(\"{}\") has to name category and tracepoint, like SEC(\"tracepoint/sched/sched_switch\")",
            program.section
        );
        return Err(invalid(program, &reason));
    }
    Ok(())
}

fn check_names(programs: &[ProgramDecl], specs: &[(String, AttachSpec)]) -> Result<()> {
    for (at, (name, _)) in specs.iter().enumerate() {
        if specs[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(
                Error::new(Kind::InvalidOpts, format!("program '{name}' has two attach specs")).with_program(name)
            );
        }
        if programs.iter().all(|program| program.name != *name) {
            return Err(no_such_program(name, programs.iter().map(|program| program.name.as_str())));
        }
    }
    Ok(())
}
