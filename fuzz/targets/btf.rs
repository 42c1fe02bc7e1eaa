//! BTF that passes is BTF that libbpf can walk.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use yeet_bpf::elf::fuzzing::passes_btf;
use yeet_fuzz::libbpf::walk_types;

fuzz_target!(|bytes: &[u8]| {
    let passed = [passes_btf(bytes, false), passes_btf(bytes, true)];
    if passed.contains(&true) {
        walk_types(bytes);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    yeet_fuzz::mutate::table(data, size, max_size, seed)
});
