//! The static probes of a binary, which its notes list.

use std::cell::Cell;
use std::fs::File;

use object::Endianness;
use object::elf::{FileHeader64, PF_X, PT_LOAD};
use object::read::ReadCache;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};

use super::elf::{Bounded, MAX_READ};

/// The type of the notes.
const STATIC_PROBE: u32 = 3;

/// One place of a static probe; a probe may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::attach) struct StaticProbe {
    pub(in crate::attach) provider: String,
    pub(in crate::attach) name: String,
    /// Bytes from the start of the file, like the next; `None` where it is not in the code.
    pub(in crate::attach) offset: Option<u64>,
    /// The counter of those who watch.
    pub(in crate::attach) semaphore: Option<u64>,
    /// Where each argument is, as in `-4@%edi 8@16(%rsp)`.
    pub(in crate::attach) arguments: String,
}

/// A range of the file that is mapped.
struct Segment {
    address: u64,
    offset: u64,
    size: u64,
    is_code: bool,
}

/// In the order of the file. Only 64-bit binaries can be read.
pub(in crate::attach) fn static_probes(file: &File) -> Result<Vec<StaticProbe>, String> {
    let text = |error: object::read::Error| error.to_string();
    let (cache, left) = (ReadCache::new(file), Cell::new(MAX_READ));
    let data = Bounded { data: &cache, left: &left };
    let header = FileHeader64::<Endianness>::parse(data).map_err(text)?;
    let endian = header.endian().map_err(text)?;
    let segments = header.program_headers(endian, data).map_err(text)?.iter();
    let segments = segments.filter(|segment| segment.p_type(endian) == PT_LOAD).map(|segment| Segment {
        address: segment.p_vaddr(endian),
        offset: segment.p_offset(endian),
        size: segment.p_filesz(endian),
        is_code: segment.p_flags(endian).0 & PF_X.0 != 0,
    });
    let segments: Vec<_> = segments.collect();
    let sections = header.sections(endian, data).map_err(text)?;
    let base = sections.section_by_name(endian, b".stapsdt.base").map(|(_, section)| section.sh_addr(endian));
    let mut probes = Vec::new();
    let is_list = |section: &&_| sections.section_name(endian, section).is_ok_and(|name| name == b".note.stapsdt");
    for section in sections.iter().filter(is_list) {
        let Some(mut notes) = section.notes(endian, data).map_err(text)? else { continue };
        while let Some(note) = notes.next().map_err(text)? {
            if note.name() == b"stapsdt" && note.n_type(endian).0 == STATIC_PROBE {
                probes.extend(probe(note.desc(), base, &segments));
            }
        }
    }
    Ok(probes)
}

/// Three addresses, and three strings that each end with a zero.
fn probe(description: &[u8], base: Option<u64>, segments: &[Segment]) -> Option<StaticProbe> {
    let address = |at: usize| Some(u64::from_ne_bytes(description.get(at..at + 8)?.try_into().ok()?));
    let (place, linked_base, semaphore) = (address(0)?, address(8)?, address(16)?);
    let mut strings = description.get(24..)?.split(|&byte| byte == 0);
    let mut text = || Some(String::from_utf8_lossy(strings.next()?).into_owned());
    // A tool that moved the binary's sections moved this one too, but did not change the notes.
    let moved = base.filter(|_| linked_base != 0).map_or(0, |base| base.wrapping_sub(linked_base));
    let find = |address: u64, is_code| {
        let address = address.wrapping_add(moved);
        let within = |segment: &&Segment| address.wrapping_sub(segment.address) < segment.size;
        let segment = segments.iter().filter(within).find(|segment| segment.is_code == is_code)?;
        (address - segment.address).checked_add(segment.offset)
    };
    Some(StaticProbe {
        provider: text()?,
        name: text()?,
        offset: find(place, true),
        semaphore: if semaphore == 0 { None } else { find(semaphore, false) },
        arguments: text()?,
    })
}
