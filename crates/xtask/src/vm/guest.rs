//! Boots a guest and reads what its tests print.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::cpio::Tree;
use super::fetch::Image;
use super::kernels::Kernel;
use super::results::Measured;
use crate::command::{command, stream_within};
use crate::count::Counts;

/// The line that `init.sh` prints when the harness has ended.
const END: &str = "the guest's tests ended with ";

/// Of the kernel's console a failure shows this many last lines.
const SHOWN: usize = 40;

/// Memory of a guest. Its root is in there too, packed and unpacked.
const MEMORY: &str = "2560M";

/// Runs the guest until it turns itself off, and counts its tests. A guest that panics, hangs or never says how the tests ended counts as
/// a failure and shows the end of its console. Returns what became of each case.
pub(super) fn run(
    kernel: Kernel,
    image: &Image,
    tree: &Tree,
    dir: &Path,
    limit: Duration,
    counts: &mut Counts,
) -> Result<Measured> {
    let initrd = dir.join("root.cpio");
    let console = dir.join("console");
    let mut out =
        BufWriter::new(fs::File::create(&initrd).with_context(|| format!("cannot write {}", initrd.display()))?);
    tree.write(&mut out)?;
    out.flush()?;
    drop(out);
    let _ = fs::remove_file(&console);

    let mut own = Counts::default();
    let mut measured = Measured::of(&image.release);
    let mut ended = None;
    let status = stream_within(&mut qemu(image, &initrd, &console), limit, |line| {
        own.read_line(line);
        measured.read_line(line);
        ended = ended.take().or_else(|| line.strip_prefix(END).map(str::to_owned));
    });
    // Another run of the same kernel may have removed it.
    let _ = fs::remove_file(&initrd);
    let problem = match (status, ended.as_deref()) {
        (Ok(status), _) if !status.success() => Some(format!("qemu ended with {status}")),
        (Err(error), None) => Some(format!("{error:#}")),
        (Ok(_), None) => Some("the guest went down before its tests had ended".to_owned()),
        (_, Some("0")) if own.total() == 0 => Some("no test ran".to_owned()),
        (_, Some("0")) => None,
        (_, Some(_)) if own.failed > 0 => None,
        (_, Some(code)) => Some(format!("the harness failed outside any test ({code})")),
    };
    if let Some(problem) = problem {
        println!(
            "{problem}; the last lines of the kernel's console ({}):\n{}",
            console.display(),
            last_lines(&console)
        );
        own.fail(&problem);
    }
    own.failures.iter_mut().for_each(|failure| *failure = format!("kernel {}: {failure}", kernel.name));
    counts.add(own);
    Ok(measured)
}

/// Without KVM, since a machine of CI is often a guest itself. Two serial ports: the kernel's console, and the tests.
fn qemu(image: &Image, initrd: &Path, console: &Path) -> Command {
    let mut qemu = command("qemu-system-x86_64", &["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]);
    qemu.args(["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", MEMORY]);
    qemu.arg("-serial").arg(format!("file:{}", console.display())).args(["-serial", "stdio"]);
    qemu.arg("-kernel").arg(&image.vmlinuz).arg("-initrd").arg(initrd);
    // A panic ends the guest at once. The order of `lsm` is that of the kernels that have the BPF one by default.
    qemu.args(["-append", "console=ttyS0 loglevel=5 panic=-1 lsm=lockdown,yama,bpf"]);
    qemu
}

fn last_lines(console: &Path) -> String {
    let text = fs::read(console).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}
