//! One child process: its streams, what it printed so far, and how it ended.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::fcntl::{OFlag, open};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, killpg, sigaction};
use nix::sys::stat::Mode;
use nix::sys::termios::{LocalFlags, OutputFlags, SetArg, tcgetattr, tcsetattr};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::manifest::{Step, Stream};

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
            readers.push(reader(file, limit, watch.clone(), pid, |state| &mut state.stdout)?);
        }
        if let Some(file) = errors {
            readers.push(reader(file, usize::MAX, watch.clone(), pid, |state| &mut state.stderr)?);
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

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(run).context("cannot start a thread")
}

/// The child's end and, where there is something to write or a terminal to keep open, ours.
fn stdin(step: &Step) -> Result<(Stdio, Option<File>)> {
    if step.tty.has(Stream::Stdin) {
        let (ours, child) = terminal()?;
        return Ok((child.into(), Some(ours)));
    }
    if step.stdin.is_none() {
        return Ok((Stdio::null(), None));
    }
    let (read, write) = std::io::pipe()?;
    Ok((read.into(), Some(OwnedFd::from(write).into())))
}

fn output(step: &Step, stream: Stream) -> Result<(Stdio, Option<File>)> {
    if step.tty.has(stream) {
        let (ours, child) = terminal()?;
        return Ok((child.into(), Some(ours)));
    }
    let (read, write) = std::io::pipe()?;
    let closed = stream == Stream::Stdout && step.closed_stdout.limit() == Some(0);
    Ok((write.into(), (!closed).then(|| OwnedFd::from(read).into())))
}

/// A terminal without echo and without newline translation, so that what a program prints is read back unchanged.
fn terminal() -> Result<(File, OwnedFd)> {
    // Close-on-exec from the start: other cases fork at any moment, and an inherited end would keep the terminal open.
    let ours = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)
        .context("cannot open a terminal (/dev/ptmx)")?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let child = open(ptsname_r(&ours)?.as_str(), OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC, Mode::empty())?;
    let mut modes = tcgetattr(&child)?;
    modes.output_flags.remove(OutputFlags::OPOST);
    modes.local_flags.remove(LocalFlags::ECHO);
    tcsetattr(&child, SetArg::TCSANOW, &modes)?;
    let size = libc::winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCSWINSZ reads one winsize through the pointer, which lives until the call returns.
    if unsafe { libc::ioctl(child.as_raw_fd(), libc::TIOCSWINSZ, &size) } < 0 {
        return Err(std::io::Error::last_os_error()).context("cannot set the size of a terminal");
    }
    Ok((OwnedFd::from(ours).into(), child))
}

fn reader(
    mut file: File,
    limit: usize,
    watch: Arc<Watch>,
    pid: Pid,
    stream: fn(&mut State) -> &mut Vec<u8>,
) -> Result<JoinHandle<()>> {
    thread("read", move || {
        let mut buffer = vec![0; 64 << 10];
        let mut total = 0;
        while total < limit {
            let most = buffer.len().min(limit - total);
            let count = match file.read(&mut buffer[..most]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                // A terminal gives EIO once the last process has closed it.
                Ok(0) | Err(_) => break,
                Ok(count) => count,
            };
            total += count;
            if total > OUTPUT_LIMIT {
                watch.change(|state| state.too_much_output = true);
                let _ = killpg(pid, Signal::SIGKILL);
                break;
            }
            watch.change(|state| stream(state).extend_from_slice(&buffer[..count]));
        }
    })
}

/// Writes `text` from a thread of its own: a process that never reads must not hold up the harness.
fn feed(mut file: File, text: String, terminal: bool) -> Result<()> {
    thread("write", move || {
        // The process may end without reading everything; that is its choice.
        let _ = file.write_all(text.as_bytes());
        if terminal {
            let _ = file.write_all(b"\x04");
            // Reading ends with EIO when the process is gone: until then the terminal must not hang up.
            let _ = std::io::copy(&mut file, &mut std::io::sink());
        }
    })?;
    Ok(())
}
