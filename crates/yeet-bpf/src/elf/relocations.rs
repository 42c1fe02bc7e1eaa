//! Relocations.

use object::LittleEndian;
use object::elf::{self, Rel64};

use super::sections::{Section, Sections};
use super::symbols::Symbols;
use super::{Checked, refuse};

/// The relocation types of BPF: 64-bit immediate, absolute 64 and 32 bits, 32 bits without dynamic linking, call.
const KNOWN_TYPES: [u32; 5] = [1, 2, 3, 4, 10];

/// Gives how many there are.
pub(super) fn check(sections: &Sections<'_>, symbols: &Symbols<'_>) -> Checked<usize> {
    let mut count = 0;
    for (index, section) in sections.iter() {
        match section.kind() {
            elf::SHT_REL => count += check_section(sections, symbols, index, section)?,
            elf::SHT_RELA if !section.is_debug() => {
                refuse!("section {} has relocations with addends, which BPF does not use", section.name)
            }
            _ => {}
        }
    }
    Ok(count)
}

fn check_section(
    sections: &Sections<'_>,
    symbols: &Symbols<'_>,
    index: usize,
    section: &Section<'_>,
) -> Checked<usize> {
    let le = LittleEndian;
    let target_index = section.header.sh_info.get(le) as usize;
    let Some(target) = sections.get(target_index).filter(|_| target_index != index && target_index != 0) else {
        refuse!("section {} relocates section {target_index}, which does not exist", section.name);
    };
    if section.header.sh_link.get(le) as usize != symbols.section {
        refuse!("section {} does not refer to the symbol table", section.name);
    }
    let table: &[Rel64<LittleEndian>] = Sections::table(section)?;
    let width = if target.is_code() { 8 } else { 4 };
    for (at, relocation) in table.iter().enumerate() {
        let offset = relocation.r_offset.get(le);
        if offset.checked_add(width).is_none_or(|end| end > target.size()) {
            refuse!(
                "relocation {at} of {} is at {offset}, behind the {} bytes of {}",
                section.name,
                target.size(),
                target.name
            );
        }
        if target.is_code() && !offset.is_multiple_of(8) {
            refuse!("relocation {at} of {} is at {offset}, inside an instruction", section.name);
        }
        let info = relocation.r_info.get(le);
        let (symbol, kind) = ((info >> 32) as usize, info as u32);
        if symbol >= symbols.len() {
            refuse!("relocation {at} of {} refers to symbol {symbol}; there are {}", section.name, symbols.len());
        }
        if !KNOWN_TYPES.contains(&kind) {
            refuse!("relocation {at} of {} has type {kind}, which BPF does not have", section.name);
        }
    }
    Ok(table.len())
}
