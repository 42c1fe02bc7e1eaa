//! Functions of the kernel as targets: what can be told before a probe is placed, and why placing it failed.

use super::explain::{Failure, by_errno, did_you_mean};
use super::failed_to_attach;
use super::lane::hook;
use super::probes;
use super::similar::similar;
use crate::error::{Error, Kind, Result};
use crate::object::ProgramDecl;

/// Refuses what the kernel would accept and do something else with.
pub(super) fn check(program: &ProgramDecl) -> Result<()> {
    let kind = program.section.split('/').next().unwrap_or_default();
    let hook = hook(&program.section).unwrap_or_default();
    let refused = match kind {
        "kprobe" | "kretprobe" => wrong_offset(kind, hook),
        "lsm" | "lsm.s" | "lsm_cgroup" => probes::security_modules().and_then(|active| inactive_lsm(&active)),
        _ => None,
    };
    match refused {
        Some((kind, reason)) => {
            Err(Error::new(kind, format!("{}: {reason}", failed_to_attach(program))).with_program(&program.name))
        }
        None => Ok(()),
    }
}

/// The kernel would look for the function in which the sum lies, whatever its name.
fn wrong_offset(kind: &str, hook: &str) -> Option<(Kind, String)> {
    let (function, offset) = hook.split_once('+')?;
    if kind == "kretprobe" {
        let reason = format!(
            "a return probe sees '{function}' as a whole and takes no offset; write SEC(\"kretprobe/{function}\")"
        );
        return Some((Kind::InvalidOpts, reason));
    }
    let offset = number(offset)?;
    let size = probes::function_size(function)?;
    (offset >= size).then(|| {
        let reason = format!("'{function}' is {size} bytes long, so at offset {offset:#x} there is another function");
        (Kind::AttachFailed, reason)
    })
}

/// As libbpf reads it, in C's ways to write a number.
fn number(text: &str) -> Option<u64> {
    match (text.strip_prefix("0x"), text.strip_prefix('0')) {
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) if !digits.is_empty() => u64::from_str_radix(digits, 8).ok(),
        _ => text.parse().ok(),
    }
}

/// A program of a security module that is not active attaches and never runs.
fn inactive_lsm(active: &str) -> Option<(Kind, String)> {
    (!active.split(',').any(|name| name == "bpf")).then(|| {
        let reason = format!(
            "the program would never run, since the kernel's active security modules ({active}) do not include bpf; boot with lsm={active},bpf"
        );
        (Kind::Unsupported, reason)
    })
}

/// Why nothing can attach to functions by redirecting them, where that is so: `None` where they can be, or for a program that does not.
pub(crate) fn tracing_refused(program: &ProgramDecl) -> Option<String> {
    let kind = program.section.split('/').next().unwrap_or_default();
    let kind = kind.strip_suffix(".s").unwrap_or(kind);
    let refusal = matches!(kind, "fentry" | "fexit" | "fmod_ret" | "lsm" | "lsm_cgroup")
        .then(probes::function_tracing_refusal)??;
    Some(format!(
        "this kernel does not let its functions be traced ({refusal}), which fentry, fexit, fmod_ret and LSM programs need"
    ))
}

/// Why a kprobe in the widest sense could not be placed.
pub(super) fn no_kprobe(failure: &Failure<'_>, hook: &str) -> (Kind, String) {
    let kind = failure.program.section.split('/').next().unwrap_or_default();
    if !probes::has_kprobes(probes::tracefs().as_deref()) {
        let reason = "this kernel cannot probe its functions: it is built without CONFIG_KPROBE_EVENTS";
        return (Kind::Unsupported, reason.to_owned());
    }
    if let Some(reason) = lacks_multi(kind, failure.errno) {
        return (Kind::Unsupported, reason);
    }
    if kind.ends_with("syscall") {
        return no_system_call(failure, hook);
    }
    if hook.contains(['*', '?']) && failure.errno == libc::ENOENT {
        return (Kind::AttachFailed, format!("no function that this kernel can trace matches '{hook}'"));
    }
    let (function, offset) = hook.split_once('+').unwrap_or((hook, ""));
    let functions = probes::kernel_functions();
    match functions.iter().filter(|known| *known == function).count() {
        0 => (Kind::AttachFailed, format!("this kernel has no function '{function}'{}", instead(function, &functions))),
        known => refused(failure, function, offset, known),
    }
}

/// Several functions at once: since 5.18, and where the kernel is built with it.
fn lacks_multi(kind: &str, errno: i32) -> Option<String> {
    let since = match kind {
        "kprobe.multi" | "kretprobe.multi" => (5, 18),
        "kprobe.session" => (6, 10),
        _ => return None,
    };
    let (major, minor) = since;
    if probes::kernel_version().is_some_and(|version| version < since) {
        return Some(format!(
            "SEC(\"{kind}/…\") needs Linux {major}.{minor} or newer; SEC(\"kprobe/FUNCTION\") and SEC(\"kretprobe/FUNCTION\") probe one function each"
        ));
    }
    (errno == libc::EOPNOTSUPP).then(|| {
        format!(
            "this kernel is built without CONFIG_FPROBE, which SEC(\"{kind}/…\") needs; SEC(\"kprobe/FUNCTION\") and SEC(\"kretprobe/FUNCTION\") probe one function each"
        )
    })
}

fn no_system_call(failure: &Failure<'_>, name: &str) -> (Kind, String) {
    const PREFIX: &str = "__x64_sys_";
    let functions = probes::kernel_functions();
    let calls: Vec<&str> = functions.iter().filter_map(|function| function.strip_prefix(PREFIX)).collect();
    if calls.is_empty() || calls.contains(&name) {
        return by_errno(failure);
    }
    let close: Vec<String> = similar(name, calls, 3).into_iter().map(str::to_owned).collect();
    (Kind::AttachFailed, format!("this kernel has no system call '{name}'{}", did_you_mean(&close)))
}

/// The function is there, `known` times, and the kernel does not let it be probed.
fn refused(failure: &Failure<'_>, function: &str, offset: &str, known: usize) -> (Kind, String) {
    let reason = match failure.errno {
        libc::EILSEQ => format!("no instruction of '{function}' begins at offset {offset}"),
        libc::EADDRNOTAVAIL => format!(
            "this kernel has {known} functions '{function}', and a probe has to be for one; SEC(\"kprobe.multi/{function}\") takes them all"
        ),
        libc::EINVAL if probes::is_forbidden(function) => {
            format!("the kernel does not let '{function}' be probed, since probing it would not be safe")
        }
        _ => return by_errno(failure),
    };
    (Kind::AttachFailed, reason)
}

/// What may be meant by a function that is not there: one that the compiler made of it, or one of a similar name.
pub(super) fn instead(function: &str, functions: &[String]) -> String {
    let made: Vec<&str> = functions
        .iter()
        .filter(|known| known.strip_prefix(function).is_some_and(|rest| rest.starts_with('.')))
        .map(String::as_str)
        .collect();
    if let Some(first) = made.first() {
        return format!(
            " as it is in the source; the compiler made {} of it: SEC(\"kprobe/{first}\")",
            made.join(", ")
        );
    }
    let close: Vec<String> =
        similar(function, functions.iter().map(String::as_str), 3).into_iter().map(str::to_owned).collect();
    format!(" (it may be inlined){}", did_you_mean(&close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_as_libbpf_reads_them() {
        assert_eq!(number("0x1f"), Some(31));
        assert_eq!(number("16"), Some(16));
        assert_eq!(number("020"), Some(16));
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("x"), None);
    }

    #[test]
    fn what_the_compiler_made_comes_before_what_is_spelt_alike() {
        let functions = ["do_thing.isra.0", "do_thing.cold", "do_things"].map(str::to_owned);
        assert_eq!(
            instead("do_thing", &functions),
            " as it is in the source; the compiler made do_thing.isra.0, do_thing.cold of it: SEC(\"kprobe/do_thing.isra.0\")"
        );
        assert_eq!(instead("do_thinks", &functions), " (it may be inlined); did you mean 'do_things'?");
        assert_eq!(instead("unlike_anything", &functions), " (it may be inlined)");
    }

    #[test]
    fn programs_of_an_inactive_security_module_are_refused() {
        let (kind, reason) = inactive_lsm("lockdown,yama").unwrap();
        assert_eq!(kind, Kind::Unsupported);
        assert!(reason.ends_with("boot with lsm=lockdown,yama,bpf"), "{reason}");
        assert_eq!(inactive_lsm("lockdown,bpf"), None);
    }

    #[test]
    fn return_probes_take_no_offset() {
        let (kind, reason) = wrong_offset("kretprobe", "do_unlinkat+0x5").unwrap();
        assert_eq!(kind, Kind::InvalidOpts);
        assert!(reason.contains("SEC(\"kretprobe/do_unlinkat\")"), "{reason}");
        assert_eq!(wrong_offset("kretprobe", "do_unlinkat"), None);
    }
}
