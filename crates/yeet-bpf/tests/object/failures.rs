//! Loads that fail for another reason than the verifier.

use yeet_bpf::Kind;
use yeet_bpf::object::{self, StartSpec};

use crate::support::{assert_gone, check, descriptors, expect_error, fixture, in_child, only, open, own_ids, serial};

#[test]
fn a_map_that_the_kernel_refuses_is_described() {
    let _serial = serial();
    let before = descriptors();
    let error = expect_error(
        open("maps.bpf.o").start(StartSpec::default()),
        Kind::InvalidObject,
        &["'empty'", "hash", "0 entries", "key 4 bytes", "__uint(max_entries, N)"],
    );
    assert_eq!(error.facts().map.as_deref(), Some("empty"));
    assert_eq!(error.facts().errno, Some(libc::EINVAL));
    assert_eq!(descriptors(), before);
}

#[test]
fn a_symbol_that_the_kernel_lacks_is_named() {
    let _serial = serial();
    expect_error(
        open("externs.bpf.o").start(StartSpec::default()),
        Kind::Unsupported,
        &["no_such_symbol_anywhere", "__weak"],
    );
}

#[test]
fn a_failed_load_leaves_nothing() {
    let _serial = serial();
    let before = descriptors();
    let opened = open("rejected.bpf.o");
    let spec = only(&opened, &["null_check"]);
    opened.start(spec).unwrap_err();
    assert_eq!(descriptors(), before);
    assert_gone(&own_ids());
}

/// Leaves only these capabilities (by their numbers) to user 65534.
fn become_nobody_with(capabilities: u64) -> std::io::Result<()> {
    // SAFETY: plain system calls on local data: keep capabilities over the change of user, change it, set what is left.
    unsafe {
        check(libc::prctl(libc::PR_SET_KEEPCAPS, 1, 0, 0, 0))?;
        check(libc::setgroups(0, std::ptr::null()))?;
        check(libc::setresgid(65534, 65534, 65534))?;
        check(libc::setresuid(65534, 65534, 65534))?;
        let header = [0x2008_0522u32, 0];
        let (low, high) = (capabilities as u32, (capabilities >> 32) as u32);
        let sets = [low, low, low, high, high, high];
        check(libc::syscall(libc::SYS_capset, header.as_ptr(), sets.as_ptr()) as i32)?;
        for capability in (0..=40).filter(|bit| capabilities >> bit & 1 == 1) {
            check(libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_RAISE, capability, 0, 0))?;
        }
    }
    Ok(())
}

const CAP_BPF: u64 = 1 << 39;
const CAP_PERFMON: u64 = 1 << 38;

#[test]
fn nobody_is_told_which_capabilities_are_missing() {
    let _serial = serial();
    in_child("failures::as_nobody", || become_nobody_with(0));
}

#[test]
#[ignore = "run by nobody_is_told_which_capabilities_are_missing in a process without privileges"]
fn as_nobody() {
    let error = expect_error(
        open("hooks.bpf.o").start(StartSpec::default()),
        Kind::PermissionDenied,
        &["uid 65534", "lacks CAP_BPF", "run as root", "setcap cap_bpf"],
    );
    assert_eq!(error.facts().errno, Some(libc::EPERM));
}

#[test]
fn cap_bpf_alone_does_not_trace() {
    let _serial = serial();
    in_child("failures::with_cap_bpf", || become_nobody_with(CAP_BPF));
}

#[test]
#[ignore = "run by cap_bpf_alone_does_not_trace in a process with that capability only"]
fn with_cap_bpf() {
    let error =
        expect_error(open("hooks.bpf.o").start(StartSpec::default()), Kind::PermissionDenied, &["lacks CAP_PERFMON"]);
    assert!(!error.message().contains("CAP_BPF and"), "{error}");
    let running = open("sections.bpf.o").start(StartSpec::default());
    drop(running.expect("SEC(\"syscall\") programs need CAP_BPF only"));
}

#[test]
fn tracepoints_that_may_not_be_read_are_the_cause() {
    let _serial = serial();
    in_child("failures::with_cap_bpf_and_perfmon", || become_nobody_with(CAP_BPF | CAP_PERFMON));
}

#[test]
#[ignore = "run by tracepoints_that_may_not_be_read_are_the_cause in a process with these capabilities only"]
fn with_cap_bpf_and_perfmon() {
    let opened = open("hooks.bpf.o");
    let spec = only(&opened, &["on_exec"]);
    expect_error(
        opened.start(spec),
        Kind::PermissionDenied,
        &["failed to attach", "'on_exec'", "may not read", "tracing"],
    );
    let opened = open("hooks.bpf.o");
    let spec = only(&opened, &["on_raw_switch", "on_typed_switch"]);
    opened.start(spec).expect("raw tracepoints need no tracefs");
}

#[test]
fn a_user_namespace_is_recognised() {
    let _serial = serial();
    in_child("failures::in_user_namespace", || {
        // SAFETY: a plain system call.
        check(unsafe { libc::unshare(libc::CLONE_NEWUSER) })
    });
}

#[test]
#[ignore = "run by a_user_namespace_is_recognised in a process inside one"]
fn in_user_namespace() {
    expect_error(open("hooks.bpf.o").start(StartSpec::default()), Kind::PermissionDenied, &["user namespace"]);
}

#[test]
fn too_few_descriptors_are_named() {
    let _serial = serial();
    in_child("failures::with_few_descriptors", || {
        let limit = libc::rlimit { rlim_cur: 8, rlim_max: 8 };
        // SAFETY: the limit is a local that the call reads.
        check(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) })
    });
}

#[test]
#[ignore = "run by too_few_descriptors_are_named in a process that may open few files"]
fn with_few_descriptors() {
    // Opening takes placeholders for the maps already.
    let result = object::open(&fixture("sections.bpf.o")).and_then(|opened| opened.start(StartSpec::default()));
    expect_error(result, Kind::Io, &["too many open files", "ulimit -n"]);
}

/// Takes this process into a mount namespace whose changes nobody else sees.
fn own_mounts() -> std::io::Result<()> {
    let flags = libc::MS_REC | libc::MS_PRIVATE;
    // SAFETY: plain system calls on static strings.
    unsafe {
        check(libc::unshare(libc::CLONE_NEWNS))?;
        check(libc::mount(std::ptr::null(), c"/".as_ptr(), std::ptr::null(), flags, std::ptr::null()))
    }
}

/// Puts an empty folder over another.
fn cover(path: &std::ffi::CStr) -> std::io::Result<()> {
    // SAFETY: a plain system call on static strings.
    check(unsafe { libc::mount(c"none".as_ptr(), path.as_ptr(), c"tmpfs".as_ptr(), 0, std::ptr::null()) })
}

#[test]
fn tracefs_that_is_not_mounted_is_the_cause() {
    let _serial = serial();
    in_child("failures::without_tracefs", || {
        own_mounts()?;
        cover(c"/sys/kernel/tracing")?;
        cover(c"/sys/kernel/debug")
    });
}

#[test]
#[ignore = "run by tracefs_that_is_not_mounted_is_the_cause in a process that does not see it"]
fn without_tracefs() {
    let opened = open("hooks.bpf.o");
    let spec = only(&opened, &["on_exec"]);
    let fix = "mount -t tracefs nodev /sys/kernel/tracing";
    expect_error(
        opened.start(spec),
        Kind::AttachFailed,
        &["failed to attach", "'on_exec'", "tracefs is not mounted", fix],
    );
}

#[test]
fn a_kernel_without_btf_is_named_with_the_programs_that_need_it() {
    let _serial = serial();
    in_child("failures::without_kernel_btf", || {
        own_mounts()?;
        cover(c"/sys/kernel/btf")?;
        // Where a copy may lie instead; not every machine has these folders.
        let _ = [c"/boot", c"/lib/modules", c"/usr/lib/debug"].map(cover);
        Ok(())
    });
}

#[test]
#[ignore = "run by a_kernel_without_btf_is_named_with_the_programs_that_need_it in a process that does not see it"]
fn without_kernel_btf() {
    let opened = open("hooks.bpf.o");
    let spec = only(&opened, &["on_exec", "on_typed_switch"]);
    let fragments = ["no BTF", "/sys/kernel/btf/vmlinux", "'on_typed_switch'", "CONFIG_DEBUG_INFO_BTF"];
    let error = expect_error(opened.start(spec), Kind::Unsupported, &fragments);
    assert!(!error.message().contains("'on_exec'"), "{error}");
    let opened = open("hooks.bpf.o");
    let spec = only(&opened, &["on_exec"]);
    opened.start(spec).expect("a tracepoint needs no BTF of the kernel");
}

#[test]
fn a_seccomp_filter_is_the_cause() {
    let _serial = serial();
    in_child("failures::behind_seccomp", || {
        let instruction = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
        // Load the number of the system call; bpf(2) gets EPERM, the others go through.
        let mut program = [
            instruction(0x20, 0, 0, 0),
            instruction(0x15, 0, 1, libc::SYS_bpf as u32),
            instruction(0x06, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32),
            instruction(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
        ];
        let filter = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
        // SAFETY: the filter lives during the call, which copies it.
        unsafe {
            check(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
            check(libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &filter))
        }
    });
}

#[test]
#[ignore = "run by a_seccomp_filter_is_the_cause in a process behind one"]
fn behind_seccomp() {
    expect_error(
        open("hooks.bpf.o").start(StartSpec::default()),
        Kind::PermissionDenied,
        &["seccomp", "bpf and perf_event_open"],
    );
}
