//! One run of one target.

use std::fs::{File, create_dir_all};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::build;
use super::target::{Language, Target};
use crate::command::{command, shown};
use crate::count::Counts;
use crate::workspace::{files, root};

/// How a run ended.
pub(super) struct Job {
    pub(super) name: &'static str,
    pub(super) cpu: Duration,
    pub(super) runs: u64,
    /// What it printed, where it did not end well.
    failure: Option<String>,
}

impl Job {
    pub(super) fn report(&self, counts: &mut Counts) {
        println!("{}: {} runs in {:.0} s of CPU time", self.name, self.runs, self.cpu.as_secs_f64());
        if let Some(failure) = &self.failure {
            println!("{failure}");
            println!("keep the input in fuzz/regressions/{} once it is mended", self.name);
        }
        counts.check(&format!("fuzz {}", self.name), self.failure.is_none());
    }
}

/// Input sizes beyond the largest fixture that is an input find nothing more.
pub(super) const LONGEST: u64 = 32_768;

pub(super) fn run(target: &Target, time: Duration) -> Result<Job> {
    for folder in [target.found(), target.findings()] {
        create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut command = match target.language {
        Language::Rust => libfuzzer(target, time)?,
        Language::TypeScript => node(target, time)?,
    };
    println!("$ {}", shown(&command));
    let log = File::create(target.log()).with_context(|| format!("cannot write {}", target.log().display()))?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    end_with_parent(&mut command);
    let child = command.spawn().with_context(|| format!("cannot run {}", shown(&command)))?;
    // A fuzzer ends by itself; one that hangs is ended, and that is a finding too.
    let (ended_well, cpu) = wait(child, time + time / 2 + Duration::from_secs(120))?;
    let log = std::fs::read_to_string(target.log()).unwrap_or_else(|_| "its log is no text".to_owned());
    let last: Vec<&str> = log.lines().rev().take(60).collect();
    Ok(Job {
        name: target.name,
        cpu,
        runs: runs(&log),
        failure: (!ended_well).then(|| last.into_iter().rev().collect::<Vec<_>>().join("\n")),
    })
}

fn libfuzzer(target: &Target, time: Duration) -> Result<Command> {
    let mut fuzzer = command(build::binary(target.name), &[]);
    fuzzer
        .arg(format!("-max_total_time={}", time.as_secs().max(1)))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-artifact_prefix={}/", target.findings().display()))
        .args(["-timeout=30", "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0"])
        .args(inputs(target)?)
        // LeakSanitizer traces the process that it looks at, which containers forbid.
        .env("ASAN_OPTIONS", "detect_leaks=0");
    Ok(fuzzer)
}

fn node(target: &Target, time: Duration) -> Result<Command> {
    let mut fuzzer = command("node", &["--import", "tsx", "tests/fuzz/main.ts", target.name]);
    let seconds = time.as_secs().max(1);
    fuzzer.arg("--seconds").arg(seconds.to_string()).arg("--findings").arg(target.findings()).args(inputs(target)?);
    Ok(fuzzer)
}

/// Folders with inputs; what is found goes to the first.
fn inputs(target: &Target) -> Result<Vec<PathBuf>> {
    let mut folders = vec![target.found(), target.corpus(), target.regressions()];
    if target.takes_objects {
        let objects = files(&["crates/yeet-bpf/tests/fixtures", "tests/fixtures"], |name| name.ends_with(".bpf.o"))?;
        ensure!(!objects.is_empty(), "there is no fixture below {}", root().display());
        folders.extend(objects.iter().filter_map(|path| path.parent()).map(Path::to_path_buf));
        folders.dedup();
    }
    folders.retain(|folder| folder.is_dir());
    Ok(folders)
}

/// Ctrl-C reaches the fuzzers by themselves; nothing else that ends this process may leave them behind.
fn end_with_parent(command: &mut Command) {
    // SAFETY: between fork and exec only prctl is called, which needs no lock and no memory.
    unsafe {
        command.pre_exec(|| {
            nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)?;
            Ok(())
        });
    }
}

/// Waits, at most so long, and gives whether it ended with success and the CPU time it took.
fn wait(mut child: Child, limit: Duration) -> Result<(bool, Duration)> {
    let end = Instant::now() + limit;
    loop {
        // SAFETY: a rusage is numbers alone; the pointers are to values of this function.
        let (pid, status, usage) = unsafe {
            let (mut status, mut usage) = (0, std::mem::zeroed::<libc::rusage>());
            (libc::wait4(child.id().cast_signed(), &mut status, libc::WNOHANG, &mut usage), status, usage)
        };
        ensure!(pid >= 0, "cannot wait for a fuzzer: {}", std::io::Error::last_os_error());
        if pid > 0 {
            let time = |of: libc::timeval| Duration::new(of.tv_sec.unsigned_abs(), of.tv_usec as u32 * 1000);
            let ended_well = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0;
            return Ok((ended_well, time(usage.ru_utime) + time(usage.ru_stime)));
        }
        if Instant::now() > end {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// How many inputs were run, as either fuzzer prints it at its end.
fn runs(log: &str) -> u64 {
    let number = |line: &str| {
        let libfuzzer = line.strip_prefix("stat::number_of_executed_units:").map(str::trim);
        let own = line.split_once(" runs, ").and_then(|(before, _)| before.rsplit(' ').next());
        libfuzzer.or(own)?.parse().ok()
    };
    log.lines().rev().find_map(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_from_either_fuzzer() {
        assert_eq!(
            runs("Done 7 runs in 2 second(s)\nstat::number_of_executed_units: 4711\nstat::peak_rss_mb: 9"),
            4711
        );
        assert_eq!(runs("codec: 5 of 9 inputs\ncodec: 2430 runs, 120 inputs, 843 blocks\n"), 2430);
        assert_eq!(runs("Segmentation fault"), 0);
    }

    #[test]
    fn a_job_tells_how_it_ended_and_what_it_took() {
        let run = |script| wait(Command::new("sh").args(["-c", script]).spawn().unwrap(), Duration::from_secs(30));
        let (ended_well, cpu) = run("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done").unwrap();
        assert!(ended_well && cpu > Duration::ZERO);
        assert!(!run("exit 3").unwrap().0 && !run("kill -9 $$").unwrap().0);
        let sleeper = Command::new("sleep").arg("60").spawn().unwrap();
        assert!(!wait(sleeper, Duration::from_millis(1)).unwrap().0, "killed when its time was up");
    }
}
