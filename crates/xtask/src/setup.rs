//! What a fresh Debian 12 or 13 lacks. Everything here is skipped where it is there already.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use nix::mount::{MsFlags, mount};
use nix::unistd::Uid;

use crate::command::{check, command, output};
use crate::count::Counts;
use crate::workspace::root;

/// Debian packages, and what each is for.
const PACKAGES: [(&str, &str); 11] = [
    ("bpftool", "tests compare with it"),
    ("clang", "compiles BPF programs"),
    ("gcc", "compiles libbpf"),
    ("iproute2", "tests make network namespaces with it"),
    ("libbpf-dev", "the headers of BPF programs"),
    ("libc6-dev", "compiles libbpf"),
    ("libelf-dev", "libbpf links it"),
    ("linux-libc-dev", "the kernel's types for BPF programs"),
    ("make", "builds libbpf"),
    ("pkg-config", "finds libelf"),
    ("zlib1g-dev", "libbpf links it"),
];

const MOUNTS: [(&str, &str); 2] = [("tracefs", "/sys/kernel/tracing"), ("bpf", "/sys/fs/bpf")];

/// The oldest Node that runs the TypeScript tests.
const NODE: (u32, u32) = (20, 19);

pub(crate) fn run(counts: &mut Counts) -> Result<()> {
    packages(counts)?;
    node(counts)?;
    mounts(counts)
}

fn packages(counts: &mut Counts) -> Result<()> {
    let missing: Vec<&str> = PACKAGES.iter().map(|(name, _)| *name).filter(|name| !installed(name)).collect();
    if missing.is_empty() {
        println!("packages: all {} are installed", PACKAGES.len());
        counts.check("setup", true);
        return Ok(());
    }
    for (name, purpose) in PACKAGES.iter().filter(|(name, _)| missing.contains(name)) {
        println!("packages: {name} is missing ({purpose})");
    }
    ensure!(
        Path::new("/usr/bin/apt-get").exists(),
        "no apt-get here: install what these Debian packages hold: {}",
        missing.join(" ")
    );
    let root = Uid::effective().is_root();
    let apt = |args: &[&str]| {
        let mut command = if root { command("apt-get", args) } else { command("sudo", &[&["apt-get"], args].concat()) };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    check(&mut apt(&["update"]), counts)?;
    check(&mut apt(&[&["install", "--yes", "--no-install-recommends"], &missing[..]].concat()), counts)
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
        println!("node_modules: up to date");
        counts.check("setup", true);
        return Ok(());
    }
    check(&mut command("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]), counts)
}

fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn mounts(counts: &mut Counts) -> Result<()> {
    let mounted = std::fs::read_to_string("/proc/self/mounts")?;
    for (kind, target) in MOUNTS {
        if is_mounted(&mounted, target) {
            println!("mounts: {target} is there");
        } else {
            let done = mount(Some(kind), target, Some(kind), MsFlags::empty(), None::<&str>);
            done.with_context(|| format!("cannot mount {kind}; as root: mount -t {kind} {kind} {target}"))?;
            println!("mounts: {kind} is now at {target}");
        }
        counts.check("setup", true);
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
