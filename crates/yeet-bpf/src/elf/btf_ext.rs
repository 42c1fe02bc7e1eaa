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
    fn len(&self) -> usize {
        self.records.len() / self.record_size
    }

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

/// How much there is of what libbpf walks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Blocks of the table that has most.
    pub(super) blocks: usize,
    /// Records of functions and lines.
    pub(super) records: usize,
}

/// libbpf searches all types of the kernel for each type that one of these is about.
const MAX_RELOCATIONS: usize = 1 << 16;
/// The largest kind of CO-RE relocation.
const MAX_RELOCATION_KIND: u32 = 12;
/// libbpf follows members this deep.
const MAX_ACCESSES: usize = 64;

pub(super) fn check(btf_ext: &[u8], types: &Types<'_>) -> Checked<Counts> {
    let mut counts = Counts::default();
    let mut count = |blocks: &[Block<'_>]| {
        counts.blocks = counts.blocks.max(blocks.len());
        counts.records += blocks.iter().map(Block::len).sum::<usize>();
    };
    let name = |offset: u32, what: &str| -> Checked {
        match types.strings.contains(offset) {
            true => Ok(()),
            false => refuse!("{what} of its BTF.ext has a string at {offset}, behind the strings of its BTF"),
        }
    };
    let functions = blocks(btf_ext, Table::Functions)?;
    count(&functions);
    for block in functions {
        types.strings.check_name(block.section_name, format_args!("the function table"))?;
        for [offset, id] in block.records::<2>() {
            check_offset(offset, Table::Functions)?;
            if !types.is_function(id) {
                refuse!("the function table of its BTF.ext refers to type {id}, which is no function");
            }
        }
    }
    let lines = blocks(btf_ext, Table::Lines)?;
    count(&lines);
    for block in lines {
        types.strings.check_name(block.section_name, format_args!("the line table"))?;
        for [offset, file, line, _] in block.records::<4>() {
            check_offset(offset, Table::Lines)?;
            name(file, "the line table")?;
            name(line, "the line table")?;
        }
    }
    let relocations = blocks(btf_ext, Table::Relocations)?;
    let relocation_count = relocations.iter().map(Block::len).sum::<usize>();
    if relocation_count > MAX_RELOCATIONS {
        refuse!(
            "the CO-RE table of its BTF.ext has {relocation_count} records; at most {MAX_RELOCATIONS} are accepted"
        );
    }
    count(&relocations);
    for block in relocations {
        types.strings.check_name(block.section_name, format_args!("the CO-RE table"))?;
        for [offset, id, access, kind] in block.records::<4>() {
            check_offset(offset, Table::Relocations)?;
            types.check_id(id, 0)?;
            name(access, "the CO-RE table")?;
            if !is_access(types.strings.bytes(access).unwrap_or_default()) {
                refuse!("the CO-RE table of its BTF.ext has an access that is no list of numbers");
            }
            if kind > MAX_RELOCATION_KIND {
                refuse!("the CO-RE table of its BTF.ext has a relocation of kind {kind}, which is not known here");
            }
        }
    }
    Ok(counts)
}

fn check_offset(offset: u32, table: Table) -> Checked {
    if !offset.is_multiple_of(8) {
        refuse!("the {} of its BTF.ext has a record at {offset}, inside an instruction", table.name());
    }
    Ok(())
}

/// Which member of which member: `0:1:3`.
fn is_access(text: &[u8]) -> bool {
    // What is longer than so many numbers of ten digits is not looked at.
    text.len() <= 11 * MAX_ACCESSES
        && text.split(|&byte| byte == b':').count() <= MAX_ACCESSES
        && text.split(|&byte| byte == b':').all(|part| {
            part.iter().all(u8::is_ascii_digit)
                && std::str::from_utf8(part).is_ok_and(|part| part.parse::<i32>().is_ok())
        })
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
    if !place(0).is_multiple_of(4) {
        refuse!("the {name} of its BTF.ext is not aligned");
    }
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
