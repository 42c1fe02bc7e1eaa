//! What the kernel and the container let this process do.

use std::fs;
use std::path::{Path, PathBuf};

use crate::attach::{file_system, tracefs, version_of};

const BPF_FS_MAGIC: i64 = 0xcafe_4a11;

/// The capabilities that BPF asks for, by their kernel numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Capability {
    NetAdmin = 12,
    SysAdmin = 21,
    Perfmon = 38,
    Bpf = 39,
}

impl Capability {
    /// As man pages write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NetAdmin => "CAP_NET_ADMIN",
            Self::SysAdmin => "CAP_SYS_ADMIN",
            Self::Perfmon => "CAP_PERFMON",
            Self::Bpf => "CAP_BPF",
        }
    }
}

/// Facts about this process and kernel. A fact that cannot be read is taken as harmless, so that it is never named as a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub effective_uid: u32,
    /// The effective capabilities, one bit each.
    pub capabilities: u64,
    /// In a user namespace of its own, where capabilities do not count for BPF.
    pub in_user_namespace: bool,
    /// A seccomp filter decides over system calls.
    pub seccomp_filter: bool,
    /// `kernel.unprivileged_bpf_disabled`: 0 lets everybody load some kinds of program.
    pub unprivileged_bpf_disabled: Option<u32>,
    /// `integrity` or `confidentiality`, where the kernel is locked down.
    pub lockdown: Option<String>,
    /// Bytes that may be locked in memory; `None` for no limit.
    pub memlock: Option<u64>,
    /// Kernels before 5.11 charge maps and programs to that limit.
    pub charges_memlock: bool,
    /// Where tracefs is mounted.
    pub tracefs: Option<PathBuf>,
    /// May this user read the tracepoints there?
    pub tracefs_readable: bool,
    /// Is a BPF file system mounted at `/sys/fs/bpf`?
    pub bpffs: bool,
    /// Does the kernel carry its own BTF?
    pub kernel_btf: bool,
}

impl Environment {
    /// Reads the facts of this process, now.
    pub fn read() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let tracefs = tracefs();
        Self {
            // SAFETY: takes nothing and cannot fail.
            effective_uid: unsafe { libc::geteuid() },
            capabilities: field("CapEff:").and_then(|bits| u64::from_str_radix(bits, 16).ok()).unwrap_or(u64::MAX),
            in_user_namespace: fs::read_to_string("/proc/self/uid_map").is_ok_and(|map| !is_initial_uid_map(&map)),
            seccomp_filter: field("Seccomp:") == Some("2"),
            unprivileged_bpf_disabled: number("/proc/sys/kernel/unprivileged_bpf_disabled"),
            lockdown: fs::read_to_string("/sys/kernel/security/lockdown")
                .ok()
                .and_then(|modes| chosen_lockdown(&modes)),
            memlock: memlock(),
            charges_memlock: fs::read_to_string("/proc/sys/kernel/osrelease")
                .is_ok_and(|release| release_charges_memlock(&release)),
            tracefs_readable: tracefs.as_deref().is_none_or(|path| fs::read_dir(path.join("events")).is_ok()),
            tracefs,
            bpffs: file_system(Path::new("/sys/fs/bpf")) == Some(BPF_FS_MAGIC),
            kernel_btf: Path::new("/sys/kernel/btf/vmlinux").exists(),
        }
    }

    pub fn has(&self, capability: Capability) -> bool {
        self.capabilities >> capability as u32 & 1 == 1
    }
}

fn is_initial_uid_map(map: &str) -> bool {
    map.split_ascii_whitespace().eq(["0", "0", "4294967295"])
}

fn chosen_lockdown(modes: &str) -> Option<String> {
    let chosen = modes.split(['[', ']']).nth(1)?;
    (chosen != "none").then(|| chosen.to_owned())
}

fn number(path: &str) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

fn memlock() -> Option<u64> {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the limit is a local that the call fills in.
    let result = unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &mut limit) };
    (result == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}

/// `5.10.0-28-amd64` does, `6.1.0` does not. There is nothing to probe: who may not load anything cannot see what loading is charged to.
fn release_charges_memlock(release: &str) -> bool {
    version_of(release).is_some_and(|version| version < (5, 11))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_files_are_understood() {
        assert!(is_initial_uid_map("         0          0 4294967295\n"));
        assert!(!is_initial_uid_map("         0       1000          1\n"));
        assert_eq!(chosen_lockdown("none [integrity] confidentiality\n").as_deref(), Some("integrity"));
        assert!(release_charges_memlock("5.10.0-28-amd64\n"));
        assert!(!release_charges_memlock("6.18.44\n"));
        assert_eq!(chosen_lockdown("[none] integrity confidentiality\n"), None);
    }
}
