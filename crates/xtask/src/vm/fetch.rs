//! Gets a kernel through apt and unpacks it. Nothing is installed on this machine: apt works in folders of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::kernels::Kernel;
use super::sources::Source;
use crate::command::{command, output, shown, stream};
use crate::workspace::target;

/// An unpacked kernel.
pub(super) struct Image {
    pub(super) vmlinuz: PathBuf,
    /// `lib/modules/RELEASE`, with the indexes that modprobe reads.
    pub(super) modules: PathBuf,
    /// What `uname -r` says in it.
    pub(super) release: String,
}

/// The folder of a kernel.
pub(super) fn place(kernel: Kernel) -> PathBuf {
    target().join("vm").join(kernel.name)
}

/// The kernel as it lies there, or fetched where it was not yet.
pub(super) fn have(kernel: Kernel) -> Result<Image> {
    let files = place(kernel).join("files");
    if files.is_dir() { open(&files) } else { fetch(kernel) }
}

/// Fetches the newest build of the kernel.
pub(super) fn fetch(kernel: Kernel) -> Result<Image> {
    let place = place(kernel);
    let apt = Apt::new(&place.join("apt"), kernel.suite)?;
    apt.run("apt-get", &["update", "--quiet"], &place)?;
    let depends = output(&mut apt.command("apt-cache", &["depends", "linux-image-cloud-amd64"]))?;
    let package = image_package(&depends)
        .with_context(|| format!("linux-image-cloud-amd64 of {} depends on no kernel:\n{depends}", kernel.suite))?;

    let packages = place.join("packages");
    renewed(&packages)?;
    let parts = output(&mut apt.command("apt-cache", &["depends", package]))?;
    apt.run("apt-get", &[&["download", "--quiet", package], &part_packages(&parts)[..]].concat(), &packages)?;
    let unpacked = place.join("files.new");
    renewed(&unpacked)?;
    for package in fs::read_dir(&packages)? {
        let mut unpack = command("dpkg-deb", &["--extract"]);
        must(unpack.arg(package?.path()).arg(&unpacked))?;
    }
    fs::remove_dir_all(&packages)?;
    index(&unpacked)?;
    let files = place.join("files");
    let _ = fs::remove_dir_all(&files);
    fs::rename(&unpacked, &files)?;
    let image = open(&files)?;
    println!("{}: {}", kernel.name, image.release);
    Ok(image)
}

/// The kernel among the dependencies of the package that stands for the newest one.
fn image_package(depends: &str) -> Option<&str> {
    dependencies(depends).find(|name| name.starts_with("linux-image-"))
}

/// The packages that hold the kernel itself, its modules and lists of what is built in, where that of the image is empty (since Debian's 7.x).
fn part_packages(depends: &str) -> Vec<&str> {
    dependencies(depends)
        .filter(|name| ["linux-base-", "linux-binary-", "linux-modules-"].iter().any(|part| name.starts_with(part)))
        .collect()
}

/// Of what `apt-cache depends` prints.
fn dependencies(depends: &str) -> impl Iterator<Item = &str> {
    depends.lines().filter_map(|line| line.trim().strip_prefix("Depends: "))
}

/// Lets modprobe find what is in the folder.
fn index(files: &Path) -> Result<()> {
    let base = module_base(files)?;
    let release = single(&base.join("lib/modules"))?;
    let name = release.file_name().unwrap_or_default().to_string_lossy().into_owned();
    must(command("depmod", &["--basedir"]).arg(&base).arg(name))
}

/// Newer kernels have their modules in /usr/lib, older ones in /lib.
fn module_base(files: &Path) -> Result<PathBuf> {
    let bases = [files.join("usr"), files.to_path_buf()];
    bases
        .into_iter()
        .find(|base| base.join("lib/modules").is_dir())
        .with_context(|| format!("the kernel in {} has no modules", files.display()))
}

fn open(files: &Path) -> Result<Image> {
    let modules = single(&module_base(files)?.join("lib/modules"))?;
    let release = modules.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // Where older packages have it, and newer ones.
    let places = [files.join(format!("boot/vmlinuz-{release}")), modules.join("vmlinuz")];
    let vmlinuz = places.into_iter().find(|path| path.is_file()).with_context(|| {
        format!("{} has no vmlinuz of {release}: run `cargo xtask vm fetch` again", files.display())
    })?;
    Ok(Image { vmlinuz, modules, release })
}

fn single(dir: &Path) -> Result<PathBuf> {
    let entries: Vec<_> = fs::read_dir(dir).with_context(|| dir.display().to_string())?.collect::<Result<_, _>>()?;
    ensure!(entries.len() == 1, "{} holds {} kernels instead of one", dir.display(), entries.len());
    Ok(entries[0].path())
}

/// An empty folder in the place of what was there.
fn renewed(dir: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))
}

fn must(command: &mut Command) -> Result<()> {
    let status = stream(command, |_| {})?;
    ensure!(status.success(), "{} failed: {status}", shown(command));
    Ok(())
}

/// apt with one source and with lists and cache of its own.
struct Apt(Vec<String>);

impl Apt {
    fn new(dir: &Path, suite: &str) -> Result<Apt> {
        for needed in ["state/lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(dir.join(needed)).with_context(|| format!("cannot make {}", dir.display()))?;
        }
        let sources = dir.join("kernel.sources");
        fs::write(&sources, Source::of_this_machine()?.with_suite(suite))?;
        let set = |name: &str, value: &str| [String::from("-o"), format!("{name}={value}")];
        let path = |path: &Path| path.display().to_string();
        let options = [
            set("Dir::Etc::SourceList", &path(&sources)),
            set("Dir::Etc::SourceParts", "/dev/null"),
            set("Dir::Etc::Preferences", "/dev/null"),
            set("Dir::Etc::PreferencesParts", "/dev/null"),
            set("Dir::State", &path(&dir.join("state"))),
            set("Dir::Cache", &path(&dir.join("cache"))),
            // Only the packages, not their descriptions for shops.
            set("Acquire::Languages", "none"),
            set("Acquire::IndexTargets::deb::DEP-11::DefaultEnabled", "false"),
            // The folder may lie in a home that apt's own user cannot enter.
            set("APT::Sandbox::User", "root"),
        ];
        Ok(Apt(options.concat()))
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = command(program, args);
        command.args(&self.0);
        command
    }

    fn run(&self, program: &str, args: &[&str], dir: &Path) -> Result<()> {
        must(self.command(program, args).current_dir(dir))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_is_found_among_dependencies() {
        let depends = "linux-image-cloud-amd64\n  Depends: linux-base-cloud-amd64\n  Depends: linux-image-7.3.4+deb13-cloud-amd64\n";
        assert_eq!(image_package(depends), Some("linux-image-7.3.4+deb13-cloud-amd64"));
        assert_eq!(image_package("linux-image-cloud-amd64\n  Depends: <linux-x>\n"), None);
    }

    #[test]
    fn a_kernel_in_parts_has_them_all() {
        let depends = "linux-image-7.3.4-cloud-amd64\n  PreDepends: linux-base\n |Depends: <dracut>\n  Depends: linux-base-7.3.4-cloud-amd64\n  \
                       Depends: linux-binary-7.3.4-cloud-amd64\n  Depends: linux-modules-7.3.4-cloud-amd64\n";
        let parts = ["base", "binary", "modules"].map(|part| format!("linux-{part}-7.3.4-cloud-amd64"));
        assert_eq!(part_packages(depends), parts);
        assert_eq!(part_packages("linux-image-6.12.1-cloud-amd64\n  Depends: kmod\n"), Vec::<&str>::new());
    }
}
