//! Broken ELF.

use crate::broken::Broken;
use crate::image::{Image, good};

const LITTLE: [u8; 6] = [0x7f, b'E', b'L', b'F', 2, 1];

pub(crate) fn files(broken: &mut Broken) {
    broken.add("empty", &[], &["the file is empty"]);
    broken.add("text", b"#include <linux/bpf.h>\nint x;\n", &["not an ELF file but text", "clang -g -O2 -target bpf"]);
    broken.add("binary", b"\x00\x01\x02\x03\xff", &["not an ELF file"]);
    broken.add("only a magic number", b"\x7fELF", &["ELF class 0"]);
    broken.add("32 bits", &[0x7f, b'E', b'L', b'F', 1, 1, 1], &["32-bit"]);
    broken.add("class 9", &[0x7f, b'E', b'L', b'F', 9, 1, 1], &["ELF class 9"]);
    broken.add("big-endian", &[0x7f, b'E', b'L', b'F', 2, 2, 1], &["big-endian", "-target bpfel"]);
    broken.add("byte order 7", &[0x7f, b'E', b'L', b'F', 2, 7, 1], &["byte order 7"]);
    broken.add("cut header", &LITTLE, &["cut short", "of 64 bytes"]);
    let own = std::fs::read("/proc/self/exe").unwrap();
    broken.add("this test", &own, &["built for x86-64, not for BPF", "clang -g -O2 -target bpf"]);
    broken.add("an object for AArch64", &Image::good().put16(0x12, 183).0, &["built for AArch64"]);
    broken.add("an object for nobody", &Image::good().put16(0x12, 4242).0, &["ELF machine 4242"]);
    broken.add("a linked program", &Image::good().put16(0x10, 2).0, &["linked program"]);
    broken.add("a core dump", &Image::good().put16(0x10, 4).0, &["ELF type 4"]);
}

pub(crate) fn tables(broken: &mut Broken) {
    let image = Image::good();
    let cases = [
        ("header size", image.clone().put16(0x34, 40), "40 bytes long"),
        ("no sections", image.clone().put16(0x3c, 0), "no sections"),
        ("section table at 0", image.clone().put64(0x28, 0), "no sections"),
        ("too many sections", image.clone().put16(0x3c, 0xfeff), "at most 4096"),
        ("section headers of 63 bytes", image.clone().put16(0x3a, 63), "63 bytes long"),
        ("section table behind the file", image.clone().put64(0x28, 1 << 40), "section table lies outside"),
        (
            "section table near the end of numbers",
            image.clone().put64(0x28, u64::MAX - 8),
            "section table lies outside",
        ),
        ("section table not aligned", image.clone().put64(0x28, image.u64(0x28) - 3), "section"),
        ("more sections than fit", image.clone().put16(0x3c, 900), "section table lies outside"),
        ("names in no section", image.clone().put16(0x3e, 200), "section 200, which does not exist"),
        ("names in section 0", image.clone().put16(0x3e, 0), "section 0, which does not exist"),
        ("names in the code", image.clone().put16(0x3e, 2), "not a string table"),
        (
            "program headers behind the file",
            image.clone().put16(0x36, 56).put16(0x38, 9).put64(0x20, u64::MAX),
            "program headers",
        ),
    ];
    for (what, image, fragment) in cases {
        broken.add(what, &image.0, &[fragment]);
    }
}

pub(crate) fn sections(broken: &mut Broken) {
    let image = Image::good();
    let (text, bss, symbols) = (image.header("syscall"), image.header(".bss"), image.header(".symtab"));
    let cases = [
        ("offset behind the file", image.clone().put64(text + 0x18, 1 << 33), "ends behind the file"),
        ("size 2^63", image.clone().put64(text + 0x20, 1 << 63), "ends behind the file"),
        (
            "offset + size wraps",
            image.clone().put64(text + 0x18, u64::MAX - 7).put64(text + 0x20, 16),
            "ends behind the file",
        ),
        ("name behind the names", image.clone().put32(text, u32::MAX), "name at offset 4294967295"),
        ("huge .bss", image.clone().put64(bss + 0x20, 1 << 40), "at most 256 MiB"),
        ("alignment 3", image.clone().put64(text + 0x30, 3), "alignment 3"),
        ("link to nowhere", image.clone().put32(text + 0x28, 99), "refers to section 99"),
        ("compressed code", image.clone().put64(text + 8, 0x804), "compressed"),
        ("code of 7 bytes", image.clone().put64(text + 0x20, 7), "not a multiple of 8"),
        ("symbols of 23 bytes", image.clone().put64(symbols + 0x38, 23), "not of 24"),
        ("half a symbol", image.clone().put64(symbols + 0x20, 25), "not of 24"),
        ("no symbol table", image.clone().put32(symbols + 4, 1), "no symbol table"),
        ("two symbol tables", image.clone().put32(image.header(".rodata") + 4, 2), "two symbol tables"),
        ("symbol names in the code", image.clone().put32(symbols + 0x28, 3), "no table of names"),
    ];
    for (what, image, fragment) in cases {
        broken.add(what, &image.0, &[fragment]);
    }
    let names = image.data(".strtab");
    let unterminated = image.size(".strtab") + names - 1;
    broken.add("names without end", &image.clone().put(unterminated, b"x").0, &["does not end with a NUL"]);
    let strange = image.u32(text) as usize + image.data(".strtab");
    broken.add("a name with an escape", &image.clone().put(strange, b"\x1b").0, &["control characters"]);
    broken.add("a name that is not UTF-8", &image.clone().put(strange, b"\xff").0, &["not UTF-8"]);
    broken.add("old-style maps", &image.clone().put(strange, b"maps\0").0, &["SEC(\".maps\")"]);
}

pub(crate) fn symbols(broken: &mut Broken) {
    let image = Image::good();
    let table = image.data(".symtab");
    // The last symbol of the table is in a section: LICENSE or a program.
    let symbol = table + image.size(".symtab") - 24;
    let cases = [
        ("name behind the names", image.clone().put32(symbol, 1 << 30), "name at offset"),
        ("in no section", image.clone().put16(symbol + 6, 77), "section 77, which does not exist"),
        ("in a reserved section", image.clone().put16(symbol + 6, 0xff10), "which does not exist"),
        ("value behind the section", image.clone().put64(symbol + 8, 1 << 20), "ends behind section"),
        ("size behind the section", image.clone().put64(symbol + 16, 1 << 20), "ends behind section"),
        ("value + size wraps", image.clone().put64(symbol + 8, u64::MAX).put64(symbol + 16, 2), "ends behind section"),
    ];
    for (what, image, fragment) in cases {
        broken.add(what, &image.0, &[fragment]);
    }
}

pub(crate) fn relocations(broken: &mut Broken) {
    let image = Image::good();
    let (header, table) = (image.header(".relsyscall"), image.data(".relsyscall"));
    let cases = [
        ("of no section", image.clone().put32(header + 0x2c, 500), "relocates section 500"),
        ("of section 0", image.clone().put32(header + 0x2c, 0), "relocates section 0"),
        ("without symbols", image.clone().put32(header + 0x28, 1), "does not refer to the symbol table"),
        ("of 15 bytes", image.clone().put64(header + 0x38, 15), "not of 16"),
        ("behind the code", image.clone().put64(table, 1 << 30), "behind the"),
        ("near the end of numbers", image.clone().put64(table, u64::MAX - 2), "behind the"),
        ("inside an instruction", image.clone().put64(table, 12), "inside an instruction"),
        ("of no symbol", image.clone().put32(table + 12, 1 << 20), "refers to symbol 1048576"),
        ("of another machine", image.clone().put32(table + 8, 42), "type 42"),
        ("with addends", image.clone().put32(header + 4, 4), "addends"),
    ];
    for (what, image, fragment) in cases {
        broken.add(what, &image.0, &[fragment]);
    }
}

pub(crate) fn truncated(broken: &mut Broken) {
    let image = good();
    for length in (0..image.len()).step_by(64) {
        broken.add(&format!("{length} bytes"), &image[..length], &[]);
    }
}
