//! The kernel, what it is built with and what is mounted of it.

use std::path::Path;

use super::{Check, Group, Verdict};
use crate::attach;
use crate::diagnose::Environment;

pub(super) fn checks(environment: &Environment) -> Vec<Check> {
    let check = |name, verdict, found: &str| Check::new(Group::Kernel, name, verdict, found);
    let mut all = vec![check("release", Verdict::Ok, &environment.release)];
    all.push(match environment.kernel_btf {
        true => check("BTF", Verdict::Ok, "/sys/kernel/btf/vmlinux"),
        false if Path::new("/sys/kernel").exists() => {
            check("BTF", Verdict::Limited, "the kernel has none; CO-RE, tp_btf, fentry, LSM and iterators need it")
                .with_fix("use a kernel with CONFIG_DEBUG_INFO_BTF")
        }
        false => check("BTF", Verdict::Limited, "/sys is not mounted, so it cannot be read")
            .with_fix("mount -t sysfs sysfs /sys"),
    });
    all.push(match environment.jit {
        Some(0) => check("JIT", Verdict::Limited, "off: programs are interpreted, ten times slower")
            .with_fix("sysctl net.core.bpf_jit_enable=1"),
        Some(_) => check("JIT", Verdict::Ok, "on"),
        None => check("JIT", Verdict::Ok, "not told to this process"),
    });
    all.push(match environment.lockdown.as_deref() {
        Some("confidentiality") => {
            check("lockdown", Verdict::No, "confidentiality: programs may not read the kernel's memory")
                .with_fix("boot with lockdown=integrity, or without lockdown")
        }
        Some(mode) => check("lockdown", Verdict::Ok, mode),
        None => check("lockdown", Verdict::Ok, "none"),
    });
    all.push(match environment.unprivileged_bpf_disabled {
        Some(0) => check("unprivileged_bpf_disabled", Verdict::Ok, "0: every user may load socket filters"),
        Some(mode) => check("unprivileged_bpf_disabled", Verdict::Ok, &format!("{mode}: BPF needs CAP_BPF")),
        None => check("unprivileged_bpf_disabled", Verdict::Ok, "not told to this process"),
    });
    all.push(match environment.proc_mounted {
        true => check("procfs", Verdict::Ok, "/proc"),
        false => check("procfs", Verdict::Limited, "/proc is not mounted; pids and namespaces cannot be named")
            .with_fix("mount -t proc proc /proc"),
    });
    all.push(match Path::new("/sys/devices/system/cpu/possible").exists() {
        true => check("sysfs", Verdict::Ok, "/sys"),
        false => {
            check("sysfs", Verdict::Limited, "/sys is not mounted; per-CPU maps and perf events need its list of CPUs")
                .with_fix("mount -t sysfs sysfs /sys")
        }
    });
    all.push(tracefs(environment));
    all.push(match environment.bpffs {
        true => check("bpffs", Verdict::Ok, "/sys/fs/bpf"),
        false => check("bpffs", Verdict::Limited, "not mounted; maps cannot be pinned")
            .with_fix("mount -t bpf bpf /sys/fs/bpf"),
    });
    all.push(match attach::cgroup_root() {
        Some(path) => check("cgroup v2", Verdict::Ok, &path.display().to_string()),
        None => check("cgroup v2", Verdict::Limited, "not mounted; cgroup programs have nowhere to attach")
            .with_fix("mount -t cgroup2 none /sys/fs/cgroup"),
    });
    all
}

fn tracefs(environment: &Environment) -> Check {
    let check = |verdict, found: String| Check::new(Group::Kernel, "tracefs", verdict, found);
    match &environment.tracefs {
        Some(path) if environment.tracefs_readable => check(Verdict::Ok, path.display().to_string()),
        Some(path) => check(Verdict::Limited, format!("this user may not read {}", path.display()))
            .with_fix("run as root, or let the user in: mount -o remount,gid=GROUP,mode=750 /sys/kernel/tracing"),
        None => check(Verdict::Limited, "not mounted; tracepoints cannot be looked up".to_owned())
            .with_fix("mount -t tracefs nodev /sys/kernel/tracing"),
    }
}
