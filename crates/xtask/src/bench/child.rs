//! Programs that are measured: how long, how much CPU, how much memory.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::command::shown;

/// After this a program that hangs is killed.
const HANGS: Duration = Duration::from_secs(120);

/// A program that runs, its standard output piped.
pub(crate) struct Running {
    child: Child,
    name: String,
    out: BufReader<ChildStdout>,
    errors: File,
    start: Instant,
}

/// One that has ended well.
pub(crate) struct Ended {
    /// What it printed since the last line that was read.
    pub(crate) output: String,
    /// From start to reaped.
    pub(crate) wall: Duration,
    /// All threads, user and system.
    pub(crate) cpu: Duration,
    pub(crate) peak_mib: f64,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        Self::start_within(command, HANGS)
    }

    /// For a program that takes up to `limit`, after which it is killed.
    pub(crate) fn start_within(command: &mut Command, limit: Duration) -> Result<Self> {
        let seconds = u32::try_from(limit.as_secs())?;
        let name = shown(command);
        let errors = tempfile::tempfile()?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors.try_clone()?);
        let limit = move || {
            // SAFETY: alarm(2) is one system call without pointers. The timer outlives exec, and none of the programs catches SIGALRM.
            unsafe { libc::alarm(seconds) };
            Ok(())
        };
        // SAFETY: between fork and exec only that one system call is made.
        unsafe { command.pre_exec(limit) };
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| format!("cannot run {name}"))?;
        let out = BufReader::new(child.stdout.take().context("no pipe")?);
        Ok(Self { child, name, out, errors, start })
    }

    /// The next line and when it came, counted from the start.
    pub(crate) fn line(&mut self) -> Result<(String, Duration)> {
        let mut line = String::new();
        let read = self.out.read_line(&mut line)?;
        let time = self.start.elapsed();
        ensure!(read > 0, "{} ended without printing what was expected{}", self.name, self.complaint());
        Ok((line.trim_end().to_owned(), time))
    }

    pub(crate) fn expect(&mut self, text: &str) -> Result<()> {
        let (line, _) = self.line()?;
        ensure!(line == text, "{} printed {line:?} instead of {text:?}", self.name);
        Ok(())
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// CPU time so far, in the kernel's ticks of 10 ms.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The fields count from behind the name, which may hold anything: user time is the 12th there, system time the 13th.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: u64 = [11, 12].iter().filter_map(|&at| fields.get(at)?.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Resident memory now.
    pub(crate) fn rss_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }

    pub(crate) fn interrupt(&self) -> Result<()> {
        Ok(kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGINT)?)
    }

    /// Waits for its end, which must be one of success.
    pub(crate) fn finish(self) -> Result<Ended> {
        self.end(0)
    }

    /// Interrupts it; `code` is what it then exits with.
    pub(crate) fn end_with(self, code: i32) -> Result<Ended> {
        self.interrupt()?;
        self.end(code)
    }

    /// Waits for its end, which must have this code.
    pub(crate) fn end(mut self, code: i32) -> Result<Ended> {
        let mut output = String::new();
        self.out.read_to_string(&mut output)?;
        let mut status = 0;
        // SAFETY: an all-zero rusage is a valid value: it holds integers only.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        let pid = self.child.id().cast_signed();
        // SAFETY: both pointers are to live values of the types that wait4 writes; the child is reaped here and nowhere else.
        let reaped = unsafe { libc::wait4(pid, &mut status, 0, &mut usage) };
        let wall = self.start.elapsed();
        let good = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == code;
        ensure!(reaped == pid && good, "{} ended with status {status:#x}{}", self.name, self.complaint());
        let cpu = [usage.ru_utime, usage.ru_stime].map(|time| time.tv_sec as f64 + time.tv_usec as f64 / 1e6);
        let cpu = Duration::from_secs_f64(cpu.iter().sum());
        Ok(Ended { output, wall, cpu, peak_mib: usage.ru_maxrss as f64 / 1024.0 })
    }

    /// What it wrote on standard error, for messages.
    fn complaint(&self) -> String {
        let mut text = String::new();
        let mut errors = &self.errors;
        let read = errors.rewind().and_then(|()| errors.read_to_string(&mut text));
        if read.is_ok() && !text.is_empty() { format!(":\n{}", text.trim_end()) } else { String::new() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing to do where it has ended; where a check failed in between, it must not stay.
        let _ = self.child.kill();
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<Ended> {
    Running::start(command)?.finish()
}

/// Lines of a name and a number, as the programs print them.
pub(crate) fn figures(output: &str) -> HashMap<&str, f64> {
    output
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, value)| Some((name, value.parse().ok()?)))
        .collect()
}
