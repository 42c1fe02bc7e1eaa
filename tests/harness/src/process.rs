//! One child process: its streams, what it printed so far, and how it ended.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, killpg, sigaction};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::manifest::{Step, Stream};
use crate::streams::{feed, output, reader, stdin, thread};

/// Output above this ends the process: a script that prints without end must not fill the memory of the harness.
pub const OUTPUT_LIMIT: usize = 64 << 20;

/// What the process did up to now.
#[derive(Debug, Default)]
pub struct State {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// The process has ended; it is reaped only by [`Running::finish`], so its id stays its own until then.
    pub exited: bool,
    pub too_much_output: bool,
}

/// [`State`] that threads wait on.
#[derive(Debug, Default)]
pub struct Watch {
    state: Mutex<State>,
    changed: Condvar,
}

impl Watch {
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn change(&self, with: impl FnOnce(&mut State)) {
        with(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits until `done` gives a value; `None` once `deadline` has passed.
    pub fn wait<T>(&self, deadline: Instant, mut done: impl FnMut(&State) -> Option<T>) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(value) = done(&state) {
                return Some(value);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            state = self.changed.wait_timeout(state, left).unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }
}

/// A started process, leader of its own session.
pub struct Running {
    pub pid: Pid,
    pub watch: Arc<Watch>,
    readers: Vec<JoinHandle<()>>,
    waiter: JoinHandle<()>,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub max_rss_kib: u64,
}

impl Running {
    /// Starts `command` with the streams that `step` asks for.
    pub fn spawn(mut command: Command, step: &Step) -> Result<Running> {
        let (stdin, input) = stdin(step)?;
        let (stdout, printed) = output(step, Stream::Stdout)?;
        let (stderr, errors) = output(step, Stream::Stderr)?;
        command.stdin(stdin).stdout(stdout).stderr(stderr);
        let terminal = step.tty.has(Stream::Stdin);
        // SAFETY: between fork and exec only system calls are made, which need no lock and no memory.
        unsafe {
            command.pre_exec(move || {
                // Whoever runs the tests may ignore signals, as a shell's background job does; what runs in them must not.
                let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
                for signal in [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM] {
                    sigaction(signal, &default)?;
                }
                SigSet::empty().thread_set_mask()?;
                nix::unistd::setsid()?;
                if terminal && libc::ioctl(0, libc::TIOCSCTTY, 0) < 0 {
                    return Err(std::io::Error::last_os_error());
                }
                Ok(())
            });
        }
        let program = command.get_program().to_owned();
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        // The command holds the child's ends of the streams: while they are open here, no reader sees the end.
        drop(command);
        let pid = Pid::from_raw(child.id().cast_signed());
        let watch = Arc::new(Watch::default());
        let mut readers = Vec::new();
        if let Some(file) = printed {
            let limit = step.closed_stdout.limit().unwrap_or(usize::MAX);
            readers.push(reader(file, limit, collect(watch.clone(), pid, |state| &mut state.stdout))?);
        }
        if let Some(file) = errors {
            readers.push(reader(file, usize::MAX, collect(watch.clone(), pid, |state| &mut state.stderr))?);
        }
        if let Some(file) = input {
            feed(file, step.stdin.clone().unwrap_or_default(), terminal)?;
        }
        let waiter = thread("wait", {
            let watch = watch.clone();
            move || {
                while let Err(nix::Error::EINTR) = waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {}
                watch.change(|state| state.exited = true);
            }
        })?;
        Ok(Running { pid, watch, readers, waiter })
    }

    /// CPU time that the process has used, all its threads together, ended ones too.
    pub fn cpu_time(pid: Pid) -> Result<Duration> {
        let clock = clock_getcpuclockid(pid).context("the process has no CPU clock")?;
        Ok(clock_gettime(clock)?.into())
    }

    pub fn kill(&self) {
        // Both fail only where everything they mean is gone already.
        let _ = killpg(self.pid, Signal::SIGKILL);
        let _ = kill(self.pid, Signal::SIGKILL);
    }

    /// Reaps the process and waits for the end of its streams. Call it once the process has exited and nothing holds them any more.
    pub fn finish(self) -> Result<Ended> {
        let mut status = 0;
        // SAFETY: an all-zero rusage is a valid value: it holds integers only.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: both pointers are to live values of the types that wait4 writes.
        let reaped = unsafe { libc::wait4(self.pid.as_raw(), &mut status, 0, &mut usage) };
        if reaped < 0 {
            return Err(std::io::Error::last_os_error()).context("wait4");
        }
        for thread in self.readers.into_iter().chain([self.waiter]) {
            thread.join().expect("a thread that reads a stream does not panic");
        }
        Ok(Ended { status: ExitStatus::from_raw(status), max_rss_kib: u64::try_from(usage.ru_maxrss).unwrap_or(0) })
    }
}

/// Adds what is read to one of the streams in [`State`], up to [`OUTPUT_LIMIT`].
fn collect(watch: Arc<Watch>, pid: Pid, stream: fn(&mut State) -> &mut Vec<u8>) -> impl FnMut(&[u8]) -> bool {
    move |bytes| {
        let mut fits = true;
        watch.change(|state| {
            fits = stream(state).len() + bytes.len() <= OUTPUT_LIMIT;
            if fits {
                stream(state).extend_from_slice(bytes);
            } else {
                state.too_much_output = true;
            }
        });
        if !fits {
            // Fails only where the process is gone already.
            let _ = killpg(pid, Signal::SIGKILL);
        }
        fits
    }
}
