//! Attaching by section, which libbpf does.

use std::ffi::{CStr, CString, c_long};
use std::io;
use std::os::fd::AsFd;
use std::ptr::{self, NonNull};

use libbpf_rs::{AsRawLibbpf, Link, Program};
use libbpf_sys as sys;

use super::explain::{self, Failure};
use super::lane::hook;
use super::{Attached, Hold, failed_to_attach, functions, link};
use crate::error::{Error, Kind, Result};
use crate::object::ProgramDecl;
use crate::prints;

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, cookie: Option<u64>) -> Result<Attached> {
    functions::check(decl)?;
    let raw = program.as_libbpf_object().as_ptr();
    let (attached, prints) = prints::collect(|| {
        // SAFETY: the program belongs to a loaded object, and its section is the one that libbpf reads too.
        let link = unsafe {
            match cookie {
                None => sys::bpf_program__attach(raw),
                Some(cookie) => attach_with_cookie(raw, &decl.section, cookie),
            }
        };
        NonNull::new(link).ok_or_else(io::Error::last_os_error)
    });
    match attached {
        // SAFETY: libbpf just made this link and gave it to us.
        Ok(link) => Ok(describe(decl, unsafe { Link::from_ptr(link) })),
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(0);
            let failure = explain::explain(&Failure { program: decl, errno, prints: &prints });
            Err(match cookie {
                Some(_) if errno == libc::EOPNOTSUPP => {
                    let message = format!(
                        "{}: this kernel has no attach cookies; {} takes one from Linux {} on",
                        failed_to_attach(decl),
                        kind_of(&decl.section),
                        cookies_since(&decl.section)
                    );
                    Error::new(Kind::Unsupported, message).with_errno(errno).with_program(&decl.name)
                }
                Some(_) if errno == libc::EINVAL => {
                    let message = format!(
                        "{failure}; {} takes a cookie from Linux {} on",
                        kind_of(&decl.section),
                        cookies_since(&decl.section)
                    );
                    Error::new(Kind::Unsupported, message).with_errno(errno).with_program(&decl.name)
                }
                _ => failure,
            })
        }
    }
}

fn kind_of(section: &str) -> &str {
    section.split('/').next().unwrap_or_default()
}

/// A pattern of functions would give them all the same one, which libbpf does not do; probes of user space take it in their own spec.
pub(super) fn takes_cookie(section: &str) -> bool {
    let kind = kind_of(section);
    !kind.contains(".multi") && !kind.contains(".session") && !kind.starts_with('u')
}

/// The first kernel in which programs of this section can read a cookie.
fn cookies_since(section: &str) -> &'static str {
    match kind_of(section) {
        "raw_tracepoint" | "raw_tp" | "raw_tracepoint.w" | "raw_tp.w" => "6.10",
        "tracepoint" | "tp" | "kprobe" | "kretprobe" | "ksyscall" | "kretsyscall" => "5.15",
        _ => "5.19",
    }
}

/// What libbpf's `bpf_program__attach` does for the section, with a cookie.
///
/// # Safety
///
/// The program has to be loaded, with this section.
unsafe fn attach_with_cookie(program: *const sys::bpf_program, section: &str, cookie: u64) -> *mut sys::bpf_link {
    let kind = kind_of(section);
    let text = hook(section).unwrap_or_default();
    let Ok(name) = CString::new(text) else { return ptr::null_mut() };
    // SAFETY: the caller vouches for the program; strings and options live during the calls, and the options tell their own size.
    unsafe {
        match kind {
            "tracepoint" | "tp" => {
                let (category, name) = text.split_once('/').unwrap_or_default();
                let (Ok(category), Ok(name)) = (CString::new(category), CString::new(name)) else {
                    return ptr::null_mut();
                };
                let options =
                    sys::bpf_tracepoint_opts { sz: size_of::<sys::bpf_tracepoint_opts>() as u64, bpf_cookie: cookie };
                sys::bpf_program__attach_tracepoint_opts(program, category.as_ptr(), name.as_ptr(), &options)
            }
            "raw_tracepoint" | "raw_tp" | "raw_tracepoint.w" | "raw_tp.w" => {
                let mut options =
                    sys::bpf_raw_tracepoint_opts { sz: size_of::<sys::bpf_raw_tracepoint_opts>() as u64, cookie };
                sys::bpf_program__attach_raw_tracepoint_opts(program, name.as_ptr(), &raw mut options)
            }
            "kprobe" | "kretprobe" => {
                let (function, offset) = function_and_offset(&name);
                let options = sys::bpf_kprobe_opts {
                    sz: size_of::<sys::bpf_kprobe_opts>() as u64,
                    bpf_cookie: cookie,
                    offset,
                    retprobe: kind == "kretprobe",
                    ..Default::default()
                };
                sys::bpf_program__attach_kprobe_opts(program, function.as_ptr(), &options)
            }
            "ksyscall" | "kretsyscall" => {
                let options = sys::bpf_ksyscall_opts {
                    sz: size_of::<sys::bpf_ksyscall_opts>() as u64,
                    bpf_cookie: cookie,
                    retprobe: kind == "kretsyscall",
                    ..Default::default()
                };
                sys::bpf_program__attach_ksyscall(program, name.as_ptr(), &options)
            }
            // Of type tracing or LSM; their target was chosen when they were loaded.
            _ => {
                let options = sys::bpf_trace_opts { sz: size_of::<sys::bpf_trace_opts>() as u64, cookie };
                sys::bpf_program__attach_trace_opts(program, &options)
            }
        }
    }
}

/// `do_sys_open+0x10`, with the offset in any of C's ways to write a number.
fn function_and_offset(hook: &CStr) -> (CString, u64) {
    let bytes = hook.to_bytes();
    let Some(plus) = bytes.iter().position(|&byte| byte == b'+') else { return (hook.to_owned(), 0) };
    let (function, offset) = (CString::new(&bytes[..plus]).unwrap_or_default(), &hook[plus + 1..]);
    // SAFETY: reads a NUL-terminated string; no end pointer is asked for.
    let offset: c_long = unsafe { libc::strtol(offset.as_ptr(), ptr::null_mut(), 0) };
    (function, u64::try_from(offset).unwrap_or(0))
}

fn describe(decl: &ProgramDecl, link: Link) -> Attached {
    let how = link_type(&link).unwrap_or("perf_event (ioctl)").to_owned();
    Attached { how, target: hook(&decl.section).unwrap_or(&decl.section).to_owned(), hold: Hold::Link { link } }
}

/// The kernel's name for the kind of link; `None` where an old kernel made no link but bound the program to a perf event.
fn link_type(made: &Link) -> Option<&'static str> {
    let info = link::info(made.as_fd())?;
    // SAFETY: the function takes any number and returns a static string or null.
    unsafe {
        let name = sys::libbpf_bpf_link_type_str(info.type_);
        if name.is_null() { None } else { CStr::from_ptr(name).to_str().ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_may_have_an_offset() {
        let split = |hook: &str| {
            let (function, offset) = function_and_offset(&CString::new(hook).unwrap());
            (function.into_string().unwrap(), offset)
        };
        assert_eq!(split("do_unlinkat"), ("do_unlinkat".to_owned(), 0));
        assert_eq!(split("do_unlinkat+0x10"), ("do_unlinkat".to_owned(), 16));
        assert_eq!(split("do_unlinkat+5"), ("do_unlinkat".to_owned(), 5));
    }

    #[test]
    fn which_sections_take_a_cookie() {
        for section in ["tp/sched/sched_switch", "raw_tp/sched_switch", "kprobe/f", "fentry/f", "lsm/file_open"] {
            assert!(takes_cookie(section), "{section}");
        }
        for section in ["kprobe.multi/f*", "kprobe.session/f*", "uprobe//bin/sh:main", "usdt/libc.so.6:libc:setjmp"] {
            assert!(!takes_cookie(section), "{section}");
        }
    }
}
