//! Why a program could not be attached, and what to do.

use std::path::Path;

use super::failed_to_attach;
use super::functions::{instead, no_kprobe, tracing_refused};
use super::lane::hook;
use super::probes;
use super::similar::similar;
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, errno_name};
use crate::object::ProgramDecl;
use crate::prints::Prints;

/// What is known of a failure.
pub(super) struct Failure<'a> {
    pub(super) program: &'a ProgramDecl,
    pub(super) errno: i32,
    pub(super) prints: &'a Prints,
}

pub(super) fn explain(failure: &Failure<'_>) -> Error {
    let Failure { program, errno, .. } = *failure;
    let what = failed_to_attach(program);
    if let Some(reason) = tracing_refused(program) {
        let message = format!("{what}: {reason} ({})", errno_name(errno));
        return Error::new(Kind::Unsupported, message).with_errno(errno).with_program(&program.name);
    }
    if matches!(errno, libc::EPERM | libc::EACCES) {
        return permission_denied(&what, Need::Attach).with_errno(errno).with_program(&program.name);
    }
    let (kind, reason) = reason(failure);
    Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno))).with_errno(errno).with_program(&program.name)
}

/// A program of type tracing, LSM or iterator whose target the kernel does not have. libbpf notices it at load.
pub(crate) fn kernel_function_not_found(program: &ProgramDecl, target: &str) -> Error {
    let kind = program.section.split('/').next().unwrap_or_default();
    let message = match kind {
        "tp_btf" => format!("tracepoint '{target}'{}", did_you_mean(&similar_tracepoints(target))),
        "lsm" | "lsm.s" | "lsm_cgroup" => {
            format!("LSM hook '{target}'{}", did_you_mean(&similar_behind("bpf_lsm_", target)))
        }
        "iter" | "iter.s" => format!("iterator '{target}'{}", did_you_mean(&similar_behind("bpf_iter_", target))),
        _ => format!("function with type information '{target}'{}", instead(target, &probes::kernel_functions())),
    };
    let message = format!("{}: this kernel has no {message}", failed_to_attach(program));
    Error::new(Kind::AttachFailed, message).with_errno(libc::ESRCH).with_program(&program.name)
}

fn reason(failure: &Failure<'_>) -> (Kind, String) {
    let section = failure.program.section.as_str();
    let (kind, hook) = (section.split('/').next().unwrap_or_default(), hook(section).unwrap_or_default());
    match kind {
        "tracepoint" | "tp" if failure.errno == libc::ENOENT => no_tracepoint(hook),
        "raw_tracepoint" | "raw_tp" | "raw_tracepoint.w" | "raw_tp.w" if failure.errno == libc::ENOENT => {
            let name = hook;
            (
                Kind::AttachFailed,
                format!("this kernel has no tracepoint '{name}'{}", did_you_mean(&similar_tracepoints(name))),
            )
        }
        _ if kind.starts_with("kprobe") || kind.starts_with("kretprobe") || kind.ends_with("syscall") => {
            no_kprobe(failure, hook)
        }
        _ => by_errno(failure),
    }
}

fn no_tracepoint(hook: &str) -> (Kind, String) {
    let Some(tracefs) = probes::tracefs() else {
        let fix = "mount it: mount -t tracefs nodev /sys/kernel/tracing";
        return (Kind::AttachFailed, format!("tracefs is not mounted, so tracepoints cannot be looked up; {fix}"));
    };
    let (category, name) = hook.split_once('/').unwrap_or((hook, ""));
    let events = tracefs.join("events");
    let place = events.join(category);
    if !place.is_dir() {
        let categories = probes::folders(&events);
        let elsewhere = same_name_elsewhere(&tracefs, name);
        let close = if elsewhere.is_empty() {
            similar(category, categories.iter().map(String::as_str), 3).into_iter().map(str::to_owned).collect()
        } else {
            elsewhere
        };
        return (
            Kind::AttachFailed,
            format!(
                "there is no tracepoint category '{category}' (looked in {}){}",
                events.display(),
                did_you_mean(&close)
            ),
        );
    }
    let names = probes::folders(&place);
    let mut close: Vec<String> = similar(name, names.iter().map(String::as_str), 3)
        .into_iter()
        .map(|name| format!("{category}/{name}"))
        .collect();
    if close.is_empty() {
        close = same_name_elsewhere(&tracefs, name);
    }
    (
        Kind::AttachFailed,
        format!(
            "there is no tracepoint '{name}' in category '{category}' (looked in {}){}",
            place.display(),
            did_you_mean(&close)
        ),
    )
}

fn same_name_elsewhere(tracefs: &Path, name: &str) -> Vec<String> {
    probes::tracepoints(tracefs).into_iter().filter(|tracepoint| tracepoint.ends_with(&format!("/{name}"))).collect()
}

fn similar_tracepoints(name: &str) -> Vec<String> {
    let Some(tracefs) = probes::tracefs() else { return Vec::new() };
    let tracepoints = probes::tracepoints(&tracefs);
    let names = tracepoints.iter().filter_map(|tracepoint| tracepoint.split_once('/')).map(|(_, name)| name);
    similar(name, names, 3).into_iter().map(str::to_owned).collect()
}

/// Hooks for which the kernel has a function whose name begins with `prefix`.
fn similar_behind(prefix: &str, name: &str) -> Vec<String> {
    let functions = probes::kernel_functions();
    let hooks = functions.iter().filter_map(|function| function.strip_prefix(prefix));
    similar(name, hooks, 3).into_iter().map(str::to_owned).collect()
}

pub(super) fn did_you_mean(close: &[String]) -> String {
    match close {
        [] => String::new(),
        [only] => format!("; did you mean '{only}'?"),
        several => format!("; did you mean one of: {}?", several.join(", ")),
    }
}

/// Of an errno of which nothing more is known.
pub(crate) fn refused(errno: i32) -> &'static str {
    match errno {
        libc::EMFILE | libc::ENFILE => "too many open files; raise the limit with ulimit -n",
        libc::ENOMEM => "not enough memory",
        _ => "the kernel refuses it",
    }
}

pub(super) fn by_errno(failure: &Failure<'_>) -> (Kind, String) {
    let said = failure.prints.summary();
    match failure.errno {
        libc::EBUSY => {
            (Kind::AttachFailed, format!("the hook is in use by another program that does not share it: {said}"))
        }
        libc::EEXIST => (
            Kind::AttachFailed,
            "the same program is attached there already, and this hook takes it once; detach it first".to_owned(),
        ),
        errno @ (libc::EMFILE | libc::ENFILE) => (Kind::AttachFailed, refused(errno).to_owned()),
        libc::ENOSYS | libc::EOPNOTSUPP | 524 => (Kind::Unsupported, format!("this kernel cannot do that: {said}")),
        _ => (Kind::AttachFailed, said),
    }
}
