//! Room for the verifier's log.
//!
//! Left alone, libbpf starts with 16 MiB and verifies the program anew each time the log did not fit. A program that is too complex is
//! verified for seconds each time, so here it gets, in one go, address space for any log; memory is taken only for what is written.

use std::ffi::CStr;
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

use libbpf_rs::{AsRawLibbpf, OpenProgram};

/// Bytes. The verifier gives up after a million instructions, of which each writes some hundred bytes.
const SIZE: usize = 512 << 20;

/// One buffer for the programs of an object, which are verified one after the other.
pub(crate) struct LogBuffer(NonNull<u8>);

impl LogBuffer {
    /// `None` where the kernel or a limit of this process does not allow it; libbpf's own buffer serves then.
    pub(crate) fn new() -> Option<Self> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new mapping at an address of the kernel's choice, backed by nothing.
        let address = unsafe { libc::mmap(ptr::null_mut(), SIZE, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        if address == libc::MAP_FAILED {
            return None;
        }
        let buffer = Self(NonNull::new(address.cast())?);
        static ACCEPTED: OnceLock<bool> = OnceLock::new();
        ACCEPTED.get_or_init(|| buffer.is_accepted()).then_some(buffer)
    }

    /// Asks the kernel with the smallest program there is; kernels differ in the largest log that they write.
    fn is_accepted(&self) -> bool {
        let instruction = |code| libbpf_sys::bpf_insn { code, ..Default::default() };
        const MOVE_CONSTANT: u8 = 0xb7;
        const EXIT: u8 = 0x95;
        let program = [instruction(MOVE_CONSTANT), instruction(EXIT)];
        let mut options = libbpf_sys::bpf_prog_load_opts {
            sz: size_of::<libbpf_sys::bpf_prog_load_opts>() as u64,
            log_level: 1,
            log_size: SIZE as u32,
            log_buf: self.0.as_ptr().cast(),
            ..Default::default()
        };
        let kind = libbpf_sys::BPF_PROG_TYPE_SOCKET_FILTER;
        // SAFETY: instructions, licence and options live during the call, and the buffer is as long as the options say. A descriptor that
        // comes back is ours to close; the buffer's first byte is ours to clear.
        unsafe {
            let fd = libbpf_sys::bpf_prog_load(kind, ptr::null(), c"GPL".as_ptr(), program.as_ptr(), 2, &mut options);
            self.0.write(0);
            fd >= 0 && libc::close(fd) == 0
        }
    }

    /// Has the log of this program written here if it is rejected. The buffer must live until the program's object was loaded.
    pub(crate) fn serve(&self, program: &OpenProgram<'_>) {
        // SAFETY: the program is open and not loaded, the buffer as long as it says. libbpf uses it during load only.
        unsafe {
            libbpf_sys::bpf_program__set_log_buf(
                program.as_libbpf_object().as_ptr(),
                self.0.as_ptr().cast(),
                SIZE as u64,
            );
        }
    }

    /// What was written: empty if no program was rejected.
    pub(crate) fn written(&self) -> &[u8] {
        // SAFETY: the kernel terminates what it writes, and what nobody wrote is zero.
        unsafe { CStr::from_ptr(self.0.as_ptr().cast()) }.to_bytes()
    }
}

impl Drop for LogBuffer {
    fn drop(&mut self) {
        // SAFETY: this is the mapping that `new` made, whole.
        unsafe { libc::munmap(self.0.as_ptr().cast(), SIZE) };
    }
}
