//! BTF.ext that passes beside good BTF is one that libbpf can read.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use yeet_bpf::elf::fuzzing::passes_btf_ext;
use yeet_fuzz::elf::section;
use yeet_fuzz::libbpf::read_ext;

const OBJECT: &[u8] = include_bytes!("../../tests/fixtures/spec/kernel.bpf.o");

fuzz_target!(|bytes: &[u8]| {
    let types = section(OBJECT, ".BTF").expect("the fixture has BTF");
    if passes_btf_ext(types, bytes) {
        read_ext(bytes);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    yeet_fuzz::mutate::table(data, size, max_size, seed)
});
