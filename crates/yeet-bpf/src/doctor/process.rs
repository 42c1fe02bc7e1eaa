//! This process: its user, its capabilities, its limits.

use super::{Check, Group, Verdict};
use crate::diagnose::{Capability, Environment};

/// Below so many descriptors an object of a dozen maps and programs does not start.
const ENOUGH_DESCRIPTORS: u64 = 64;

pub(super) fn checks(environment: &Environment) -> Vec<Check> {
    vec![
        capabilities(environment),
        user_namespace(environment),
        seccomp(environment),
        descriptors(environment),
        memlock(environment),
    ]
}

fn check(name: &'static str, verdict: Verdict, found: impl Into<String>) -> Check {
    Check::new(Group::Process, name, verdict, found)
}

fn capabilities(environment: &Environment) -> Check {
    let uid = environment.effective_uid;
    if environment.has(Capability::SysAdmin) {
        return check("capabilities", Verdict::Ok, format!("uid {uid}, CAP_SYS_ADMIN, which contains the others"));
    }
    let wanted = [Capability::Bpf, Capability::Perfmon, Capability::NetAdmin];
    let (has, lacks): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|capability| environment.has(*capability));
    let names = |list: &[Capability]| list.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
    if lacks.is_empty() {
        return check("capabilities", Verdict::Ok, format!("uid {uid}, {}", names(&has)));
    }
    let has = if has.is_empty() { "none of BPF's".to_owned() } else { names(&has) };
    let verdict = if environment.has(Capability::Bpf) { Verdict::Limited } else { Verdict::No };
    check("capabilities", verdict, format!("uid {uid}, {has}; lacks {}", names(&lacks)))
        .with_fix("run as root, or with setcap cap_bpf,cap_perfmon,cap_net_admin+ep on the binary")
}

fn user_namespace(environment: &Environment) -> Check {
    match (environment.in_user_namespace, environment.proc_mounted) {
        (true, _) => check("user namespace", Verdict::No, "one of its own, where capabilities do not count for BPF")
            .with_fix("run it outside (a container without user namespaces, or the host)"),
        (false, true) => check("user namespace", Verdict::Ok, "the host's"),
        (false, false) => check("user namespace", Verdict::Ok, "not told without /proc"),
    }
}

fn seccomp(environment: &Environment) -> Check {
    match environment.seccomp_filter {
        true => check("seccomp", Verdict::Limited, "a filter decides over system calls"),
        false => check("seccomp", Verdict::Ok, "no filter"),
    }
}

fn descriptors(environment: &Environment) -> Check {
    match environment.descriptors {
        Some(limit) if limit < ENOUGH_DESCRIPTORS => {
            check("RLIMIT_NOFILE", Verdict::Limited, format!("{limit}: each map, program and link takes one"))
                .with_fix("raise the limit with ulimit -n")
        }
        Some(limit) => check("RLIMIT_NOFILE", Verdict::Ok, limit.to_string()),
        None => check("RLIMIT_NOFILE", Verdict::Ok, "no limit"),
    }
}

fn memlock(environment: &Environment) -> Check {
    let charged = environment.charges_memlock;
    match environment.memlock {
        Some(limit) if charged => check(
            "RLIMIT_MEMLOCK",
            Verdict::Limited,
            format!("{} KiB, to which this kernel charges maps and programs", limit >> 10),
        )
        .with_fix("raise the limit: ulimit -l unlimited"),
        Some(limit) => {
            check("RLIMIT_MEMLOCK", Verdict::Ok, format!("{} KiB; this kernel does not charge BPF to it", limit >> 10))
        }
        None => check("RLIMIT_MEMLOCK", Verdict::Ok, "no limit"),
    }
}
