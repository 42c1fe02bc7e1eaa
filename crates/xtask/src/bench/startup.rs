//! How long a hello script takes from start to end, and how much memory: yeet, deno, bun and node in alternating order.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Serialize;

use super::stats::Spread;
use crate::command::{check, command, output};
use crate::count::Counts;
use crate::workspace::{root, target, yeet};

/// Where the scripts are, and the peers' versions are locked.
const FOLDER: &str = "bench/startup";

/// What the script prints.
const GREETING: &str = "hello\n";

/// Runs that are not counted: they fill the page cache, and the caches that a program keeps.
const WARM_UP: usize = 2;

/// Seconds after which a program that hangs is killed.
const HANGS: u32 = 60;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Measured runs of each program
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(3..))]
    pub(crate) runs: u16,
    /// Where the figures go as JSON [default: bench-startup.json in Cargo's target folder]
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Fail unless yeet's median is below this program's
    #[arg(long)]
    pub(crate) faster_than: Vec<String>,
}

/// One run.
struct Sample {
    time_ms: f64,
    cpu_ms: f64,
    peak_mib: f64,
}

struct Program {
    name: &'static str,
    path: PathBuf,
    args: Vec<String>,
}

#[derive(Serialize)]
struct Figures {
    name: &'static str,
    version: String,
    runs: usize,
    /// Milliseconds from start to reaped.
    time_ms: Spread,
    /// Median of the CPU time of all threads, which a busy machine changes little.
    cpu_ms: f64,
    /// Median of the peak resident memory.
    peak_rss_mib: f64,
    /// Size of the executable.
    binary_mib: f64,
}

pub(crate) fn run(options: &Options, counts: &mut Counts) -> Result<()> {
    let programs = programs(counts)?;
    for name in &options.faster_than {
        ensure!(
            programs.iter().any(|program| program.name == name),
            "cannot compare with `{name}`: it is not measured here"
        );
    }
    let mut samples: Vec<Vec<Sample>> = programs.iter().map(|_| Vec::new()).collect();
    for program in &programs {
        program.greets()?;
        for _ in 0..WARM_UP {
            program.measure()?;
        }
    }
    for run in 0..usize::from(options.runs) {
        // Neighbours change from run to run, so that no program always follows the same one.
        for offset in 0..programs.len() {
            let index = (run + offset) % programs.len();
            samples[index].push(programs[index].measure()?);
        }
    }
    let figures =
        programs.iter().zip(&samples).map(|(program, sample)| program.figures(sample)).collect::<Result<Vec<_>>>()?;
    print(&figures);
    let out = options.out.clone().unwrap_or_else(|| target().join("bench-startup.json"));
    std::fs::write(&out, serde_json::to_string_pretty(&figures)? + "\n")
        .with_context(|| format!("cannot write {}", out.display()))?;
    println!("figures: {}", out.display());
    compare(&figures, &options.faster_than, counts);
    Ok(())
}

/// yeet first; the others are its peers.
fn programs(counts: &mut Counts) -> Result<Vec<Program>> {
    ensure!(yeet().exists(), "there is no {}: build it with `cargo build --release -p yeet`", yeet().display());
    if cfg!(not(all(target_arch = "x86_64", target_os = "linux"))) {
        bail!("the peers that bench/package.json locks are for x86_64 Linux");
    }
    if !root().join("bench/node_modules/.package-lock.json").exists() {
        check(
            command("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(root().join("bench")),
            counts,
        )?;
    }
    let module = |path: &str| root().join("bench/node_modules").join(path);
    let typescript = || vec!["run".to_owned(), "hello.ts".to_owned()];
    Ok(vec![
        Program { name: "yeet", path: yeet(), args: typescript() },
        Program { name: "deno", path: module("@deno/linux-x64-glibc/deno"), args: typescript() },
        Program { name: "bun", path: module("@oven/bun-linux-x64/bin/bun"), args: typescript() },
        // Node 20 runs no TypeScript.
        Program { name: "node", path: find("node")?, args: vec!["hello.mjs".into()] },
    ])
}

fn find(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(name)).find(|path| path.is_file());
    // A link is followed, so that the size is that of the program.
    found.and_then(|path| path.canonicalize().ok()).with_context(|| format!("there is no {name} in PATH"))
}

impl Program {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.args).current_dir(root().join(FOLDER)).stdin(Stdio::null());
        command.env("DENO_NO_UPDATE_CHECK", "1").env("NO_COLOR", "1");
        let limit = || {
            // SAFETY: alarm(2) is one system call without pointers. The timer outlives exec, and nobody here catches SIGALRM.
            unsafe { libc::alarm(HANGS) };
            Ok(())
        };
        // SAFETY: between fork and exec only that one system call is made.
        unsafe { command.pre_exec(limit) };
        command
    }

    /// Measuring a program that fails would be measuring nothing.
    fn greets(&self) -> Result<()> {
        let printed = output(&mut self.command())?;
        ensure!(printed == GREETING, "{} printed {printed:?} instead of {GREETING:?}", self.name);
        Ok(())
    }

    fn measure(&self) -> Result<Sample> {
        let mut command = self.command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot run {}", self.path.display()))?;
        let (mut status, pid) = (0, child.id().cast_signed());
        // SAFETY: an all-zero rusage is a valid value: it holds integers only.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: both pointers are to live values of the types that wait4 writes; the child is reaped here and nowhere else.
        let reaped = unsafe { libc::wait4(pid, &mut status, 0, &mut usage) };
        let time = start.elapsed();
        ensure!(reaped == pid && status == 0, "{} ended with status {status}", self.name);
        Ok(Sample {
            time_ms: time.as_secs_f64() * 1000.0,
            cpu_ms: milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
            peak_mib: usage.ru_maxrss as f64 / 1024.0,
        })
    }

    fn figures(&self, samples: &[Sample]) -> Result<Figures> {
        let spread = |value: fn(&Sample) -> f64| Spread::of(&samples.iter().map(value).collect::<Vec<_>>());
        let version = output(Command::new(&self.path).arg("--version"))?;
        Ok(Figures {
            name: self.name,
            version: version.lines().next().unwrap_or_default().trim().to_owned(),
            runs: samples.len(),
            time_ms: spread(|sample| sample.time_ms),
            cpu_ms: spread(|sample| sample.cpu_ms).median,
            peak_rss_mib: spread(|sample| sample.peak_mib).median,
            binary_mib: size_mib(&self.path)?,
        })
    }
}

fn milliseconds(time: libc::timeval) -> f64 {
    time.tv_sec as f64 * 1000.0 + time.tv_usec as f64 / 1000.0
}

fn size_mib(path: &Path) -> Result<f64> {
    Ok(std::fs::metadata(path)?.len() as f64 / (1 << 20) as f64)
}

fn print(figures: &[Figures]) {
    let heads = ["median ms", "p10 ms", "p90 ms", "ratio", "cpu ms", "peak MiB", "file MiB"];
    println!("{:<6}{}  version", "", heads.map(|head| format!("{head:>10}")).concat());
    let own = figures[0].time_ms.median;
    for figure in figures {
        let Figures { name, version, time_ms, cpu_ms, peak_rss_mib, binary_mib, .. } = figure;
        let Spread { median, p10, p90 } = *time_ms;
        let ratio = median / own;
        print!("{name:<6}{median:>10.1}{p10:>10.1}{p90:>10.1}{ratio:>10.2}");
        println!("{cpu_ms:>10.1}{peak_rss_mib:>10.1}{binary_mib:>10.1}  {version}");
    }
}

fn compare(figures: &[Figures], with: &[String], counts: &mut Counts) {
    let own = figures[0].time_ms.median;
    for peer in figures.iter().filter(|figure| with.iter().any(|name| name == figure.name)) {
        let faster = own < peer.time_ms.median;
        counts.check(&format!("faster than {}", peer.name), faster);
        println!("yeet is {} than {}", if faster { "faster" } else { "NOT faster" }, peer.name);
    }
}
