//! What a guest has on board: tools of this machine with their libraries, the kernel's modules, yeet, its tests and the harness.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::cpio::Tree;
use super::fetch::Image;
use super::packages::{self, merged};
use crate::command::command;
use crate::workspace::{files, relative, root, yeet};

/// Folders of the repository that spec tests use.
const FOLDERS: [&str; 4] = ["tests/spec", "tests/fixtures", "examples", "docs"];

/// Modules that tests let the kernel load, by the folder below `kernel/`; what these need comes along.
const MODULES: [&str; 4] = ["net/", "drivers/net/", "fs/overlayfs/", "drivers/block/loop"];

/// Where the repository lies in a guest.
const REPOSITORY: &str = "yeet";

/// The root of a guest in which `/etc/guest` is `script`.
pub(super) fn tree(image: &Image, harness: &Path, script: &str) -> Result<Tree> {
    let mut tree = Tree::default();
    for dir in ["dev", "proc", "sys", "tmp", "run", "root", "var/tmp", "mnt"] {
        tree.dir(dir);
    }
    for dir in ["bin", "sbin", "lib", "lib64"] {
        tree.link(dir, &format!("usr/{dir}"));
        tree.dir(&format!("usr/{dir}"));
    }
    tree.link("var/run", "/run");
    tree.text("init", include_str!("init.sh"));
    tree.text("etc/guest", script);
    tree.text("etc/hostname", "guest\n");
    for file in ["etc/passwd", "etc/group", "etc/nsswitch.conf", "etc/ld.so.conf"] {
        let from = Path::new("/").join(file);
        if from.exists() {
            tree.copy(file, &from);
        }
    }
    let mut programs =
        vec![(String::from("usr/bin/yeet"), yeet()), (String::from("usr/bin/yeet-spec"), harness.into())];
    programs.extend(packages::files()?);
    add_with_libraries(&mut tree, &programs)?;
    tree.link("usr/bin/sh", "dash");
    tree.link("usr/bin/awk", "mawk");
    repository(&mut tree)?;
    modules(&mut tree, image)?;
    Ok(tree)
}

fn add_with_libraries(tree: &mut Tree, programs: &[(String, PathBuf)]) -> Result<()> {
    let mut dynamic = command("ldd", &[]);
    for (path, from) in programs {
        match fs::symlink_metadata(from)?.file_type().is_symlink() {
            true => tree.link(path, &fs::read_link(from)?.to_string_lossy()),
            false => tree.copy(path, from),
        }
        if is_elf(from)? {
            dynamic.arg(from);
        }
    }
    // It says of a static program that it is none, and fails for it.
    let said = dynamic.output().context("cannot run ldd")?;
    let said = String::from_utf8_lossy(&said.stdout);
    ensure!(!said.contains("not found"), "a library is missing:\n{said}");
    for library in libraries(&said) {
        let path = merged(Path::new(library))?;
        // Those of the packages are links to the file with the whole version, as ldconfig wants them.
        if !tree.has(&path) {
            tree.copy(&path, Path::new(library));
        }
    }
    Ok(())
}

/// From lines like `libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x…)` and `/lib64/ld-linux-x86-64.so.2 (0x…)`.
fn libraries(said: &str) -> BTreeSet<&str> {
    let path = |line: &'_ str| line.split_once(" (0x").map(|(text, _)| text.len());
    said.lines()
        .filter_map(|line| path(line).map(|end| &line[..end]))
        .map(|text| text.rsplit("=> ").next().unwrap_or(text).trim())
        .filter(|path| path.starts_with('/'))
        .collect()
}

fn is_elf(path: &Path) -> Result<bool> {
    let mut magic = [0; 4];
    let mut file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(file.read_exact(&mut magic).is_ok() && &magic == b"\x7fELF")
}

fn repository(tree: &mut Tree) -> Result<()> {
    for path in files(&FOLDERS, |_| true)? {
        tree.copy(&format!("{REPOSITORY}/{}", relative(&path)), &path);
    }
    tree.copy(&format!("{REPOSITORY}/tests/kernel-gaps.toml"), &root().join("tests/kernel-gaps.toml"));
    tree.dir(&format!("{REPOSITORY}/tests/harness"));
    Ok(())
}

fn modules(tree: &mut Tree, image: &Image) -> Result<()> {
    let here = format!("usr/lib/modules/{}", image.release);
    for entry in fs::read_dir(&image.modules)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // The indexes; newer packages have the kernel itself beside them.
        if path.is_file() && name.starts_with("modules.") {
            tree.copy(&format!("{here}/{name}"), &path);
        }
    }
    let dependencies = fs::read_to_string(image.modules.join("modules.dep"))?;
    for module in wanted_modules(&dependencies) {
        tree.copy(&format!("{here}/{module}"), &image.modules.join(module));
    }
    Ok(())
}

/// From lines like `kernel/a/b.ko: kernel/c/d.ko kernel/e/f.ko`, which name everything that a module needs.
fn wanted_modules(dependencies: &str) -> BTreeSet<&str> {
    let lines = dependencies.lines().filter_map(|line| line.split_once(':'));
    lines
        .filter(|(module, _)| {
            module.strip_prefix("kernel/").is_some_and(|path| MODULES.iter().any(|dir| path.starts_with(dir)))
        })
        .flat_map(|(module, needed)| std::iter::once(module).chain(needed.split_whitespace()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_programs() {
        let said = "/bin/a:\n\tlinux-vdso.so.1 (0x00007ffd)\n\tlibz.so.1 => /lib/x/libz.so.1 (0x00007f)\n\
                    \t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n/bin/b:\n\tnot a dynamic executable\n";
        let found: Vec<_> = libraries(said).into_iter().collect();
        assert_eq!(found, ["/lib/x/libz.so.1", "/lib64/ld-linux-x86-64.so.2"]);
    }

    #[test]
    fn modules_come_with_what_they_need() {
        let dependencies = "kernel/drivers/net/veth.ko.xz:\nkernel/net/sched/cls_bpf.ko.xz: kernel/lib/x.ko.xz\nkernel/sound/y.ko.xz: kernel/z.ko.xz\n";
        let found: Vec<_> = wanted_modules(dependencies).into_iter().collect();
        assert_eq!(found, ["kernel/drivers/net/veth.ko.xz", "kernel/lib/x.ko.xz", "kernel/net/sched/cls_bpf.ko.xz"]);
    }
}
