//! Does this kernel let several user-space probes share one link?

use std::ffi::c_ulong;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::sync::OnceLock;

use libbpf_sys as sys;

use super::super::link;

/// What this kernel's shared links can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SharedLinks {
    /// There are none; they came with 6.6.
    None,
    /// A pid is taken for that of a thread, until 6.10.
    WithoutPid,
    Full,
}

/// Tried once.
pub(super) fn shared_links() -> SharedLinks {
    static ANSWER: OnceLock<SharedLinks> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        // A kernel that filters well notices a pid that cannot be before it notices the folder.
        match (refusal(sys::BPF_TRACE_UPROBE_MULTI, 0), refusal(sys::BPF_TRACE_UPROBE_MULTI, u32::MAX)) {
            (Some(libc::EBADF), Some(libc::EINVAL)) => SharedLinks::Full,
            (Some(libc::EBADF), _) => SharedLinks::WithoutPid,
            _ => SharedLinks::None,
        }
    })
}

/// Can several probes share a link?
pub(crate) fn shares_links() -> bool {
    shared_links() != SharedLinks::None
}

/// Has it programs that run at entry and return both? Tried once.
pub(super) fn has_sessions() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| refusal(sys::BPF_TRACE_UPROBE_SESSION, 0) == Some(libc::EBADF))
}

/// With which errno the kernel refuses to link a program to a folder, which is no binary: EBADF where it knows such links.
fn refusal(attach_type: sys::bpf_attach_type, pid: u32) -> Option<i32> {
    let program = program(attach_type)?;
    let offset: c_ulong = 0;
    let mut options = link::options();
    options.__bindgen_anon_1.uprobe_multi = sys::bpf_link_create_opts__bindgen_ty_1__bindgen_ty_3 {
        path: c"/".as_ptr(),
        offsets: &offset,
        cnt: 1,
        pid,
        ..Default::default()
    };
    link::create(program.as_fd(), -1, attach_type, &options).err()
}

fn program(attach_type: sys::bpf_attach_type) -> Option<OwnedFd> {
    let instruction = |code| sys::bpf_insn { code, ..Default::default() };
    const MOVE_CONSTANT: u8 = 0xb7;
    const EXIT: u8 = 0x95;
    let program = [instruction(MOVE_CONSTANT), instruction(EXIT)];
    let mut options = sys::bpf_prog_load_opts {
        sz: size_of::<sys::bpf_prog_load_opts>() as u64,
        expected_attach_type: attach_type,
        ..Default::default()
    };
    let kind = sys::BPF_PROG_TYPE_KPROBE;
    // SAFETY: instructions, licence and options live during the call; the descriptor that comes back is ours.
    unsafe {
        let fd = sys::bpf_prog_load(kind, std::ptr::null(), c"GPL".as_ptr(), program.as_ptr(), 2, &mut options);
        (fd >= 0).then(|| OwnedFd::from_raw_fd(fd))
    }
}
