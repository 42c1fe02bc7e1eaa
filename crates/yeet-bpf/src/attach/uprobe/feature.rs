//! Does this kernel let several user-space probes share one link?

use std::ffi::c_ulong;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::sync::OnceLock;

use libbpf_sys as sys;

use super::super::link;

/// Tried once. Kernels from 6.6 on can share a link, but filter by thread instead of by process until 6.10: those count as not having it.
pub(super) fn has_uprobe_multi() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let Some(program) = program() else { return false };
        // The folder is no binary, which a kernel that knows these links notices; one that filters well notices the pid before.
        let refusal = |pid| {
            let offset: c_ulong = 0;
            let mut options = link::options();
            options.__bindgen_anon_1.uprobe_multi = sys::bpf_link_create_opts__bindgen_ty_1__bindgen_ty_3 {
                path: c"/".as_ptr(),
                offsets: &offset,
                cnt: 1,
                pid,
                ..Default::default()
            };
            link::create(program.as_fd(), -1, sys::BPF_TRACE_UPROBE_MULTI, &options).err()
        };
        refusal(0) == Some(libc::EBADF) && refusal(u32::MAX) == Some(libc::EINVAL)
    })
}

fn program() -> Option<OwnedFd> {
    let instruction = |code| sys::bpf_insn { code, ..Default::default() };
    const MOVE_CONSTANT: u8 = 0xb7;
    const EXIT: u8 = 0x95;
    let program = [instruction(MOVE_CONSTANT), instruction(EXIT)];
    let mut options = sys::bpf_prog_load_opts {
        sz: size_of::<sys::bpf_prog_load_opts>() as u64,
        expected_attach_type: sys::BPF_TRACE_UPROBE_MULTI,
        ..Default::default()
    };
    let kind = sys::BPF_PROG_TYPE_KPROBE;
    // SAFETY: instructions, licence and options live during the call; the descriptor that comes back is ours.
    unsafe {
        let fd = sys::bpf_prog_load(kind, std::ptr::null(), c"GPL".as_ptr(), program.as_ptr(), 2, &mut options);
        (fd >= 0).then(|| OwnedFd::from_raw_fd(fd))
    }
}
