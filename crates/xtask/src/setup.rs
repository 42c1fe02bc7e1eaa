//! What a fresh Debian 12 or 13 lacks. Everything here is skipped where it is there already.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use nix::unistd::Uid;

use crate::command::{check, command, output, shown, stream};
use crate::count::Counts;
use crate::vm::PACKAGES;
use crate::workspace::root;

/// Debian packages that the build needs, and what for.
const BUILD: [(&str, &str); 7] = [
    ("gcc", "compiles libbpf"),
    ("libc6-dev", "compiles libbpf"),
    ("libelf-dev", "libbpf links it"),
    ("libzstd-dev", "libelf of Debian 13 links it"),
    ("make", "builds libbpf"),
    ("pkg-config", "finds libelf"),
    ("zlib1g-dev", "libbpf links it"),
];

/// Those that tests and fixtures need besides.
const TEST: [(&str, &str); 8] = [
    ("bpftool", "tests compare with it"),
    ("clang", "compiles BPF programs"),
    ("iproute2", "tests make network namespaces with it"),
    ("libbpf-dev", "the headers of BPF programs"),
    ("linux-libc-dev", "the kernel's types for BPF programs"),
    ("procps", "tests look for processes with it"),
    ("valgrind", "the benchmark counts instructions with it"),
    ("xz-utils", "tests compress symbols with it"),
];

/// Those that `vm` needs besides what goes into a guest.
const GUEST: [(&str, &str); 1] = [("qemu-system-x86", "runs guests")];

const MOUNTS: [(&str, &str); 2] = [("tracefs", "/sys/kernel/tracing"), ("bpf", "/sys/fs/bpf")];

/// The oldest Node that runs the TypeScript tests.
const NODE: (u32, u32) = (20, 19);

/// Everything, for developers.
pub(crate) fn run(counts: &mut Counts) -> Result<()> {
    install(&[&BUILD[..], &TEST].concat())?;
    counts.check("packages", true);
    node(counts)?;
    mounts()?;
    counts.check("mounts", true);
    Ok(())
}

/// What building and running yeet needs.
pub(crate) fn for_running() -> Result<()> {
    install(&BUILD)?;
    mounts()
}

/// What booting guests needs.
pub(crate) fn for_guests() -> Result<()> {
    let tools = PACKAGES.map(|name| (name, "a guest has its programs"));
    install(&[&GUEST[..], &tools].concat())
}

/// A command as root: by itself, or through sudo.
pub(crate) fn privileged(program: &str, args: &[&str]) -> Command {
    if Uid::effective().is_root() { command(program, args) } else { command("sudo", &[&[program], args].concat()) }
}

pub(crate) fn install(packages: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<_> = packages.iter().filter(|(name, _)| !installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for (name, purpose) in &missing {
        println!("{name} is missing ({purpose})");
    }
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    ensure!(
        Path::new("/usr/bin/apt-get").exists(),
        "there is no apt-get here: install what these Debian packages hold: {}",
        names.join(" ")
    );
    must(privileged("apt-get", &["update"]))?;
    must(privileged("apt-get", &[&["install", "--yes", "--no-install-recommends"], &names[..]].concat()))
}

fn must(mut command: Command) -> Result<()> {
    let status = stream(command.env("DEBIAN_FRONTEND", "noninteractive"), |_| {})?;
    ensure!(status.success(), "{} failed: {status}", shown(&command));
    Ok(())
}

fn installed(package: &str) -> bool {
    let status = output(&mut command("dpkg-query", &["--show", "--showformat", "${Status}", package]));
    status.is_ok_and(|status| status.ends_with("ok installed"))
}

/// The versions of package-lock.json. No install script of a package runs: nothing here needs one.
fn node(counts: &mut Counts) -> Result<()> {
    let version =
        output(&mut command("node", &["--version"])).context("Node is missing: install version 20.19 or later")?;
    ensure!(
        node_version(&version) >= Some(NODE),
        "Node is {}: install version {}.{} or later",
        version.trim(),
        NODE.0,
        NODE.1
    );
    let (wanted, have) = (root().join("package-lock.json"), root().join("node_modules/.package-lock.json"));
    let modified = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    if modified(&have).is_some_and(|have| modified(&wanted).is_some_and(|wanted| wanted <= have)) {
        counts.check("node_modules", true);
        return Ok(());
    }
    check(&mut command("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]), counts)
}

fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn mounts() -> Result<()> {
    let mounted = std::fs::read_to_string("/proc/self/mounts")?;
    for (kind, target) in MOUNTS.iter().filter(|(_, target)| !is_mounted(&mounted, target)) {
        must(privileged("mount", &["-t", kind, kind, target]))?;
    }
    Ok(())
}

fn is_mounted(mounts: &str, target: &str) -> bool {
    mounts.lines().any(|line| line.split(' ').nth(1) == Some(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node() {
        assert_eq!(node_version("v20.19.2\n"), Some((20, 19)));
        assert!(node_version("v18.20.4") < Some(NODE));
        assert_eq!(node_version("node"), None);
    }

    #[test]
    fn mounts_are_found_by_their_target() {
        let mounts = "sysfs /sys sysfs rw 0 0\nnodev /sys/fs/bpf bpf rw 0 0\n";
        assert!(is_mounted(mounts, "/sys/fs/bpf"));
        assert!(!is_mounted(mounts, "/sys/kernel/tracing"));
    }
}
