//! Links that the kernel makes for a program and a target, without libbpf's own link objects.

use std::ffi::c_void;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use libbpf_sys::{self as sys, bpf_attach_type, bpf_link_create_opts};

/// Options for no particular kind of link.
pub(super) fn options() -> bpf_link_create_opts {
    bpf_link_create_opts { sz: size_of::<bpf_link_create_opts>() as u64, ..Default::default() }
}

/// Links a program to a target: a descriptor, or the index of an interface. Closing the link detaches. The error is the errno.
pub(super) fn create(
    program: BorrowedFd<'_>,
    target: i32,
    attach_type: bpf_attach_type,
    options: &bpf_link_create_opts,
) -> Result<OwnedFd, i32> {
    // SAFETY: the options live during the call and tell their own size; what they point to is the caller's and lives too.
    match unsafe { libbpf_sys::bpf_link_create(program.as_raw_fd(), target, attach_type, options) } {
        // SAFETY: the kernel just gave this descriptor to us and to nobody else.
        fd @ 0.. => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
        error => Err(-error),
    }
}

/// What the kernel says of a link; `None` for a descriptor that is none, as old kernels give for perf events.
pub(super) fn info(link: BorrowedFd<'_>) -> Option<sys::bpf_link_info> {
    let mut info = sys::bpf_link_info::default();
    let mut size = size_of_val(&info) as u32;
    // SAFETY: the buffer and its size belong together, and no pointer in it asks for more.
    let result = unsafe { sys::bpf_obj_get_info_by_fd(link.as_raw_fd(), (&raw mut info).cast::<c_void>(), &mut size) };
    (result == 0).then_some(info)
}

/// Has what the link was attached to gone: its interface, network namespace or control group? The link lives on and does nothing.
pub(super) fn is_over(link: BorrowedFd<'_>) -> bool {
    let Some(info) = info(link) else { return false };
    // SAFETY: the type says which member of the union the kernel has filled in.
    unsafe {
        let target = info.__bindgen_anon_1;
        match info.type_ {
            sys::BPF_LINK_TYPE_XDP => target.xdp.ifindex == 0,
            sys::BPF_LINK_TYPE_TCX => target.tcx.ifindex == 0,
            sys::BPF_LINK_TYPE_NETNS => target.netns.netns_ino == 0,
            sys::BPF_LINK_TYPE_CGROUP => target.cgroup.cgroup_id == 0,
            _ => false,
        }
    }
}
