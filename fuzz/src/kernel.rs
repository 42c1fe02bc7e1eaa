//! A kernel that says yes: what libbpf does around its system calls is fuzzed without loading anything.
//!
//! The functions here take the place of libc's for the whole program, libbpf included.

use std::arch::asm;
use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_int, c_long};
use std::sync::OnceLock;

thread_local! {
    /// How many calls of bpf(2) succeed before one fails; never for `None`.
    static UNTIL_FAILURE: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The file that is read instead of the running kernel's BTF.
static TYPES: OnceLock<CString> = OnceLock::new();

/// From now on `path` is what libbpf takes for the BTF of the kernel.
pub fn set_types(path: CString) {
    let _ = TYPES.set(path);
}

/// Lets the n-th call of bpf(2) from now on fail, or none.
pub fn fail_after(calls: Option<u32>) {
    UNTIL_FAILURE.set(calls);
}

/// # Safety
///
/// As for syscall(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    let result = match number {
        libc::SYS_bpf => bpf(a),
        // SAFETY: the caller's arguments, unchanged.
        _ => unsafe { raw(number, [a, b, c, d, e, f]) },
    };
    if (-4095..0).contains(&result) {
        // SAFETY: the address of this thread's errno.
        unsafe { *libc::__errno_location() = -result as c_int };
        return -1;
    }
    result
}

/// # Safety
///
/// As for open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller's path ends with a NUL.
    let path = match (unsafe { CStr::from_ptr(path) }.to_bytes(), TYPES.get()) {
        (b"/sys/kernel/btf/vmlinux", Some(types)) => types.as_ptr(),
        _ => path,
    };
    // SAFETY: a path that ends with a NUL.
    unsafe { libc::openat(libc::AT_FDCWD, path, flags, mode) }
}

/// Answers a call of bpf(2): a new descriptor where one is asked for.
fn bpf(command: c_long) -> c_long {
    const MAP_CREATE: c_long = 0;
    const MAP_UPDATE: c_long = 2;
    const PROG_LOAD: c_long = 5;
    const BTF_LOAD: c_long = 18;
    const MAP_FREEZE: c_long = 22;
    match UNTIL_FAILURE.get() {
        Some(0) => return -c_long::from(libc::EINVAL),
        left => UNTIL_FAILURE.set(left.map(|left| left - 1)),
    }
    match command {
        // What can be mapped, as an array can.
        MAP_CREATE | PROG_LOAD | BTF_LOAD => {
            // SAFETY: a path that ends with a NUL.
            let fd = unsafe { libc::openat(libc::AT_FDCWD, c"/dev/zero".as_ptr(), libc::O_RDWR | libc::O_CLOEXEC) };
            c_long::from(fd)
        }
        MAP_UPDATE | MAP_FREEZE => 0,
        _ => -c_long::from(libc::EINVAL),
    }
}

/// # Safety
///
/// As for the system call.
unsafe fn raw(number: c_long, [a, b, c, d, e, f]: [c_long; 6]) -> c_long {
    let result;
    // SAFETY: by this function's contract; the kernel changes the named registers alone.
    unsafe {
        asm!("syscall", inlateout("rax") number => result, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e,
            in("r9") f, lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result
}
