//! The static probes of a binary, which its notes list.

use std::cell::Cell;
use std::fs::File;

use object::Endianness;
use object::elf::FileHeader64;
use object::read::ReadCache;
use object::read::elf::{FileHeader, SectionHeader};

use super::elf::{Bounded, MAX_READ};

/// The type of the notes.
const STATIC_PROBE: u32 = 3;

/// A static probe.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::attach) struct StaticProbe {
    pub(in crate::attach) provider: String,
    pub(in crate::attach) name: String,
}

/// In the order of their names. libbpf attaches to those of 64-bit binaries alone.
pub(in crate::attach) fn static_probes(file: &File) -> Result<Vec<StaticProbe>, String> {
    let text = |error: object::read::Error| error.to_string();
    let (cache, left) = (ReadCache::new(file), Cell::new(MAX_READ));
    let data = Bounded { data: &cache, left: &left };
    let header = FileHeader64::<Endianness>::parse(data).map_err(text)?;
    let endian = header.endian().map_err(text)?;
    let sections = header.sections(endian, data).map_err(text)?;
    let mut probes = Vec::new();
    let is_list = |section: &&_| sections.section_name(endian, section).is_ok_and(|name| name == b".note.stapsdt");
    for section in sections.iter().filter(is_list) {
        let Some(mut notes) = section.notes(endian, data).map_err(text)? else { continue };
        while let Some(note) = notes.next().map_err(text)? {
            if note.name() == b"stapsdt" && note.n_type(endian).0 == STATIC_PROBE {
                probes.extend(probe(note.desc()));
            }
        }
    }
    probes.sort();
    probes.dedup();
    Ok(probes)
}

/// Three addresses, and three strings that each end with a zero.
fn probe(description: &[u8]) -> Option<StaticProbe> {
    let mut strings = description.get(24..)?.split(|&byte| byte == 0);
    let mut text = || Some(String::from_utf8_lossy(strings.next()?).into_owned());
    Some(StaticProbe { provider: text()?, name: text()? })
}
