//! BTF.ext: which instruction comes from which function, line of source and CO-RE access.

use super::btf::Types;
use super::{Checked, refuse};

const MAGIC: u16 = 0xeb9f;
const MIN_HEADER_SIZE: usize = 24;

/// The three tables of BTF.ext, by the offset of their place in the header and the smallest size of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Functions,
    Lines,
    Relocations,
}

impl Table {
    const fn header_offset(self) -> usize {
        match self {
            Self::Functions => 8,
            Self::Lines => 16,
            Self::Relocations => 24,
        }
    }

    const fn min_record_size(self) -> usize {
        match self {
            Self::Functions => 8,
            Self::Lines | Self::Relocations => 16,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Functions => "function table",
            Self::Lines => "line table",
            Self::Relocations => "CO-RE table",
        }
    }
}

/// The records that one code section has in a table.
pub(super) struct Block<'a> {
    pub(super) section_name: u32,
    record_size: usize,
    records: &'a [u8],
}

impl Block<'_> {
    /// The first four words of each record (two for the function table).
    pub(super) fn records<const N: usize>(&self) -> impl Iterator<Item = [u32; N]> {
        self.records
            .chunks_exact(self.record_size)
            .map(|record| std::array::from_fn(|at| word(record, 4 * at).unwrap_or(0)))
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn check(btf_ext: &[u8], types: &Types<'_>) -> Checked {
    let name = |offset: u32, what: &str| -> Checked {
        match types.strings.contains(offset) {
            true => Ok(()),
            false => refuse!("{what} of its BTF.ext has a string at {offset}, behind the strings of its BTF"),
        }
    };
    for block in blocks(btf_ext, Table::Functions)? {
        types.strings.check_name(block.section_name, format_args!("the function table"))?;
        for [_, id] in block.records::<2>() {
            types.check_id(id, 0)?;
        }
    }
    for block in blocks(btf_ext, Table::Lines)? {
        types.strings.check_name(block.section_name, format_args!("the line table"))?;
        for [_, file, line, _] in block.records::<4>() {
            name(file, "the line table")?;
            name(line, "the line table")?;
        }
    }
    for block in blocks(btf_ext, Table::Relocations)? {
        types.strings.check_name(block.section_name, format_args!("the CO-RE table"))?;
        for [_, id, access, _] in block.records::<4>() {
            types.check_id(id, 0)?;
            name(access, "the CO-RE table")?;
        }
    }
    Ok(())
}

/// Cuts one table into its blocks, checking every bound.
pub(super) fn blocks(btf_ext: &[u8], table: Table) -> Checked<Vec<Block<'_>>> {
    let name = table.name();
    let header_size = match (btf_ext.get(..2), btf_ext.get(2), word(btf_ext, 4)) {
        (Some(magic), Some(1), Some(size)) if magic == MAGIC.to_le_bytes() => size as usize,
        _ => refuse!("its .BTF.ext section holds no BTF.ext of version 1"),
    };
    if header_size < MIN_HEADER_SIZE || header_size > btf_ext.len() {
        refuse!("its BTF.ext header says that it is {header_size} bytes long, in {} bytes", btf_ext.len());
    }
    // Old compilers write no CO-RE table, and then the header ends before its place.
    if table.header_offset() + 8 > header_size {
        return Ok(Vec::new());
    }
    let place = |at| word(btf_ext, table.header_offset() + at).unwrap_or(0) as usize;
    let (start, size) = (header_size + place(0), place(4));
    let Some(mut bytes) = btf_ext.get(start..start + size) else {
        refuse!("the {name} of its BTF.ext ends at {}, behind its {} bytes", start + size, btf_ext.len());
    };
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let record_size = word(bytes, 0).unwrap_or(0) as usize;
    if record_size < table.min_record_size() || !record_size.is_multiple_of(4) || record_size > 4096 {
        refuse!("the {name} of its BTF.ext has records of {record_size} bytes");
    }
    bytes = &bytes[4..];
    let mut blocks = Vec::new();
    while !bytes.is_empty() {
        let (Some(section_name), Some(count)) = (word(bytes, 0), word(bytes, 4)) else {
            refuse!("the {name} of its BTF.ext is cut short");
        };
        let Some((records, rest)) = bytes[8..].split_at_checked(record_size.saturating_mul(count as usize)) else {
            refuse!("the {name} of its BTF.ext has {count} records in {} bytes", bytes.len());
        };
        if count == 0 {
            refuse!("the {name} of its BTF.ext has an empty block");
        }
        blocks.push(Block { section_name, record_size, records });
        bytes = rest;
    }
    Ok(blocks)
}
