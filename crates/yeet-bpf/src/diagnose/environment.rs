//! What the kernel and the container let this process do.

use std::ffi::CStr;
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
    /// `uname -r`.
    pub release: String,
    pub effective_uid: u32,
    /// The user that yeet changed to when its objects had started, if it did.
    pub dropped_to: Option<String>,
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
    /// How many descriptors this process may have open; `None` for no limit.
    pub descriptors: Option<u64>,
    /// `net.core.bpf_jit_enable`; only root may read it.
    pub jit: Option<u32>,
    /// Is `/proc` there? Without it the user namespace cannot be told.
    pub proc_mounted: bool,
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
        let tracefs = tracefs();
        let release = release();
        Self {
            // SAFETY: takes nothing and cannot fail.
            effective_uid: unsafe { libc::geteuid() },
            dropped_to: super::privileges::dropped_to(),
            capabilities: effective_capabilities().unwrap_or(u64::MAX),
            in_user_namespace: fs::read_to_string("/proc/self/uid_map").is_ok_and(|map| !is_initial_uid_map(&map)),
            // SAFETY: this prctl takes nothing else and touches no memory.
            seccomp_filter: unsafe { libc::prctl(libc::PR_GET_SECCOMP) } == 2,
            unprivileged_bpf_disabled: number("/proc/sys/kernel/unprivileged_bpf_disabled"),
            lockdown: fs::read_to_string("/sys/kernel/security/lockdown")
                .ok()
                .and_then(|modes| chosen_lockdown(&modes)),
            memlock: limit(libc::RLIMIT_MEMLOCK),
            charges_memlock: release_charges_memlock(&release),
            release,
            descriptors: limit(libc::RLIMIT_NOFILE),
            jit: number("/proc/sys/net/core/bpf_jit_enable"),
            proc_mounted: file_system(Path::new("/proc")) == Some(libc::PROC_SUPER_MAGIC),
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

fn limit(resource: libc::__rlimit_resource_t) -> Option<u64> {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the limit is a local that the call fills in.
    let result = unsafe { libc::getrlimit(resource, &mut limit) };
    (result == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}

/// Asked of the kernel itself: `/proc` need not be mounted.
fn release() -> String {
    // SAFETY: `utsname` is plain data, for which zero bytes are valid; the call fills it in and terminates its fields.
    unsafe {
        let mut name: libc::utsname = std::mem::zeroed();
        libc::uname(&mut name);
        CStr::from_ptr(name.release.as_ptr()).to_string_lossy().into_owned()
    }
}

/// Those of the calling thread.
fn effective_capabilities() -> Option<u64> {
    // struct __user_cap_header_struct and two of __user_cap_data_struct, of version 3 (linux/capability.h).
    #[repr(C)]
    #[derive(Default)]
    struct Sets {
        effective: u32,
        permitted: u32,
        inheritable: u32,
    }
    let mut header = [0x2008_0522_u32, 0];
    let mut sets = [Sets::default(), Sets::default()];
    // SAFETY: both are as long as this version says, and live during the call.
    let result = unsafe { libc::syscall(libc::SYS_capget, header.as_mut_ptr(), sets.as_mut_ptr()) };
    (result == 0).then(|| u64::from(sets[1].effective) << 32 | u64::from(sets[0].effective))
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
