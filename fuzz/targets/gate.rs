//! The gate by itself, and the reader of line tables behind it: no panic, and a reason that can be printed.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|image: &[u8]| {
    if let Err(error) = yeet_bpf::elf::check(image) {
        assert!(!error.message().contains(|c: char| c.is_control()), "{error:?}");
        assert!(error.message().len() < 9000, "{error:?}");
    }
    yeet_bpf::elf::fuzzing::read_lines(image, "main");
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    yeet_fuzz::mutate::object(data, size, max_size, seed)
});
