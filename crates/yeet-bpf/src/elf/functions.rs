//! The functions of the code sections: each is copied by libbpf, and those of `.text` once for every program that calls them.

use object::LittleEndian;
use object::elf;

use super::sections::Sections;
use super::symbols::Symbols;
use super::{Checked, MAX_PRODUCT, refuse};

/// libbpf follows calls by recursion, and a program of the kernel has at most 256 functions.
const MAX_CALLED: usize = 2048;
/// The opcode of the one instruction that takes two places. libbpf writes to the second when it relocates the first.
const LOAD_64_BITS: u8 = 0x18;

pub(super) fn check(sections: &Sections<'_>, symbols: &Symbols<'_>) -> Checked {
    let le = LittleEndian;
    let mut sizes = vec![0; sections.len()];
    let (mut programs, mut called) = (0_usize, 0_usize);
    for (at, symbol) in symbols.iter().enumerate() {
        let index = usize::from(symbol.st_shndx.get(le).0);
        let Some(section) = sections.get(index).filter(|section| section.is_code()) else { continue };
        if symbol.st_type() != elf::STT_FUNC {
            continue;
        }
        // Both lie inside the section.
        let (start, size) = (symbol.st_value.get(le) as usize, symbol.st_size.get(le) as usize);
        let name = symbols.label(at);
        if !start.is_multiple_of(8) || !size.is_multiple_of(8) {
            refuse!("function {name} ({size} bytes at {start}) is not made of whole instructions");
        }
        let last = section.data[start..start + size].rchunks_exact(8).next();
        if last.is_some_and(|last| last[0] == LOAD_64_BITS) {
            refuse!("function {name} ends in the middle of an instruction");
        }
        sizes[index] += size;
        if sizes[index] > 2 * section.data.len() {
            refuse!("the functions of {} lie over each other", section.name);
        }
        match section.name {
            ".text" => called += 1,
            _ => programs += 1,
        }
    }
    let text = sections.iter().find(|(_, section)| section.name == ".text").map_or(0, |(_, text)| text.data.len());
    if called > MAX_CALLED || programs.saturating_mul(text) > MAX_PRODUCT {
        refuse!(
            "it has {programs} programs and {called} functions for them to call, of {text} bytes; that is too many"
        );
    }
    Ok(())
}
