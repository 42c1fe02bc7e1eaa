//! Running a program by hand (BPF_PROG_TEST_RUN), which is how its author tests it.

use std::ffi::c_void;
use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr;
use std::time::Duration;

use libbpf_sys as sys;

use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::sys::ENOTSUPP;

/// How much longer than what went in a packet may come out: what `bpf_xdp_adjust_head` and its kin can add.
const ROOM: usize = 4096;

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
}

impl Runnable {
    pub(crate) fn new(name: &str, prog_type: &str, fd: OwnedFd) -> Self {
        Self { name: name.to_owned(), prog_type: prog_type.to_owned(), fd }
    }

    /// Runs the program, on this thread.
    ///
    /// # Errors
    /// `Unsupported` for types of programs that the kernel does not run by hand, `InvalidOpts` where it refuses what the program is run with.
    pub fn run(&self, spec: &RunSpec) -> Result<Ran> {
        let mut data_out = spec.data.as_ref().map(|data| vec![0; data.len() + ROOM]);
        // The kernel writes into the one that a program of type syscall is given, and takes no other.
        let mut ctx_in = spec.ctx.clone();
        let is_syscall = self.prog_type == "syscall";
        let mut ctx_out =
            ctx_in.as_ref().filter(|_| !is_syscall && self.gives_ctx_back()).map(|ctx| vec![0; ctx.len()]);
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
        // SAFETY: the program is loaded; every buffer lives during the call and is as long as the options say, and these tell their own size.
        let result = unsafe { sys::bpf_prog_test_run_opts(self.fd.as_raw_fd(), &mut options) };
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
            ctx: if is_syscall { ctx_in } else { ctx_out },
        })
    }

    /// The argument of a raw tracepoint is read only.
    fn gives_ctx_back(&self) -> bool {
        !self.prog_type.starts_with("raw_tracepoint")
    }

    fn refusal(&self, spec: &RunSpec, errno: i32) -> Error {
        let what = format!("cannot run program '{}' (type {})", self.name, self.prog_type);
        let (kind, reason) = match errno {
            libc::EPERM | libc::EACCES => {
                return permission_denied(&what, Need::Attach).with_errno(errno).with_program(&self.name);
            }
            ENOTSUPP | libc::EOPNOTSUPP => (
                Kind::Unsupported,
                "the kernel runs programs of these types by hand: xdp, sched_cls, socket_filter, cgroup_skb, flow_dissector, \
                 sk_lookup, netfilter, raw_tracepoint and syscall"
                    .to_owned(),
            ),
            libc::EINVAL => (Kind::InvalidOpts, self.invalid(spec)),
            libc::ENXIO if spec.cpu.is_some() => {
                (Kind::InvalidOpts, format!("there is no cpu {} online", spec.cpu.unwrap_or_default()))
            }
            libc::EFAULT | libc::ENOSPC => {
                (Kind::InvalidOpts, "the packet that comes out is longer than what the kernel gives back".to_owned())
            }
            libc::ENOMEM => {
                (Kind::Io, "the kernel has not that much memory in one piece; is ctx or data that long on purpose?".to_owned())
            }
            libc::EINTR => (Kind::Io, "a signal ended it".to_owned()),
            _ => (Kind::Io, "the kernel refuses it".to_owned()),
        };
        Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno))).with_errno(errno).with_program(&self.name)
    }

    /// What the kernel means by EINVAL, told by what it was given.
    fn invalid(&self, spec: &RunSpec) -> String {
        const ETHERNET_HEADER: usize = 14;
        let data = spec.data.as_ref().map(Vec::len);
        let sees_packets = !matches!(self.prog_type.as_str(), "syscall" | "raw_tracepoint" | "raw_tracepoint_writable");
        match (sees_packets, data) {
            (true, None) => "data is missing; it sees a packet, of at least 14 bytes".to_owned(),
            (true, Some(length)) if length < ETHERNET_HEADER => {
                format!("data has {length} bytes, but a packet has at least 14, those of its Ethernet header")
            }
            (true, Some(length)) if spec.ctx.is_some() => {
                format!("the kernel refuses ctx, of which it takes few members, or the length of data ({length} bytes)")
            }
            (true, Some(length)) => {
                format!(
                    "the kernel refuses data of {length} bytes; a packet for this type of program has about 3,500 at most on some kernels"
                )
            }
            (false, Some(_)) => "it takes ctx and no data".to_owned(),
            (false, None) if spec.repeat.is_some() => "it takes no repeat".to_owned(),
            (false, None) if spec.cpu.is_some() && self.prog_type == "syscall" => "it takes no cpu".to_owned(),
            (false, None) => {
                "the kernel refuses ctx; it is shorter than what the program reads of it, or too long".to_owned()
            }
        }
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
