//! Seccomp filters, written by hand: they are a dozen instructions.

use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

use libc::{
    BPF_ABS, BPF_JEQ, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_RET, BPF_W, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO,
    SECCOMP_RET_USER_NOTIF, sock_filter, sock_fprog,
};

/// A kind of system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Bpf,
    PerfEventOpen,
    EpollCtl,
    EpollWait,
    /// Shared mappings only: rings, sections and perf events. Private memory is the allocator's and V8's, and without it they abort.
    Mmap,
    Openat,
}

impl Call {
    pub const ALL: [Self; 6] =
        [Self::Bpf, Self::PerfEventOpen, Self::EpollCtl, Self::EpollWait, Self::Mmap, Self::Openat];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Bpf => "bpf",
            Self::PerfEventOpen => "perf_event_open",
            Self::EpollCtl => "epoll_ctl",
            Self::EpollWait => "epoll_wait",
            Self::Mmap => "mmap",
            Self::Openat => "openat",
        }
    }

    /// The C library is free to use the newer of two calls.
    fn numbers(self) -> &'static [libc::c_long] {
        match self {
            Self::Bpf => &[libc::SYS_bpf],
            Self::PerfEventOpen => &[libc::SYS_perf_event_open],
            Self::EpollCtl => &[libc::SYS_epoll_ctl],
            Self::EpollWait => &[libc::SYS_epoll_wait, libc::SYS_epoll_pwait],
            Self::Mmap => &[libc::SYS_mmap],
            Self::Openat => &[libc::SYS_openat, libc::SYS_open],
        }
    }

    pub(crate) fn is(self, number: i32) -> bool {
        self.numbers().iter().any(|own| *own == libc::c_long::from(number))
    }
}

/// Offsets in `struct seccomp_data`.
const NUMBER: u32 = 0;
const fn argument(index: u32) -> u32 {
    16 + 8 * index
}

const fn statement(code: u32, k: u32) -> sock_filter {
    sock_filter { code: code as u16, jt: 0, jf: 0, k }
}

const fn jump(kind: u32, k: u32, then: u8, otherwise: u8) -> sock_filter {
    sock_filter { code: (BPF_JMP | kind | BPF_K) as u16, jt: then, jf: otherwise, k }
}

const fn load(offset: u32) -> sock_filter {
    statement(BPF_LD | BPF_W | BPF_ABS, offset)
}

const fn answer(verdict: u32) -> sock_filter {
    statement(BPF_RET | BPF_K, verdict)
}

/// Asks at the call and at writes to stdout.
fn asking(call: Call) -> Vec<sock_filter> {
    let mut program = vec![load(NUMBER)];
    for number in call.numbers() {
        match call {
            Call::Mmap => program.extend([
                jump(BPF_JEQ, *number as u32, 0, 4),
                load(argument(3)),
                jump(BPF_JSET, libc::MAP_SHARED as u32, 0, 1),
                answer(SECCOMP_RET_USER_NOTIF),
                answer(SECCOMP_RET_ALLOW),
            ]),
            _ => program.extend([jump(BPF_JEQ, *number as u32, 0, 1), answer(SECCOMP_RET_USER_NOTIF)]),
        }
    }
    program.extend([
        jump(BPF_JEQ, libc::SYS_write as u32, 0, 3),
        load(argument(0)),
        jump(BPF_JEQ, 1, 0, 1),
        answer(SECCOMP_RET_USER_NOTIF),
        answer(SECCOMP_RET_ALLOW),
    ]);
    program
}

/// Installs it for the calling process; the descriptor is where the questions arrive.
pub(crate) fn install(call: Call) -> io::Result<OwnedFd> {
    let listener = set(&mut asking(call), libc::SECCOMP_FILTER_FLAG_NEW_LISTENER)?;
    // SAFETY: the descriptor is new and ours alone.
    Ok(unsafe { OwnedFd::from_raw_fd(listener as i32) })
}

/// Makes a kind of call fail with EPERM for the calling process and those it will start.
///
/// # Errors
/// What the kernel says; it takes root.
pub fn deny(call: Call) -> io::Result<()> {
    let mut program = vec![load(NUMBER)];
    for number in call.numbers() {
        program.push(jump(BPF_JEQ, *number as u32, 0, 1));
        program.push(answer(SECCOMP_RET_ERRNO | libc::EPERM as u32));
    }
    program.push(answer(SECCOMP_RET_ALLOW));
    set(&mut program, 0).map(drop)
}

fn set(program: &mut [sock_filter], flags: libc::c_ulong) -> io::Result<libc::c_long> {
    let program = sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
    // SAFETY: the program is as long as it says and lives during the call.
    let result = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
