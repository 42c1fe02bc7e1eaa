//! Broken BTF and BTF.ext.

use crate::broken::Broken;
use crate::image::Image;

pub(crate) const INT: u32 = 1;
pub(crate) const PTR: u32 = 2;
pub(crate) const ARRAY: u32 = 3;
pub(crate) const STRUCT: u32 = 4;
pub(crate) const ENUM: u32 = 6;
pub(crate) const TYPEDEF: u32 = 8;
pub(crate) const CONST: u32 = 10;
pub(crate) const FUNC: u32 = 12;
pub(crate) const FUNC_PROTO: u32 = 13;
pub(crate) const VAR: u32 = 14;
pub(crate) const DATASEC: u32 = 15;
pub(crate) const FLOAT: u32 = 16;

/// One type of hand-made BTF: its words.
pub(crate) fn one(kind: u32, count: u32, size_or_type: u32, tail: &[u32]) -> Vec<u32> {
    [&[0, kind << 24 | count, size_or_type], tail].concat()
}

pub(crate) fn int() -> Vec<u32> {
    one(INT, 0, 4, &[32])
}

/// BTF of these types, with the strings "" and "x".
fn btf(types: &[Vec<u32>]) -> Vec<u8> {
    let words: Vec<u8> = types.iter().flatten().flat_map(|word| word.to_le_bytes()).collect();
    raw_btf(&words, b"\0x\0")
}

pub(crate) fn raw_btf(types: &[u8], strings: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x9f, 0xeb, 1, 0];
    for word in [24, 0, types.len() as u32, types.len() as u32, strings.len() as u32] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend_from_slice(types);
    bytes.extend_from_slice(strings);
    bytes
}

/// The good object with other BTF, without what belongs to the old one: BTF.ext and the relocations.
pub(crate) fn with(btf: &[u8]) -> Image {
    const SHT_PROGBITS: u32 = 1;
    let mut image = Image::good().replace(".BTF", btf);
    for name in [".rel.BTF", ".rel.BTF.ext"] {
        let header = image.header(name);
        image = image.put32(header + 4, SHT_PROGBITS);
    }
    let ext = image.header(".BTF.ext");
    let name = image.u32(ext) as usize + image.data(".strtab");
    image.put(name, b".other.x")
}

fn refuse(broken: &mut Broken, what: &str, types: &[Vec<u32>], fragment: &str) {
    broken.add(what, &with(&btf(types)).0, &[fragment]);
}

#[test]
fn hand_made_btf_can_be_right() {
    let types = [
        int(),
        one(PTR, 0, 3, &[]),
        // A list: a struct that holds a pointer to itself.
        one(STRUCT, 2, 16, &[1, 1, 0, 1, 2, 64]),
        one(ARRAY, 0, 0, &[3, 1, 1000]),
        one(TYPEDEF, 0, 4, &[]),
    ];
    yeet_bpf::elf::check(&with(&btf(&types)).0).unwrap_or_else(|error| panic!("{error}"));
}

pub(crate) fn headers(broken: &mut Broken) {
    let image = Image::good();
    let name = image.u32(image.header(".BTF")) as usize + image.data(".strtab");
    // The linker may share the tail of names; the whole name goes.
    broken.add("no BTF", &image.put(name, b".XYZ").0, &["no BTF", "-g"]);
    let good = btf(&[int()]);
    let patch = |at: usize, value: u32| {
        let mut bytes = good.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        bytes
    };
    let cases: [(&str, Vec<u8>, &str); 17] = [
        ("empty", Vec::new(), "cut short"),
        ("23 bytes", good[..23].to_vec(), "cut short"),
        ("24 zero bytes", vec![0; 24], "holds no BTF"),
        ("swapped magic number", patch(0, 0x0001_9feb), "holds no BTF"),
        ("version 2", patch(0, 0x0002_eb9f), "version 2"),
        ("header of 12 bytes", patch(4, 12), "12 bytes long"),
        ("header of 25 bytes", patch(4, 25), "not aligned"),
        ("header longer than all", patch(4, 4096), "4096 bytes long"),
        ("header of 4 GiB", patch(4, u32::MAX), "4294967295 bytes long"),
        ("types behind the end", patch(8, 1 << 20), "behind its"),
        ("types of 4 GiB", patch(12, u32::MAX), "behind its"),
        ("types offset not aligned", patch(8, 2), "not aligned"),
        ("strings behind the end", patch(16, 1 << 20), "behind its"),
        ("strings of 4 GiB", patch(20, u32::MAX), "behind its"),
        ("strings over the types", patch(16, 0), "overlap"),
        ("no strings", raw_btf(&[], b""), "do not start with the empty string"),
        ("strings without end", raw_btf(&[], b"\0abc"), "does not end with a NUL"),
    ];
    for (what, bytes, fragment) in cases {
        broken.add(what, &with(&bytes).0, &[fragment]);
    }
    broken.add("strings that start late", &with(&raw_btf(&[], b"abc\0")).0, &["do not start with the empty string"]);
}

pub(crate) fn types(broken: &mut Broken) {
    refuse(broken, "kind 0", &[one(0, 0, 0, &[])], "kind 0");
    refuse(broken, "kind 31", &[one(31, 0, 0, &[])], "kind 31");
    refuse(broken, "half a type", &[vec![0, INT << 24]], "cut short");
    refuse(broken, "members missing", &[one(STRUCT, 65_535, 4, &[1, 1, 0])], "cut short");
    refuse(broken, "name offset = length", &[vec![3, INT << 24, 4, 32]], "name at offset 3");
    refuse(broken, "member name behind the strings", &[int(), one(STRUCT, 1, 4, &[99, 1, 0])], "name at offset 99");
    refuse(broken, "enum value name behind the strings", &[one(ENUM, 1, 4, &[99, 0])], "name at offset 99");
    refuse(broken, "pointer to no type", &[one(PTR, 0, 7, &[])], "refers to type 7");
    refuse(broken, "pointer to type 2^32 - 1", &[one(PTR, 0, u32::MAX, &[])], "refers to type 4294967295");
    refuse(broken, "member of no type", &[one(STRUCT, 1, 4, &[1, 9, 0])], "refers to type 9");
    refuse(broken, "array of no type", &[one(ARRAY, 0, 0, &[9, 1, 1])], "refers to type 9");
    refuse(broken, "parameter of no type", &[one(FUNC_PROTO, 1, 0, &[1, 9])], "refers to type 9");
    refuse(broken, "function of a number", &[int(), one(FUNC, 0, 1, &[])], "no prototype");
    refuse(broken, "function of void", &[one(FUNC, 0, 0, &[])], "no prototype");
    refuse(broken, "data section of a number", &[int(), one(DATASEC, 1, 4, &[1, 0, 4])], "no variable");
    refuse(broken, "integer of 3 bytes", &[one(INT, 0, 3, &[24])], "in 3 bytes");
    refuse(broken, "integer of 64 bits in 4 bytes", &[one(INT, 0, 4, &[64])], "64 bits");
    refuse(broken, "integer that begins behind its end", &[one(INT, 0, 4, &[32 << 16 | 8])], "8 bits at 32");
    refuse(broken, "float of 5 bytes", &[one(FLOAT, 0, 5, &[])], "size 5");
    refuse(broken, "enum of 16 bytes", &[one(ENUM, 0, 16, &[])], "size 16");
}

pub(crate) fn layouts(broken: &mut Broken) {
    refuse(broken, "member behind the end", &[int(), one(STRUCT, 1, 4, &[1, 1, 8])], "ends behind its 4 bytes");
    refuse(
        broken,
        "member far behind the end",
        &[int(), one(STRUCT, 1, 4, &[1, 1, u32::MAX])],
        "ends behind its 4 bytes",
    );
    let bit_field = |size: u32| vec![0, STRUCT << 24 | 1 << 31 | 1, 4, 1, 1, size << 24];
    refuse(broken, "bit field wider than its type", &[int(), bit_field(40)], "40 bits");
    refuse(broken, "member of void", &[one(STRUCT, 1, 4, &[1, 0, 0])], "has no size");
    refuse(broken, "array of void", &[one(ARRAY, 0, 0, &[0, 0, 4])], "without a size");
    refuse(broken, "struct in itself", &[one(STRUCT, 1, 4, &[1, 1, 0])], "contains itself");
    refuse(broken, "typedef of itself", &[one(TYPEDEF, 0, 1, &[])], "contains itself");
    refuse(
        broken,
        "two typedefs of each other",
        &[one(TYPEDEF, 0, 2, &[]), one(TYPEDEF, 0, 1, &[])],
        "contains itself",
    );
    refuse(broken, "const array of itself", &[one(CONST, 0, 2, &[]), one(ARRAY, 0, 0, &[1, 1, 2])], "contains itself");
    // A number in a map's definition is a pointer to an array of that many, and no value; in a struct it would be one.
    let number = one(ARRAY, 0, 0, &[1, 1, 1 << 29]);
    let holder = one(STRUCT, 1, 1 << 31, &[1, 2, 0]);
    refuse(broken, "struct of 2 GiB", &[int(), number, holder], "larger than 256 MiB");
    let nested = |count: u32| {
        [int(), one(ARRAY, 0, 0, &[1, 1, count]), one(ARRAY, 0, 0, &[2, 1, count]), one(ARRAY, 0, 0, &[3, 1, count])]
    };
    refuse(broken, "arrays of arrays that multiply", &nested(65_536), "larger than 256 MiB");
    // Elements without bytes would still be visited one by one.
    let empty = one(STRUCT, 0, 0, &[]);
    refuse(
        broken,
        "4 billion empty structs",
        &[empty.clone(), one(ARRAY, 0, 0, &[1, 1, u32::MAX])],
        "larger than 256 MiB",
    );
    refuse(
        broken,
        "empty structs that multiply",
        &[empty, one(ARRAY, 0, 0, &[1, 1, 1 << 16]), one(ARRAY, 0, 0, &[2, 1, 1 << 16])],
        "larger than 256 MiB",
    );
    let variable = [int(), one(VAR, 0, 1, &[1])];
    let section = |size, offset, length| [&variable[..], &[one(DATASEC, 1, size, &[2, offset, length])]].concat();
    refuse(broken, "variable behind its section", &section(4, 4, 4), "ends behind its section");
    refuse(broken, "variable shorter than its type", &section(2, 0, 2), "ends behind its section");
    refuse(broken, "variable far away", &section(4, u32::MAX, 4), "ends behind its section");
}

#[test]
fn some_nesting_is_allowed() {
    let level = |inner: u32| one(STRUCT, 1, 4, &[1, inner, 0]);
    let allowed: Vec<_> = std::iter::once(int()).chain((1..=32).map(level)).collect();
    yeet_bpf::elf::check(&with(&btf(&allowed)).0).unwrap_or_else(|error| panic!("{error}"));
}

pub(crate) fn nesting(broken: &mut Broken) {
    let level = |inner: u32| one(STRUCT, 1, 4, &[1, inner, 0]);
    // Each struct holds the one before it …
    let upwards: Vec<_> = std::iter::once(int()).chain((1..100).map(level)).collect();
    refuse(broken, "100 levels, inner ones first", &upwards, "nested more than 32");
    // … or the one behind it, for as many as there may be types: the check must not run out of stack.
    let count = 200_000;
    let downwards: Vec<_> = (0..count).map(|at| level(at + 2)).chain([int()]).collect();
    refuse(broken, "200,000 levels, outer ones first", &downwards, "nested more than 32");
    let chain: Vec<_> = (0..count).map(|at| one(TYPEDEF, 0, at + 2, &[])).chain([int()]).collect();
    refuse(broken, "200,000 typedefs", &chain, "nested more than 32");
}

pub(crate) fn ext(broken: &mut Broken) {
    let image = Image::good();
    let ext = image.data(".BTF.ext");
    // Places of the header: size, then offset and size of the functions, the lines and the relocations.
    let header_size = image.u32(ext + 4) as usize;
    let functions = ext + header_size + image.u32(ext + 8) as usize;
    let lines = ext + header_size + image.u32(ext + 16) as usize;
    let cases = [
        ("no magic number", image.clone().put32(ext, 0), "no BTF.ext"),
        ("header of 8 bytes", image.clone().put32(ext + 4, 8), "8 bytes long"),
        ("header of 4 GiB", image.clone().put32(ext + 4, u32::MAX), "4294967295 bytes long"),
        ("functions behind the end", image.clone().put32(ext + 8, 1 << 30), "function table of its BTF.ext ends at"),
        ("lines of 4 GiB", image.clone().put32(ext + 20, u32::MAX), "line table of its BTF.ext ends at"),
        ("function records of 0 bytes", image.clone().put32(functions, 0), "records of 0 bytes"),
        ("function records of 7 bytes", image.clone().put32(functions, 7), "records of 7 bytes"),
        ("line records of 4 GiB", image.clone().put32(lines, u32::MAX - 3), "bytes"),
        ("4 billion functions", image.clone().put32(functions + 8, u32::MAX), "4294967295 records"),
        ("no functions in a block", image.clone().put32(functions + 8, 0), "empty block"),
        ("section name behind the strings", image.clone().put32(functions + 4, u32::MAX), "name at offset"),
        ("function of no type", image.clone().put32(functions + 16, u32::MAX), "refers to type"),
        ("file name behind the strings", image.clone().put32(lines + 16, u32::MAX), "has a string at"),
        ("line text behind the strings", image.clone().put32(lines + 20, u32::MAX), "has a string at"),
    ];
    for (what, image, fragment) in cases {
        broken.add(what, &image.0, &[fragment]);
    }
}
