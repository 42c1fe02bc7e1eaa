//! What the pump thread waits on: an epoll set, an eventfd that ends the wait, and signals that are left to other threads.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Duration;
use std::{mem, ptr};

use super::{Errno, check_fd};

/// An eventfd: set once, readable ever after.
pub(crate) struct EventFd(OwnedFd);

impl EventFd {
    pub(crate) fn new() -> Result<Self, Errno> {
        // SAFETY: takes no pointer.
        let fd = check_fd(unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) })?;
        // SAFETY: `fd` is new and ours alone.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    pub(crate) fn set(&self) {
        let one = 1_u64;
        // SAFETY: the buffer is the eight bytes that an eventfd takes. It can only fail when it is set already 2^64 - 2 times.
        unsafe { libc::write(self.0.as_raw_fd(), ptr::from_ref(&one).cast(), size_of::<u64>()) };
    }

    /// Sleeps for `time`, or less when the eventfd is set meanwhile; says whether it is set.
    pub(crate) fn sleep(&self, time: Duration) -> Result<bool, Errno> {
        let mut poll = libc::pollfd { fd: self.0.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        let time = libc::timespec {
            tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: time.subsec_nanos().into(),
        };
        // SAFETY: one pollfd and one timespec that outlive the call; no signal mask.
        let ready = unsafe { libc::ppoll(&mut poll, 1, &time, ptr::null()) };
        match ready {
            0 => Ok(false),
            1.. => Ok(true),
            _ => match Errno::last() {
                Errno(libc::EINTR) => Ok(false),
                errno => Err(errno),
            },
        }
    }
}

/// A level-triggered epoll set; every descriptor in it is known by a number of the caller's.
pub(crate) struct Epoll(OwnedFd);

impl Epoll {
    pub(crate) fn new() -> Result<Self, Errno> {
        // SAFETY: takes no pointer.
        let fd = check_fd(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) })?;
        // SAFETY: `fd` is new and ours alone.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    pub(crate) fn add(&self, fd: BorrowedFd<'_>, token: u64) -> Result<(), Errno> {
        let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: token };
        // SAFETY: both descriptors are open and `event` outlives the call.
        check_fd(unsafe { libc::epoll_ctl(self.0.as_raw_fd(), libc::EPOLL_CTL_ADD, fd.as_raw_fd(), &mut event) })?;
        Ok(())
    }

    pub(crate) fn remove(&self, fd: BorrowedFd<'_>) -> Result<(), Errno> {
        // SAFETY: the kernel ignores the event of a removal.
        check_fd(unsafe { libc::epoll_ctl(self.0.as_raw_fd(), libc::EPOLL_CTL_DEL, fd.as_raw_fd(), ptr::null_mut()) })?;
        Ok(())
    }

    /// Waits without a limit and puts the tokens of what is readable into `ready`.
    pub(crate) fn wait(&self, ready: &mut Vec<u64>) -> Result<(), Errno> {
        const AT_ONCE: usize = 64;
        ready.clear();
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; AT_ONCE];
        // SAFETY: `events` has room for AT_ONCE entries.
        let count = unsafe { libc::epoll_wait(self.0.as_raw_fd(), events.as_mut_ptr(), AT_ONCE as i32, -1) };
        match usize::try_from(count) {
            Ok(count) => {
                ready.extend(events[..count].iter().map(|event| event.u64));
                Ok(())
            }
            Err(_) => match Errno::last() {
                Errno(libc::EINTR) => Ok(()),
                errno => Err(errno),
            },
        }
    }
}

/// Keeps every signal away from the calling thread, so that handlers run on the threads that expect them.
pub(crate) fn block_signals() {
    // SAFETY: an all-zero sigset_t is a valid value to fill in.
    let mut all: libc::sigset_t = unsafe { mem::zeroed() };
    // SAFETY: `all` outlives both calls, and the mask is that of this thread alone.
    unsafe {
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &all, ptr::null_mut());
    }
}

/// Lets the calling thread's short sleeps end within `slack` of their time instead of the usual 50 µs.
pub(crate) fn set_timer_slack(slack: Duration) {
    let nanos = libc::c_ulong::try_from(slack.as_nanos()).unwrap_or(libc::c_ulong::MAX);
    // SAFETY: takes numbers only and affects this thread alone. When it fails, sleeps are less exact and nothing else changes.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, nanos) };
}
