//! The three streams of a process: pipes, terminals, and the threads that read and write them.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::process::Stdio;
use std::thread::JoinHandle;

use anyhow::{Context as _, Result};
use nix::fcntl::{OFlag, open};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::stat::Mode;
use nix::sys::termios::{LocalFlags, OutputFlags, SetArg, tcgetattr, tcsetattr};

use crate::manifest::{Step, Stream};

pub(crate) fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(run).context("cannot start a thread")
}

/// The child's end and, where there is something to write or a terminal to keep open, ours.
pub(crate) fn stdin(step: &Step) -> Result<(Stdio, Option<File>)> {
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

pub(crate) fn output(step: &Step, stream: Stream) -> Result<(Stdio, Option<File>)> {
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

/// Reads up to `limit` bytes and gives each piece to `take`, until that says `false`. Then the reading end is closed.
pub(crate) fn reader(
    mut file: File,
    limit: usize,
    mut take: impl FnMut(&[u8]) -> bool + Send + 'static,
) -> Result<JoinHandle<()>> {
    thread("read", move || {
        let mut buffer = vec![0; 64 << 10];
        let mut left = limit;
        while left > 0 {
            let most = buffer.len().min(left);
            let count = match file.read(&mut buffer[..most]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                // A terminal gives EIO once the last process has closed it.
                Ok(0) | Err(_) => break,
                Ok(count) => count,
            };
            left -= count;
            if !take(&buffer[..count]) {
                break;
            }
        }
    })
}

/// Writes `text` from a thread of its own: a process that never reads must not hold up the harness.
pub(crate) fn feed(mut file: File, text: String, terminal: bool) -> Result<()> {
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
