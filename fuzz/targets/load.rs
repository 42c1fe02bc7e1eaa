//! Whatever passes the gate is opened, and loaded with relocations and all into a kernel that says yes, by libbpf under AddressSanitizer: a
//! report is a hole in the gate.
#![no_main]

use std::ffi::CString;
use std::io::Write;
use std::os::fd::{FromRawFd, IntoRawFd};

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use yeet_bpf::Kind;
use yeet_bpf::elf::fuzzing::passes_btf;
use yeet_fuzz::{elf, kernel, libbpf};

const OBJECT: &[u8] = include_bytes!("../../tests/fixtures/spec/kernel.bpf.o");

fuzz_target!(
    init: {
        kernel::set_types(types());
        // libbpf remembers what it finds out about the kernel.
        assert!(libbpf::load(OBJECT, |_| true), "the fixture cannot be loaded");
    },
    |image: &[u8]| {
        if yeet_bpf::elf::check(image).is_err() {
            return;
        }
        match yeet_bpf::fuzzing::open(image) {
            Ok(opened) => assert!(!opened.btf().is_empty() && format!("{opened:?}").len() > 10),
            Err(error) => assert_eq!(error.kind(), Kind::InvalidObject, "{error}"),
        }
        let sum: u32 = image.iter().fold(7, |sum, &byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        kernel::fail_after((sum % 4 == 0).then_some(sum / 4 % 16));
        libbpf::load(image, |btf| passes_btf(btf, true));
        kernel::fail_after(None);
    }
);

/// A file with the types of the fixture, which stand for those of the kernel.
fn types() -> CString {
    // SAFETY: a name that ends with a NUL; the descriptor is new and nobody else's.
    let mut file = unsafe { std::fs::File::from_raw_fd(libc::memfd_create(c"types".as_ptr(), 0)) };
    file.write_all(elf::section(OBJECT, ".BTF").expect("the fixture has BTF")).expect("memory");
    CString::new(format!("/proc/self/fd/{}", file.into_raw_fd())).expect("no NUL")
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    yeet_fuzz::mutate::object(data, size, max_size, seed)
});
