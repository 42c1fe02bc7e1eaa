//! Reading of target binaries, of the dynamic loader's cache and of names.

use std::fs::File;

use super::elf::Elf;
use super::{debugdata, ld_cache, names as readable, notes, pattern};
use crate::attach::NamePattern;

/// Lists the functions and static probes of a binary.
pub fn read_binary(file: &File) {
    if let Ok(elf) = Elf::open(file) {
        let _ = elf.functions(&mut |function| {
            let _ = elf.offset_of(function.address);
        });
    }
    let _ = notes::static_probes(file);
}

/// Unpacks the compressed symbols of a binary.
pub fn unpack(packed: &[u8]) {
    let _ = debugdata::unpack(packed);
}

/// Reads the dynamic loader's cache.
pub fn libraries(bytes: &[u8]) {
    let _ = ld_cache::find(&ld_cache::parse(bytes), "libc.so.6");
}

/// Makes a name readable, and matches an expression with it.
pub fn names(name: &str, source: &str) {
    let _ = (readable::demangle(name), readable::demangle_without_parameters(name), super::elf::split_version(name));
    let pattern = NamePattern { source: source.to_owned(), ignore_case: source.len().is_multiple_of(2), mangled: true };
    if let Ok(expression) = pattern::compile(&pattern) {
        let _ = expression.is_match(name);
    }
}
