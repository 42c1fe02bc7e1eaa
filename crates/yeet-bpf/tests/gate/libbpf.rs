//! Objects that are well-formed one by one and that libbpf would read or write behind its buffers for, or take hours or gigabytes.

use crate::broken::Broken;
use crate::btf::{ARRAY, DATASEC, INT, PTR, STRUCT, VAR, int, one, raw_btf, with};
use crate::image::{Image, fixture};

const DECL_TAG: u32 = 17;
const FUNCTION: u8 = 0x12;
const NOBITS: u32 = 8;
/// Where the parts of a symbol are.
const INFO: usize = 4;
const SECTION: usize = 6;
const VALUE: usize = 8;
const SIZE: usize = 16;

/// Where the entry of a function is in the table of the good object.
fn symbol(image: &Image, number: usize) -> usize {
    image.data(".symtab") + 24 * number
}

/// The good object with other symbols: `make` fills in each entry.
fn with_symbols(count: usize, make: impl Fn(usize, &mut [u8])) -> Image {
    let mut table = vec![0; 24 * count];
    table.chunks_exact_mut(24).enumerate().skip(1).for_each(|(at, entry)| make(at, entry));
    let image = Image::good().replace(".symtab", &table);
    // No symbol is left for the relocations to refer to.
    let relocations = image.header(".relsyscall");
    let names = [".relsyscall", ".rel.debug_info", ".rel.debug_str_offsets", ".rel.debug_addr", ".rel.BTF"];
    let others = [".rel.BTF.ext", ".rel.debug_frame", ".rel.debug_line"];
    assert_eq!(image.u32(relocations + 4), 9, "SHT_REL");
    names.iter().chain(&others).fold(image, |image, name| {
        let header = image.header(name);
        image.put64(header + 0x20, 0)
    })
}

pub(crate) fn code(broken: &mut Broken) {
    let image = Image::good();
    // `read_limit`: four instructions, of which the first two places are one that loads an address.
    let first = symbol(&image, 13);
    let cut = image.clone().put64(first + SIZE, 8);
    broken.add("function that ends in the middle of an instruction", &cut.0, &["read_limit", "in the middle"]);
    let odd = image.clone().put64(first + SIZE, 12);
    broken.add("function of one and a half instructions", &odd.0, &["read_limit", "whole instructions"]);
    let late = image.clone().put64(first + VALUE, 4);
    broken.add("function that starts inside an instruction", &late.0, &["read_limit", "whole instructions"]);
    let size = image.size("syscall") as u64;
    let over = [13, 15, 17, 20, 21].into_iter().fold(image.clone(), |image, number| {
        let at = symbol(&image, number);
        image.put64(at + VALUE, 0).put64(at + SIZE, size)
    });
    broken.add("functions over each other", &over.0, &["syscall", "over each other"]);
    let name = image.u32(image.header(".text"));
    let (text, code) = (image.header(".text"), image.header("syscall"));
    let two = image.clone().put32(code, name);
    broken.add("two .text sections", &two.0, &["two .text sections"]);
    let called = with_symbols(3000, |_, entry| {
        entry[INFO] = FUNCTION;
        entry[SECTION] = 2;
    });
    assert_eq!(called.header(".text"), text);
    broken.add("2999 functions to be called", &called.0, &["2999 functions for them to call", "too many"]);
}

pub(crate) fn sections(broken: &mut Broken) {
    let image = Image::good();
    let (license, maps, rodata) = (image.header("license"), image.header(".maps"), image.header(".rodata"));
    let twice = |name: usize| image.clone().put32(rodata, image.u32(name));
    broken.add("two licenses", &twice(license).0, &["two license sections"]);
    broken.add("two sections of maps", &twice(maps).0, &["two .maps sections"]);
    broken.add("license without bytes", &image.clone().put32(license + 4, NOBITS).0, &["license", "ELF type 8"]);
    broken.add("maps without bytes", &image.clone().put32(maps + 4, NOBITS).0, &[".maps", "ELF type 8"]);
    let bss = image.header(".bss");
    let large = [bss, rodata]
        .into_iter()
        .fold(image.clone(), |image, header| image.put32(header + 4, NOBITS).put64(header + 0x20, 200 << 20));
    broken.add("two sections of 200 MiB", &large.0, &["more than 256 MiB of memory"]);
    let undefined = with_symbols(20_000, |_, _| {});
    broken.add("20,000 undefined symbols", &undefined.0, &["undefined symbols", "at most 16384"]);
    // A list of their positions would take a hundred megabytes.
    let names = image.data(".strtab");
    let names = &image.0[names..names + image.size(".strtab")];
    let strings = [names, &[1].repeat(6 << 20), &[0]].concat();
    let loud = image.clone().replace(".strtab", &strings).put32(symbol(&image, 13), strings.len() as u32 - 10);
    broken.add("6 MiB of control characters", &loud.0, &["control characters"]);
}

/// BTF with some names: "x" at 1, ".data" at 3, ".kconfig" at 9.
fn named(types: &[Vec<u32>]) -> Image {
    let words: Vec<u8> = types.iter().flatten().flat_map(|word| word.to_le_bytes()).collect();
    with(&raw_btf(&words, b"\0x\0.data\0.kconfig\0"))
}

pub(crate) fn data(broken: &mut Broken) {
    let section = |name: u32, size: u32, variables: &[[u32; 3]]| {
        let mut words = one(DATASEC, variables.len() as u32, size, &variables.concat());
        words[0] = name;
        words
    };
    let types = |last: Vec<u32>| [int(), one(VAR, 0, 1, &[0]), last];
    let far = named(&types(section(3, 0, &[[2, 0xffff_fff0, 4]])));
    broken.add("variable far behind a section without size", &far.0, &["behind the 8 bytes"]);
    let wide = named(&types(section(3, 0, &[[2, 0, 4096]])));
    broken.add("variable larger than a section without size", &wide.0, &["behind the 8 bytes"]);
    let larger = named(&types(section(3, 4096, &[[2, 0, 4]])));
    broken.add("section larger than in the file", &larger.0, &["has 4096 bytes, its section 8"]);
    let twice = [int(), one(VAR, 0, 1, &[0]), section(3, 8, &[[2, 0, 4]]), section(3, 8, &[[2, 4, 4]])];
    broken.add("section that occurs twice", &named(&twice).0, &[".data", "occurs twice"]);
    broken.add("table of functions 4 GiB behind its section", &far_table().0, &["behind the 40 bytes of"]);
    // libbpf adds up the sizes of what it reads of the kernel's configuration, as an int.
    let gigabyte = [int(), one(ARRAY, 0, 0, &[1, 1, 1 << 28]), one(VAR, 0, 2, &[2]), section(9, 0, &[[3, 0, 0]])];
    broken.add("configuration of 1 GiB", &named(&gigabyte).0, &[".kconfig", "behind the 4096 bytes"]);
}

/// A static table of functions whose offset and size add up to a small number in 32 bits. libbpf leaves the offsets of static variables alone
/// and copies the table as it opens the object.
fn far_table() -> Image {
    const SIZE: u32 = 40;
    let mut image = Image(fixture("struct_ops.bpf.o"));
    let (types, size) = (image.data(".BTF"), image.size(".BTF"));
    let words: Vec<usize> = (types..types + size - 12).step_by(4).collect();
    for &at in words.iter().filter(|&&at| image.u32(at) == VAR << 24).collect::<Vec<_>>() {
        // The linkage is behind the type.
        image = image.put32(at + 8, 0);
    }
    let is_place = |&&at: &&usize| image.u32(at) == DATASEC << 24 | 1 && image.u32(at + 16) == SIZE;
    let place = *words.iter().find(is_place).expect("the fixture has a table of functions");
    image.put32(place + 12, 0xffff_fff0)
}

pub(crate) fn types(broken: &mut Broken) {
    let mut refuse = |what, types: &[Vec<u32>], fragment| broken.add(what, &named(types).0, &[fragment]);
    // libbpf puts a pointer of its own there, and that has 64 bits.
    let bits = vec![0, STRUCT << 24 | 1 << 31 | 1, 4, 1, 2, 8 << 24];
    refuse("bit field of a pointer", &[int(), one(PTR, 0, 0, &[]), bits], "8 bits of what is no integer");
    let holder = || one(STRUCT, 1, 4, &[1, 1, 0]);
    refuse(
        "tag of the member behind the last",
        &[int(), holder(), one(DECL_TAG, 0, 2, &[1])],
        "component 1; there are 1",
    );
    refuse("tag of member 4 billion", &[int(), holder(), one(DECL_TAG, 0, 2, &[u32::MAX - 1])], "component 4294967294");
    refuse("tag of a member of a variable", &[int(), one(VAR, 0, 1, &[0]), one(DECL_TAG, 0, 2, &[0])], "there are 0");
    refuse("tag of a number", &[int(), one(DECL_TAG, 0, 1, &[u32::MAX])], "has none");
    refuse("tag of no type", &[int(), one(DECL_TAG, 0, 9, &[0])], "refers to type 9");
}

pub(crate) fn products(broken: &mut Broken) {
    // 65,535 variables of a section, each looked for among 8,000 symbols.
    let list: Vec<u32> = (0..65_535).flat_map(|_| [2, 0, 4]).collect();
    let mut section = one(DATASEC, 65_535, 8, &list);
    section[0] = 3;
    let types = [int(), one(VAR, 0, 1, &[0]), section];
    let table = vec![0; 24 * 8000];
    let mut image = named(&types).replace(".symtab", &table);
    let symbols = image.data(".symtab");
    for at in 1..8000 {
        image = image.put16(symbols + 24 * at + SECTION, 5);
    }
    broken.add("variables times symbols", &image.0, &["65535 variables and 8000 symbols", "too many"]);
    let many: Vec<Vec<u32>> = std::iter::once(int()).chain((0..40_000).map(|_| one(INT, 0, 4, &[32]))).collect();
    let table = vec![0; 24 * 8000];
    broken.add(
        "externs times types",
        &named(&many).replace(".symtab", &table).0,
        &["7999 undefined symbols", "too many"],
    );
}

/// BTF.ext with one table, in the place of the good object's.
fn with_ext(table: usize, record_size: u32, blocks: &[(u32, Vec<u32>)]) -> Image {
    let mut words = vec![record_size];
    for (count, records) in blocks {
        // The name of a section; the empty one will do here.
        words.extend([0, *count]);
        words.extend(records);
    }
    let mut bytes = vec![0x9f, 0xeb, 1, 0];
    let mut header = [32, 0, 0, 0, 0, 0, 0];
    header[1 + 2 * table + 1] = words.len() as u32 * 4;
    bytes.extend(header.iter().chain(&words).flat_map(|word| word.to_le_bytes()));
    let image = Image::good();
    let relocations = image.header(".rel.BTF.ext");
    image.put64(relocations + 0x20, 0).replace(".BTF.ext", &bytes)
}

pub(crate) fn ext(broken: &mut Broken) {
    const FUNCTIONS: usize = 0;
    const LINES: usize = 1;
    const RELOCATIONS: usize = 2;
    let mut refuse = |what, table, size, blocks: &[(u32, Vec<u32>)], fragment| {
        broken.add(what, &with_ext(table, size, blocks).0, &[fragment]);
    };
    refuse("function record of an integer", FUNCTIONS, 8, &[(1, vec![0, 1])], "is no function");
    refuse("function inside an instruction", FUNCTIONS, 8, &[(1, vec![4, 1])], "at 4, inside an instruction");
    refuse("line inside an instruction", LINES, 16, &[(1, vec![9, 0, 0, 0])], "at 9, inside an instruction");
    refuse("relocation inside an instruction", RELOCATIONS, 16, &[(1, vec![2, 1, 0, 0])], "at 2, inside");
    refuse("access that is no number", RELOCATIONS, 16, &[(1, vec![0, 1, 0, 0])], "no list of numbers");
    refuse("access in the middle of a word", RELOCATIONS, 16, &[(1, vec![0, 1, 1, 0])], "no list of numbers");
    refuse("relocation of no type", RELOCATIONS, 16, &[(1, vec![0, 1 << 20, 0, 0])], "refers to type 1048576");
    let many: Vec<_> = (0..100).map(|_| (1, vec![0, 0, 0, 0])).collect();
    refuse("100 blocks for 32 sections", LINES, 16, &many, "100 blocks for 32 sections");
    let records: Vec<u32> = (0..70_000).flat_map(|_| [0, 1, 0, 0]).collect();
    refuse("70,000 relocations", RELOCATIONS, 16, &[(70_000, records)], "at most 65536");
    let image = Image::good();
    let at = image.data(".BTF.ext") + 8;
    let offset = image.u32(at);
    broken.add("table that is not aligned", &image.put32(at, offset + 2).0, &["not aligned"]);
}

/// A relocation of a kind that does not exist, beside an access that does.
pub(crate) fn kinds(broken: &mut Broken) {
    let image = with_ext(2, 16, &[(1, vec![0, 1, 0, 99])]);
    let types = image.data(".BTF");
    let (strings, length) = (types + 24 + image.u32(types + 16) as usize, image.u32(types + 20) as usize);
    // The last string ends in the access.
    let access = image.data(".BTF.ext") + 32 + 4 + 8 + 8;
    let image = image.put(strings + length - 2, b"0\0").put32(access, length as u32 - 2);
    broken.add("relocation of kind 99", &image.0, &["of kind 99"]);
}
