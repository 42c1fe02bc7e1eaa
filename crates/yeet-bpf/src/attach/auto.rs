//! Attaching by section, which libbpf does.

use std::ffi::{CStr, c_void};
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, Link, Program};

use super::explain::Failure;
use super::lane::hook;
use super::{Attached, Hold, explain, functions};
use crate::error::Result;
use crate::object::ProgramDecl;
use crate::prints;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>) -> Result<Attached> {
    functions::check(decl)?;
    let (attached, prints) = prints::collect(|| {
        // SAFETY: the program belongs to a loaded object.
        let link = unsafe { libbpf_sys::bpf_program__attach(program.as_libbpf_object().as_ptr()) };
        NonNull::new(link).ok_or_else(io::Error::last_os_error)
    });
    match attached {
        // SAFETY: libbpf just made this link and gave it to us.
        Ok(link) => Ok(describe(decl, unsafe { Link::from_ptr(link) })),
        Err(error) => {
            Err(explain::explain(&Failure { program: decl, errno: error.raw_os_error().unwrap_or(0), prints: &prints }))
        }
    }
}

fn describe(decl: &ProgramDecl, link: Link) -> Attached {
    let how = link_type(&link).unwrap_or("perf_event (ioctl)").to_owned();
    Attached { how, target: hook(&decl.section).unwrap_or(&decl.section).to_owned(), hold: Hold::Link { _link: link } }
}

/// The kernel's name for the kind of link; `None` where an old kernel made no link but bound the program to a perf event.
fn link_type(link: &Link) -> Option<&'static str> {
    let mut info = libbpf_sys::bpf_link_info::default();
    let mut size = size_of_val(&info) as u32;
    // SAFETY: the buffer and its size belong together; the name function takes any number and returns a static string or null.
    unsafe {
        if libbpf_sys::bpf_obj_get_info_by_fd(link.as_fd().as_raw_fd(), (&raw mut info).cast::<c_void>(), &mut size)
            != 0
        {
            return None;
        }
        let name = libbpf_sys::libbpf_bpf_link_type_str(info.type_);
        if name.is_null() { None } else { CStr::from_ptr(name).to_str().ok() }
    }
}
