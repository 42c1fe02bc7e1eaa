//! The programs that yeet is compared with. Each is built or installed here; where one cannot run, its rows say why.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use super::child;
use crate::command::{command, output};
use crate::setup;
use crate::workspace::{root, target, yeet};

pub(crate) const YEET: &str = "yeet";
pub(crate) const YEET_BATCH: &str = "yeet, batch";
pub(crate) const C: &str = "C, libbpf";
pub(crate) const GO: &str = "Go, cilium/ebpf";
pub(crate) const GO_FAST: &str = "Go, cilium/ebpf, in place";
pub(crate) const BCC: &str = "BCC Python";
pub(crate) const BCC_BATCH: &str = "BCC Python, batch";
pub(crate) const BPFTRACE: &str = "bpftrace";
pub(crate) const BUN: &str = "bun";
pub(crate) const DENO: &str = "deno";
pub(crate) const NODE: &str = "node";

/// What the benchmark itself is made of, and what makes the peers; those that are packages come from Debian.
const PROGRAMS: [&str; 7] = ["call", "events", "first", "maps", "produce", "targets", "uprobes"];
const DEBIAN: [(&str, &str); 3] =
    [("bpftrace", "a peer"), ("python3-bpfcc", "a peer"), ("linux-headers-cloud-amd64", "BCC compiles against them")];

/// Who takes part, and with what command or why not.
pub(crate) struct Peers {
    folder: PathBuf,
    go: Result<(), String>,
    bpftrace: Result<(), String>,
    /// The folder of kernel headers.
    bcc: Result<PathBuf, String>,
}

/// One program that is measured.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// The program with its arguments, or why it cannot run.
    words: Result<Vec<String>, String>,
    environment: Option<(&'static str, PathBuf)>,
}

impl Contender {
    pub(crate) fn new(name: &'static str, words: &[&str]) -> Self {
        Self { name, words: Ok(words.iter().map(|word| (*word).to_owned()).collect()), environment: None }
    }

    /// # Errors
    /// Why it cannot run, for its row.
    pub(crate) fn command(&self) -> Result<Command, String> {
        let words = self.words.as_ref().map_err(String::clone)?;
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(root()).env("NO_COLOR", "1").env("DENO_NO_UPDATE_CHECK", "1");
        command.envs(self.environment.clone());
        Ok(command)
    }

    /// The command of one that has to be there.
    pub(crate) fn must(&self) -> Result<Command> {
        self.command().map_err(anyhow::Error::msg)
    }
}

impl Peers {
    /// Builds all that can be built. Debian's packages are installed only where `install` says so.
    pub(crate) fn prepare(install: bool) -> Result<Self> {
        ensure!(nix::unistd::Uid::effective().is_root(), "the benchmarks load BPF programs: run this as root");
        let folder = target().join("bench");
        std::fs::create_dir_all(&folder)?;
        for program in PROGRAMS {
            let source = format!("bench/c/{program}.c");
            output(
                command("gcc", &["-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-o"])
                    .arg(folder.join(program))
                    .args([&source, "-lbpf"]),
            )
            .context("cannot build the programs in C: run `cargo xtask setup`")?;
        }
        if install && let Err(error) = setup::install(&DEBIAN) {
            println!("{error:#}");
        }
        let go = go(&folder).map_err(|error| short(&error));
        let bpftrace =
            output(&mut command("bpftrace", &["--version"])).map(drop).map_err(|_| "bpftrace is not installed".into());
        let mut peers = Self { folder, go, bpftrace, bcc: Err(String::new()) };
        peers.bcc = peers.find_bcc().map_err(|error| short(&error));
        Ok(peers)
    }

    /// A program of the benchmark's own.
    pub(crate) fn own(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn yeet(&self, name: &'static str, script: &str, args: &[&str]) -> Contender {
        let (yeet, script) = (yeet().display().to_string(), format!("bench/yeet/{script}.ts"));
        Contender::new(name, &[&[&*yeet, "run", &*script], args].concat())
    }

    pub(crate) fn c(&self, program: &str, args: &[&str]) -> Contender {
        Contender::new(C, &[&[&*self.own(program).display().to_string()], args].concat())
    }

    pub(crate) fn go(&self, name: &'static str, what: &str, object: &str) -> Contender {
        let program = self.own("peer").display().to_string();
        let mut contender = Contender::new(name, &[&program, what, object]);
        contender.words = self.go.clone().and(contender.words);
        contender
    }

    pub(crate) fn bcc(&self, name: &'static str, what: &str) -> Contender {
        // Debian's BCC belongs to Debian's Python, which need not be the first one.
        let mut contender = Contender::new(name, &["/usr/bin/python3", "bench/bcc/peer.py", what]);
        match &self.bcc {
            Ok(headers) => contender.environment = Some(("BCC_KERNEL_SOURCE", headers.clone())),
            Err(why) => contender.words = Err(why.clone()),
        }
        contender
    }

    pub(crate) fn bpftrace(&self, script: &str) -> Contender {
        let mut contender = Contender::new(BPFTRACE, &["bpftrace", "-q", &format!("bench/bpftrace/{script}.bt")]);
        contender.words = self.bpftrace.clone().and(contender.words);
        contender
    }

    /// BCC is there only when it can compile and load something.
    fn find_bcc(&mut self) -> Result<PathBuf> {
        ensure!(Path::new("/usr/lib/python3/dist-packages/bcc").is_dir(), "python3-bpfcc is not installed");
        let headers = self.headers()?;
        self.bcc = Ok(headers.clone());
        let mut first = self.bcc(BCC, "first").must()?;
        child::run(&mut first)?;
        Ok(headers)
    }

    /// BCC wants one folder of headers where Debian has two, one for all flavours of a kernel and one for each. The programs here use nothing
    /// that differs between kernels, so those of another one do.
    fn headers(&self) -> Result<PathBuf> {
        let mut folders: Vec<_> = std::fs::read_dir("/usr/src")?.flatten().map(|entry| entry.path()).collect();
        folders.sort();
        let Some(common) = folders.iter().rev().find(|path| path.to_string_lossy().ends_with("-common")) else {
            bail!("there are no kernel headers: install linux-headers-cloud-amd64")
        };
        let stem = common.to_string_lossy().trim_end_matches("common").to_owned();
        let flavour = folders.iter().find(|path| *path != common && path.to_string_lossy().starts_with(&stem));
        let flavour = flavour.context("there is only half of the kernel headers")?;
        let merged = self.folder.join("headers");
        if !merged.is_dir() {
            for half in [common, flavour] {
                output(command("cp", &["--recursive", "--symbolic-link", "--force"]).arg(half.join(".")).arg(&merged))?;
            }
        }
        Ok(merged)
    }
}

fn go(folder: &Path) -> Result<()> {
    let found = output(&mut command("go", &["version"]));
    ensure!(found.is_ok(), "there is no go in PATH");
    output(command("go", &["build", "-o"]).arg(folder.join("peer")).arg(".").current_dir(root().join("bench/go")))?;
    Ok(())
}

/// The line of an error that says most: the last one.
fn short(error: &anyhow::Error) -> String {
    format!("{error:#}").lines().last().unwrap_or_default().trim().to_owned()
}
