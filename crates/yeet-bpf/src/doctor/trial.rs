//! Trying: the smallest map and programs, and what a refusal of them means.

use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use libbpf_sys as sys;

use crate::diagnose::{Cause, Environment, Need, cause};
use crate::error::errno_name;
use crate::prints;

/// Why something cannot be had.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// The kernel or a mount lacks something; the reason, and the fix where there is one.
    Lacks(String, Option<String>),
    /// The kernel answered with this errno.
    Errno(i32, Need),
}

impl Refusal {
    pub(super) fn lacks(reason: impl Into<String>, fix: &str) -> Self {
        Self::Lacks(reason.into(), Some(fix.to_owned()))
    }

    /// As an error of `start()` would say it.
    pub(super) fn cause(&self, environment: &Environment, program: &str) -> Cause {
        let known = |reason: &str, fix: &str| Cause { reason: reason.to_owned(), fix: fix.to_owned() };
        match self {
            Self::Lacks(reason, fix) => known(reason, fix.as_deref().unwrap_or("use a kernel that has it")),
            Self::Errno(libc::EPERM | libc::EACCES, need) => cause(environment, *need, program),
            Self::Errno(libc::EMFILE | libc::ENFILE, _) => {
                known("too many files are open", "raise the limit with ulimit -n")
            }
            Self::Errno(libc::ENOSYS, _) => {
                known("this kernel is built without BPF", "use a kernel with CONFIG_BPF_SYSCALL")
            }
            Self::Errno(libc::EINVAL, _) => known("this kernel does not know it", "use a newer kernel"),
            Self::Errno(errno, _) => {
                known(&format!("the kernel refuses it ({})", errno_name(*errno)), "look into the kernel's log (dmesg)")
            }
        }
    }
}

pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// Turns libbpf's convention, a descriptor or a negative `errno`, into a result.
fn owned(fd: i32, need: Need) -> Result<OwnedFd> {
    if fd < 0 {
        return Err(Refusal::Errno(-fd, need));
    }
    // SAFETY: the descriptor is new and ours alone.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Creates an array of one entry.
pub(super) fn map() -> Result<OwnedFd> {
    // SAFETY: name and null options live during the call.
    let fd = unsafe { sys::bpf_map_create(sys::BPF_MAP_TYPE_ARRAY, c"doctor".as_ptr(), 4, 4, 1, ptr::null()) };
    owned(fd, Need::Load)
}

/// A program that returns 0.
pub(super) struct Program {
    pub(super) prog_type: sys::bpf_prog_type,
    pub(super) attach_type: sys::bpf_attach_type,
    /// The hook, for types whose programs have to name one from the kernel's BTF.
    pub(super) target: Option<&'static CStr>,
    pub(super) need: Need,
}

impl Program {
    pub(super) const fn new(prog_type: sys::bpf_prog_type, need: Need) -> Self {
        Self { prog_type, attach_type: 0, target: None, need }
    }

    pub(super) fn load(&self) -> Result<OwnedFd> {
        let instruction = |code| sys::bpf_insn { code, ..Default::default() };
        const MOVE_CONSTANT: u8 = 0xb7;
        const EXIT: u8 = 0x95;
        let program = [instruction(MOVE_CONSTANT), instruction(EXIT)];
        let mut options = sys::bpf_prog_load_opts {
            sz: size_of::<sys::bpf_prog_load_opts>() as u64,
            expected_attach_type: self.attach_type,
            attach_btf_id: self.target_id()?,
            ..Default::default()
        };
        // SAFETY: instructions, name, licence and options live during the call.
        let fd = unsafe {
            let (name, licence) = (c"doctor".as_ptr(), c"GPL".as_ptr());
            sys::bpf_prog_load(self.prog_type, name, licence, program.as_ptr(), 2, &mut options)
        };
        owned(fd, self.need)
    }

    fn target_id(&self) -> Result<u32> {
        let Some(target) = self.target else { return Ok(0) };
        // SAFETY: the name lives during the call.
        let (id, _) = prints::collect(|| unsafe { sys::libbpf_find_vmlinux_btf_id(target.as_ptr(), self.attach_type) });
        u32::try_from(id).map_err(|_| {
            let reason = format!("the kernel's BTF cannot be read ({})", errno_name(-id));
            Refusal::lacks(reason, "use a kernel with CONFIG_DEBUG_INFO_BTF")
        })
    }
}

/// Attaches to a raw tracepoint; without a name, to the one that the program was loaded for.
pub(super) fn raw_tracepoint(program: BorrowedFd<'_>, name: Option<&CStr>) -> Result<OwnedFd> {
    let name = name.map_or(ptr::null(), CStr::as_ptr);
    // SAFETY: the name lives during the call.
    owned(unsafe { sys::bpf_raw_tracepoint_open(name, program.as_raw_fd()) }, Need::Attach)
}
