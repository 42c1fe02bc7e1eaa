//! Programs and libraries for a guest: the files of Debian packages that this machine has installed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::command::{command, output};

/// Packages whose programs tests use. What these depend on comes along.
pub(crate) const PACKAGES: [&str; 21] = [
    "bash",
    "bpftool",
    "coreutils",
    "dash",
    "diffutils",
    "findutils",
    "gcc",
    "grep",
    "hostname",
    "iproute2",
    "kmod",
    "libbpf-dev",
    "libc-bin",
    "libc6-dev",
    "mawk",
    "mount",
    "procps",
    "python3-minimal",
    "sed",
    "util-linux",
    "xz-utils",
];

/// Where files of packages lie that a guest gets, besides what has one of [`UNUSED`] in its path.
const FOLDERS: [&str; 5] = ["/bin/", "/include/", "/lib/", "/lib64/", "/sbin/"];

/// Large, and used by no test: optimizing while linking, sanitizers, profilers, character sets, the installation of packages.
const UNUSED: [&str; 9] =
    ["/lto1", "/lto-wrapper", "lto-dump", "san.so", "san.a", "gprofng", "/gconv/", "/perl", "/systemd/"];

/// The path in the guest and the one here.
pub(super) fn files() -> Result<Vec<(String, PathBuf)>> {
    let known =
        output(&mut command("dpkg-query", &["--show", "--showformat", "${Package}\t${Depends}, ${Pre-Depends}\n"]))?;
    let wanted: Vec<&str> = with_dependencies(&known, &PACKAGES).into_iter().collect();
    let listed = output(&mut command("dpkg-query", &[&["--listfiles"], &wanted[..]].concat()))?;
    let files = listed.lines().filter(|path| is_used(path)).map(Path::new).filter(|path| path.is_file());
    files.map(|path| Ok((merged(path)?, path.to_path_buf()))).collect()
}

fn is_used(path: &str) -> bool {
    let path = path.strip_prefix("/usr").unwrap_or(path);
    FOLDERS.iter().any(|folder| path.starts_with(folder)) && !UNUSED.iter().any(|part| path.contains(part))
}

/// `known` has a line for each installed package: its name, a tab, and what it depends on as Debian writes it.
fn with_dependencies<'a>(known: &'a str, roots: &[&'a str]) -> BTreeSet<&'a str> {
    let known: BTreeMap<&str, &str> = known.lines().filter_map(|line| line.split_once('\t')).collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = roots.to_vec();
    while let Some(package) = open.pop() {
        let Some(dependencies) = known.get(package).filter(|_| found.insert(package)) else { continue };
        // `a (>= 1), b:any | c`: of alternatives the one that is installed.
        let name = |text: &'a str| text.trim().split([' ', ':', '(']).next().unwrap_or_default();
        let installed =
            dependencies.split(',').filter_map(|one| one.split('|').map(name).find(|name| known.contains_key(name)));
        open.extend(installed);
    }
    found
}

/// The path with /bin, /sbin and /lib inside /usr, where the guest has them.
pub(super) fn merged(path: &Path) -> Result<String> {
    let path = path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?.trim_start_matches('/');
    Ok(if path.starts_with("usr/") { path.to_owned() } else { format!("usr/{path}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_come_with_what_they_depend_on() {
        let known = "a\tb (>= 1), c:any | d, none\nb\ta, \nd\t\ne\td\n";
        let found: Vec<_> = with_dependencies(known, &["a", "missing"]).into_iter().collect();
        assert_eq!(found, ["a", "b", "d"]);
    }

    #[test]
    fn only_what_tests_use_comes_along() {
        for (path, used) in [
            ("/bin/bash", true),
            ("/usr/include/bpf/bpf.h", true),
            ("/usr/lib/gcc/x86_64-linux-gnu/12/lto1", false),
            ("/lib/systemd/systemd", false),
            ("/usr/share/doc/bash/README", false),
            ("/etc/passwd", false),
        ] {
            assert_eq!(is_used(path), used, "{path}");
        }
    }

    #[test]
    fn folders_are_where_the_guest_has_them() {
        assert_eq!(merged(Path::new("/bin/bash")).unwrap(), "usr/bin/bash");
        assert_eq!(merged(Path::new("/usr/sbin/bpftool")).unwrap(), "usr/sbin/bpftool");
    }
}
