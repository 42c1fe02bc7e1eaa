//! Writing text straight through to stdout and stderr.

use std::io;
use std::os::fd::RawFd;

use yeet_bpf::printable;

pub(crate) const STDOUT: RawFd = libc::STDOUT_FILENO;
pub(crate) const STDERR: RawFd = libc::STDERR_FILENO;

/// Writes all of `bytes`, waiting where the descriptor is non-blocking and its pipe full.
///
/// Goes round Rust's buffered stdout: what a script printed must be out before the next line of it runs, and nothing may be left to flush
/// when the process ends at once.
pub(crate) fn write_all(fd: RawFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        // SAFETY: the pointer and the length describe `bytes`, which outlives the call.
        let written = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        if let Ok(written) = usize::try_from(written) {
            bytes = &bytes[written..];
            continue;
        }
        let error = io::Error::last_os_error();
        match error.raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::EAGAIN) => wait_until_writable(fd),
            _ => return Err(error),
        }
    }
    Ok(())
}

/// Writes a line of our own to stderr, without the control characters of whatever it quotes. Nothing can be done when that fails.
pub(crate) fn error_line(text: &str) {
    let _ = write_all(STDERR, format!("{}\n", printable(text)).as_bytes());
}

pub(crate) fn is_terminal(fd: RawFd) -> bool {
    // SAFETY: isatty takes any integer.
    unsafe { libc::isatty(fd) == 1 }
}

/// Whether colours are wanted on this stream: a terminal, and nobody asked for plain text.
pub(crate) fn wants_colors(fd: RawFd) -> bool {
    is_terminal(fd)
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn wait_until_writable(fd: RawFd) {
    let mut poll = libc::pollfd { fd, events: libc::POLLOUT, revents: 0 };
    // SAFETY: one valid pollfd, as the count says. An error means only that the caller tries to write again.
    unsafe { libc::poll(&raw mut poll, 1, -1) };
}
