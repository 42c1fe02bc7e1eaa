//! Whatever passes the gate is opened by libbpf under AddressSanitizer: a report is a hole in the gate.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use yeet_bpf::Kind;

fuzz_target!(|image: &[u8]| {
    match yeet_bpf::fuzzing::open(image) {
        Ok(opened) => assert!(!opened.btf().is_empty() && format!("{opened:?}").len() > 10),
        Err(error) => assert_eq!(error.kind(), Kind::InvalidObject, "{error}"),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    yeet_fuzz::mutate::object(data, size, max_size, seed)
});
