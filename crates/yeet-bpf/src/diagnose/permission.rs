//! "Operation not permitted" means ten different things. This finds which one.

use super::{Capability, Environment};
use crate::error::{Error, Kind};

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// Creating a map, or loading a program whatever its kind.
    Load,
    /// Loading a program that looks into the kernel: tracepoints, probes, perf events.
    Tracing,
    /// Loading a program that handles packets or sockets.
    Network,
    /// Attaching a tracing program.
    Attach,
    /// Attaching to an interface, a network namespace or a control group.
    AttachNetwork,
}

impl Need {
    fn capabilities(self) -> &'static [Capability] {
        match self {
            Self::Load => &[Capability::Bpf],
            Self::Tracing | Self::Attach => &[Capability::Bpf, Capability::Perfmon],
            Self::Network | Self::AttachNetwork => &[Capability::Bpf, Capability::NetAdmin],
        }
    }
}

/// Why something was refused, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub reason: String,
    pub fix: String,
}

/// The one cause that explains a refusal in this environment. `program` is the executable to name in a fix.
pub fn cause(environment: &Environment, need: Need, program: &str) -> Cause {
    let missing = environment.missing(need);
    let (reason, fix) = if let Some(user) = &environment.dropped_to {
        (
            format!("yeet gave its privileges up (--user {user}) when the objects that were being started had started"),
            "start and attach everything together, as in await Promise.all([a.start(), b.start()]), or run without --user"
                .to_owned(),
        )
    } else if environment.in_user_namespace {
        (
            "this process is in a user namespace, where capabilities do not count for BPF".to_owned(),
            "run it outside (a container without user namespaces, or the host)".to_owned(),
        )
    } else if !missing.is_empty() {
        let names: Vec<_> = missing.iter().map(|capability| capability.as_str()).collect();
        (
            format!(
                "this process (uid {}) lacks {}{}",
                environment.effective_uid,
                names.join(" and "),
                unprivileged(environment)
            ),
            format!("run as root, or grant them once: setcap cap_bpf,cap_perfmon,cap_net_admin+ep {program}"),
        )
    } else if let Some(mode) = environment.lockdown.as_deref().filter(|mode| *mode == "confidentiality") {
        (
            format!("the kernel is locked down ({mode} mode), which forbids programs to read kernel memory"),
            "boot with lockdown=integrity or without lockdown, or use programs that do not read kernel memory"
                .to_owned(),
        )
    } else if need == Need::Attach && !environment.tracefs_readable {
        (
            format!(
                "this user may not read {}",
                environment.tracefs.as_deref().unwrap_or("tracefs".as_ref()).display()
            ),
            "run as root, or let the user in: mount -o remount,gid=GROUP,mode=750 /sys/kernel/tracing".to_owned(),
        )
    } else if environment.seccomp_filter {
        (
            "a seccomp filter stands between this process and the kernel (a container?)".to_owned(),
            "allow the system calls bpf and perf_event_open in the container's seccomp profile".to_owned(),
        )
    } else if let Some(limit) = environment.memlock.filter(|limit| environment.charges_memlock && *limit < 64 << 20) {
        (
            format!(
                "only {} KiB may be locked in memory, and this kernel charges maps and programs to that",
                limit >> 10
            ),
            "raise the limit: ulimit -l unlimited".to_owned(),
        )
    } else if !environment.proc_mounted {
        (
            "the capabilities are there, and what else it may be is not told without /proc".to_owned(),
            "mount -t proc proc /proc, and see what yeet doctor says then".to_owned(),
        )
    } else {
        (
            "the capabilities are there, so a security module (SELinux, AppArmor) or the container's policy refused it"
                .to_owned(),
            "look for a denial in the kernel's log (dmesg, audit log)".to_owned(),
        )
    };
    Cause { reason, fix }
}

impl Environment {
    /// What this process lacks of the capabilities for it.
    pub fn missing(&self, need: Need) -> Vec<Capability> {
        // CAP_SYS_ADMIN contains the finer ones, and before kernel 5.8 it is the only one that there is.
        if self.has(Capability::SysAdmin) {
            return Vec::new();
        }
        need.capabilities().iter().copied().filter(|capability| !self.has(*capability)).collect()
    }
}

/// Nobody else may load anything: the reason why it takes the capability.
fn unprivileged(environment: &Environment) -> &'static str {
    match environment.unprivileged_bpf_disabled {
        Some(1 | 2) if !environment.has(Capability::Bpf) => {
            ", and kernel.unprivileged_bpf_disabled forbids BPF to others"
        }
        _ => "",
    }
}

/// Why this process is refused, and what to do, in one sentence.
pub(crate) fn refusal(need: Need) -> String {
    let program = std::env::current_exe().map_or_else(|_| "PROGRAM".to_owned(), |path| path.display().to_string());
    let Cause { reason, fix } = cause(&Environment::read(), need, &program);
    format!("not permitted: {reason}; {fix}")
}

/// The error for a refusal of this process.
pub(crate) fn permission_denied(what: &str, need: Need) -> Error {
    Error::new(Kind::PermissionDenied, format!("{what}: {}", refusal(need)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Environment {
        Environment {
            release: "6.18.44".to_owned(),
            effective_uid: 0,
            dropped_to: None,
            capabilities: u64::MAX,
            in_user_namespace: false,
            seccomp_filter: false,
            unprivileged_bpf_disabled: Some(2),
            lockdown: None,
            memlock: None,
            charges_memlock: false,
            descriptors: None,
            jit: None,
            proc_mounted: true,
            tracefs: None,
            tracefs_readable: true,
            bpffs: true,
            kernel_btf: true,
        }
    }

    fn reason(environment: &Environment, need: Need) -> String {
        cause(environment, need, "yeet").reason
    }

    #[test]
    fn each_environment_has_its_one_cause() {
        let nobody = Environment { effective_uid: 65534, capabilities: 0, ..root() };
        assert_eq!(
            reason(&nobody, Need::Tracing),
            "this process (uid 65534) lacks CAP_BPF and CAP_PERFMON, and kernel.unprivileged_bpf_disabled forbids BPF to others"
        );
        assert!(
            cause(&nobody, Need::Load, "/usr/bin/yeet")
                .fix
                .contains("setcap cap_bpf,cap_perfmon,cap_net_admin+ep /usr/bin/yeet")
        );

        let bpf_only = Environment { effective_uid: 1000, capabilities: 1 << 39, ..root() };
        assert!(reason(&bpf_only, Need::Tracing).ends_with("lacks CAP_PERFMON"));
        assert!(reason(&bpf_only, Need::Network).ends_with("lacks CAP_NET_ADMIN"));

        let namespaced = Environment { in_user_namespace: true, ..root() };
        assert!(reason(&namespaced, Need::Load).contains("user namespace"));
        let filtered = Environment { seccomp_filter: true, ..root() };
        assert!(reason(&filtered, Need::Load).contains("seccomp"));
        let locked = Environment { lockdown: Some("confidentiality".to_owned()), seccomp_filter: true, ..root() };
        assert!(reason(&locked, Need::Tracing).contains("locked down"));
        let integrity = Environment { lockdown: Some("integrity".to_owned()), ..root() };
        assert!(!reason(&integrity, Need::Tracing).contains("locked down"));
        let tight = Environment { memlock: Some(64 << 10), charges_memlock: true, ..root() };
        assert!(reason(&tight, Need::Load).contains("64 KiB"));
        let hidden = Environment { tracefs: Some("/sys/kernel/tracing".into()), tracefs_readable: false, ..root() };
        assert!(reason(&hidden, Need::Attach).contains("/sys/kernel/tracing"));
        let blind = Environment { proc_mounted: false, ..root() };
        assert!(reason(&blind, Need::Load).contains("without /proc"));
        let dropped = Environment { dropped_to: Some("nobody".to_owned()), capabilities: 0, ..root() };
        assert!(reason(&dropped, Need::Load).contains("--user nobody"));
        assert!(reason(&root(), Need::Load).contains("security module"));
    }

    #[test]
    fn sys_admin_contains_the_finer_capabilities() {
        let admin = Environment { capabilities: 1 << 21, ..root() };
        assert!(reason(&admin, Need::Network).contains("the capabilities are there"));
    }
}
