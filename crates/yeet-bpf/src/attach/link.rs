//! Links that the kernel makes for a program and a target, without libbpf's own link objects.

use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use libbpf_sys::{bpf_attach_type, bpf_link_create_opts};

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
