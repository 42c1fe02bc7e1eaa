//! The questions that a filter asks (seccomp_unotify(2)).

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

// From linux/seccomp.h: _IOWR('!', 0, struct seccomp_notif) and _IOWR('!', 1, struct seccomp_notif_resp).
const RECV: libc::c_ulong = 0xc050_2100;
const SEND: libc::c_ulong = 0xc018_2101;
const CONTINUE: u32 = 1;

/// Where questions arrive.
pub(crate) struct Listener(pub(crate) OwnedFd);

/// One stopped call.
pub(crate) struct Question(libc::seccomp_notif);

impl Question {
    pub(crate) fn number(&self) -> i32 {
        self.0.data.nr
    }

    pub(crate) fn argument(&self, index: usize) -> u64 {
        self.0.data.args[index]
    }
}

/// What arrived.
pub(crate) enum Arrival {
    Question(Question),
    Nothing,
    /// No process with the filter is left.
    Over,
}

impl Listener {
    pub(crate) fn next(&self, wait: Duration) -> io::Result<Arrival> {
        let timeout = PollTimeout::try_from(wait).unwrap_or(PollTimeout::MAX);
        let mut fds = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, timeout) {
            Ok(0) | Err(nix::Error::EINTR) => return Ok(Arrival::Nothing),
            Err(errno) => return Err(errno.into()),
            Ok(_) => {}
        }
        let events = fds[0].revents().unwrap_or(PollFlags::empty());
        if !events.contains(PollFlags::POLLIN) {
            return Ok(Arrival::Over);
        }
        // SAFETY: the structure is plain data, and the kernel wants it to be zero.
        let mut question: libc::seccomp_notif = unsafe { std::mem::zeroed() };
        // SAFETY: the request fills in one such structure.
        if unsafe { libc::ioctl(self.0.as_raw_fd(), RECV, &raw mut question) } == 0 {
            return Ok(Arrival::Question(Question(question)));
        }
        match io::Error::last_os_error() {
            // Who asked was killed meanwhile.
            error if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::EINTR)) => Ok(Arrival::Nothing),
            error => Err(error),
        }
    }

    /// Lets the call go on, or answers it with an errno. Who asked may be gone, and then nobody minds.
    pub(crate) fn answer(&self, question: &Question, errno: Option<i32>) {
        let mut answer = libc::seccomp_notif_resp {
            id: question.0.id,
            val: 0,
            error: -errno.unwrap_or(0),
            flags: if errno.is_some() { 0 } else { CONTINUE },
        };
        // SAFETY: the request reads one such structure.
        unsafe { libc::ioctl(self.0.as_raw_fd(), SEND, &raw mut answer) };
    }
}
