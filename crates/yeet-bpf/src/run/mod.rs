//! Running a program by hand (BPF_PROG_TEST_RUN), which is how its author tests it.

mod runs;
mod takes;

use std::ffi::c_void;
use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr;
use std::time::Duration;

use libbpf_sys as sys;

use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::sys::ENOTSUPP;
pub(crate) use runs::Runs;
use takes::Ctx;

/// How much longer than what went in a packet may come out: what `bpf_skb_change_tail` and its kin can add.
const ROOM: usize = 64 << 10;
/// Bytes; more than any argument that the kernel gives back.
const CTX_ROOM: usize = 1024;

/// What a program is run with.
#[derive(Clone, Debug, Default)]
pub struct RunSpec {
    /// The packet, for programs that see one.
    pub data: Option<Vec<u8>>,
    /// The program's argument.
    pub ctx: Option<Vec<u8>>,
    /// How often it runs; `None` for what the kernel does by itself, which is once.
    pub repeat: Option<u32>,
    /// The CPU to run on, where the kernel lets one choose.
    pub cpu: Option<u32>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// What the program returned, the last time.
    pub return_value: i32,
    /// The mean of all runs in nanoseconds' precision; zero for program types that the kernel does not time.
    pub duration: Duration,
    /// The packet as the program left it; `None` for programs that see none.
    pub data: Option<Vec<u8>>,
    /// The argument as the program left it, where one was given and the kernel gives it back.
    pub ctx: Option<Vec<u8>>,
}

/// A loaded program, to be run by hand. It stays loaded for as long as this is held.
#[derive(Debug)]
pub struct Runnable {
    name: String,
    prog_type: String,
    fd: OwnedFd,
    runs: Runs,
}

impl Runnable {
    pub(crate) fn new(name: &str, prog_type: &str, fd: OwnedFd, runs: Runs) -> Self {
        Self { name: name.to_owned(), prog_type: prog_type.to_owned(), fd, runs }
    }

    /// Runs the program, on this thread. Stopping the object ends it: a signal without effect interrupts the system call.
    ///
    /// # Errors
    /// `Unsupported` for types of programs that the kernel does not run by hand, `InvalidOpts` where it refuses what the program is run with,
    /// `Stopped` where the object was stopped meanwhile.
    pub fn run(&self, spec: &RunSpec) -> Result<Ran> {
        let Some(takes) = takes::of(&self.prog_type) else { return Err(self.unsupported()) };
        takes.check(spec).map_err(|reason| self.fail(Kind::InvalidOpts, &reason))?;
        let mut data_out = spec.data.as_ref().filter(|_| takes.gives_data).map(|data| vec![0; data.len() + ROOM]);
        let mut ctx_in = spec.ctx.clone();
        let comes_back = matches!(takes.ctx, Ctx::InOut | Ctx::Needed);
        let mut ctx_out = spec.ctx.as_ref().filter(|_| comes_back).map(|ctx| vec![0; ctx.len().max(CTX_ROOM)]);
        let mut options = sys::bpf_test_run_opts {
            sz: size_of::<sys::bpf_test_run_opts>() as u64,
            data_in: pointer(spec.data.as_ref()),
            data_size_in: length(spec.data.as_ref()),
            data_out: pointer_mut(data_out.as_mut()),
            data_size_out: length(data_out.as_ref()),
            ctx_in: pointer_mut(ctx_in.as_mut()),
            ctx_size_in: length(ctx_in.as_ref()),
            ctx_out: pointer_mut(ctx_out.as_mut()),
            ctx_size_out: length(ctx_out.as_ref()),
            repeat: spec.repeat.map_or(0, |repeat| i32::try_from(repeat).unwrap_or(i32::MAX)),
            flags: if spec.cpu.is_some() { sys::BPF_F_TEST_RUN_ON_CPU } else { 0 },
            cpu: spec.cpu.unwrap_or(0),
            ..Default::default()
        };
        let Some(running) = self.runs.enter() else { return Err(self.stopped()) };
        // SAFETY: the program is loaded; every buffer lives during the call and is as long as the options say, and these tell their own size.
        let result = unsafe { sys::bpf_prog_test_run_opts(self.fd.as_raw_fd(), &mut options) };
        drop(running);
        if result < 0 {
            return Err(self.refusal(spec, -result));
        }
        if let Some(data) = &mut data_out {
            data.truncate(options.data_size_out as usize);
        }
        if let Some(ctx) = &mut ctx_out {
            ctx.truncate(options.ctx_size_out as usize);
        }
        Ok(Ran {
            return_value: options.retval.cast_signed(),
            duration: Duration::from_nanos(options.duration.into()),
            data: data_out,
            ctx: if takes.ctx == Ctx::InPlace { ctx_in } else { ctx_out },
        })
    }

    fn refusal(&self, spec: &RunSpec, errno: i32) -> Error {
        let (kind, reason) = match errno {
            libc::EPERM | libc::EACCES => {
                return permission_denied(&self.what(), Need::Attach).with_program(&self.name);
            }
            ENOTSUPP | libc::EOPNOTSUPP => return self.unsupported().with_errno(errno),
            libc::EINTR if self.runs.is_stopped() => return self.stopped().with_errno(errno),
            libc::EINTR => (Kind::Io, "a signal ended it"),
            libc::EINVAL => (Kind::InvalidOpts, invalid(spec)),
            libc::ENXIO if spec.cpu.is_some() => (Kind::InvalidOpts, "there is no such cpu online"),
            libc::ENODEV => (Kind::InvalidOpts, "there is no network interface with the index that ctx has"),
            libc::EAFNOSUPPORT => (Kind::InvalidOpts, "family of ctx has to be 2 (IPv4) or 10 (IPv6)"),
            libc::ENOSPC => (Kind::InvalidOpts, "the packet that comes out is longer than what the kernel gives back"),
            libc::ENOMEM => {
                (Kind::Io, "the kernel has not that much memory in one piece; are ctx and data that long on purpose?")
            }
            _ => (Kind::Io, "the kernel refuses it"),
        };
        self.fail(kind, &format!("{reason} ({})", errno_name(errno))).with_errno(errno)
    }

    fn unsupported(&self) -> Error {
        self.fail(
            Kind::Unsupported,
            "the kernel runs programs of these types by hand: xdp, sched_cls, socket_filter, cgroup_skb, lwt, flow_dissector, \
             sk_lookup, netfilter, raw_tracepoint and syscall",
        )
    }

    fn stopped(&self) -> Error {
        self.fail(Kind::Stopped, "its object was stopped")
    }

    fn fail(&self, kind: Kind, reason: &str) -> Error {
        Error::new(kind, format!("{}: {reason}", self.what())).with_program(&self.name)
    }

    fn what(&self) -> String {
        format!("cannot run program '{}' (type {})", self.name, self.prog_type)
    }
}

/// What EINVAL means for options that fit the program's type.
fn invalid(spec: &RunSpec) -> &'static str {
    match (&spec.data, &spec.ctx) {
        (Some(_), Some(_)) => "the kernel refuses ctx, of which it takes few members, or the length of data",
        (Some(_), None) => {
            "the kernel refuses data: some types need an IP header in it, some take about 3,500 bytes at most"
        }
        (None, Some(_)) => "the kernel refuses ctx; it is shorter than what the program reads of it, or too long",
        (None, None) => "ctx is missing; the program reads of it",
    }
}

fn pointer(bytes: Option<&Vec<u8>>) -> *const c_void {
    bytes.map_or(ptr::null(), |bytes| bytes.as_ptr().cast())
}

fn pointer_mut(bytes: Option<&mut Vec<u8>>) -> *mut c_void {
    bytes.map_or(ptr::null_mut(), |bytes| bytes.as_mut_ptr().cast())
}

fn length(bytes: Option<&Vec<u8>>) -> u32 {
    bytes.map_or(0, |bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX))
}
