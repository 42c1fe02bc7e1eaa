//! Perf events that carry what BPF programs put out.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use super::{Errno, check_fd};

/// The first version of `struct perf_event_attr`, which every kernel takes.
#[repr(C)]
#[derive(Default)]
struct Attr {
    type_: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup_events: u32,
    bp_type: u32,
    config1: u64,
}

// From linux/perf_event.h, which libc does not cover.
const TYPE_SOFTWARE: u32 = 1;
const TYPE_TRACEPOINT: u32 = 2;
const COUNT_SW_CPU_CLOCK: u64 = 0;
const COUNT_SW_BPF_OUTPUT: u64 = 10;
const SAMPLE_RAW: u64 = 1 << 10;
const FORMAT_LOST: u64 = 1 << 4;
const FLAG_FD_CLOEXEC: libc::c_ulong = 1 << 3;
const IOC_ENABLE: libc::c_ulong = 0x2400;
const IOC_SET_BPF: libc::c_ulong = 0x4004_2408;

/// One CPU's event for bpf_perf_event_output(), enabled, with a wake-up for every sample.
pub(crate) struct OutputEvent {
    fd: OwnedFd,
    counts_lost: bool,
}

impl OutputEvent {
    /// Fails with ENODEV where the CPU is not online.
    pub(crate) fn open(cpu: u32) -> Result<Self, Errno> {
        match open(cpu, FORMAT_LOST) {
            // Linux before 6.0 does not count lost samples by event.
            Err(Errno(libc::EINVAL)) => Ok(Self { fd: open(cpu, 0)?, counts_lost: false }),
            other => Ok(Self { fd: other?, counts_lost: true }),
        }
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    /// How many samples found no room since the event was opened, where the kernel tells.
    pub(crate) fn lost(&self) -> Option<u64> {
        if !self.counts_lost {
            return None;
        }
        // The value of the event, then the lost samples.
        let mut counts = [0_u64; 2];
        // SAFETY: the buffer is as long as the kernel is told.
        let read = unsafe { libc::read(self.fd.as_raw_fd(), counts.as_mut_ptr().cast(), size_of_val(&counts)) };
        (read == 16).then_some(counts[1])
    }

    /// Lets samples in. To be called once the memory is mapped.
    pub(crate) fn enable(&self) -> Result<(), Errno> {
        // SAFETY: the request takes a number.
        check_fd(unsafe { libc::ioctl(self.fd.as_raw_fd(), IOC_ENABLE, 0) })?;
        Ok(())
    }
}

fn open(cpu: u32, read_format: u64) -> Result<OwnedFd, Errno> {
    let attr = Attr {
        type_: TYPE_SOFTWARE,
        size: size_of::<Attr>() as u32,
        config: COUNT_SW_BPF_OUTPUT,
        sample_period: 1,
        sample_type: SAMPLE_RAW,
        read_format,
        wakeup_events: 1,
        ..Attr::default()
    };
    open_attr(&attr, cpu)
}

/// Opens an event of the kernel's clock on the first CPU, to see whether that is allowed.
pub(crate) fn try_clock() -> Result<(), Errno> {
    let attr =
        Attr { type_: TYPE_SOFTWARE, size: size_of::<Attr>() as u32, config: COUNT_SW_CPU_CLOCK, ..Attr::default() };
    open_attr(&attr, 0).map(drop)
}

/// Attaches a program to a tracepoint, by its number in tracefs, and takes it away again.
pub(crate) fn try_tracepoint(id: u64, program: BorrowedFd<'_>) -> Result<(), Errno> {
    let attr = Attr {
        type_: TYPE_TRACEPOINT,
        size: size_of::<Attr>() as u32,
        config: id,
        sample_period: 1,
        ..Attr::default()
    };
    let event = open_attr(&attr, 0)?;
    // SAFETY: the request takes a descriptor, as a number.
    check_fd(unsafe { libc::ioctl(event.as_raw_fd(), IOC_SET_BPF, program.as_raw_fd()) })?;
    Ok(())
}

/// Opens an event for every process on one CPU.
fn open_attr(attr: &Attr, cpu: u32) -> Result<OwnedFd, Errno> {
    let any_process: libc::pid_t = -1;
    let no_group: libc::c_int = -1;
    let cpu = libc::c_int::try_from(cpu).map_err(|_| Errno(libc::ENODEV))?;
    // SAFETY: `attr` is as long as its `size` says and outlives the call.
    let fd = unsafe {
        libc::syscall(libc::SYS_perf_event_open, ptr::from_ref(attr), any_process, cpu, no_group, FLAG_FD_CLOEXEC)
    };
    let fd = check_fd(libc::c_int::try_from(fd).unwrap_or(-1))?;
    // SAFETY: the descriptor is new and ours alone.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
