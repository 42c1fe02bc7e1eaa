//! The section table.

use object::elf::{self, SectionHeader64, SectionType};
use object::read::ReadRef;
use object::{LittleEndian, pod};

use super::header::Header;
use super::strings::Strings;
use super::{Checked, refuse};

/// libbpf walks all symbols once per code section.
const MAX_SECTIONS: usize = 4096;
/// The largest `.bss`: also the largest array that BTF may declare.
pub(super) const MAX_DATA_SIZE: u64 = 256 << 20;

/// Sections that libbpf takes for the only one of their name, with bytes in the file.
const SINGLE: [&str; 9] = [
    ".text",
    ".maps",
    "license",
    "version",
    ".struct_ops",
    ".struct_ops.link",
    "?.struct_ops",
    "?.struct_ops.link",
    ".jumptables",
];

pub(super) type SectionHeader = SectionHeader64<LittleEndian>;

/// One section, with its bytes inside the file.
pub(super) struct Section<'a> {
    pub(super) name: &'a str,
    pub(super) header: &'a SectionHeader,
    /// Empty for a section without bytes in the file (`.bss`).
    pub(super) data: &'a [u8],
}

impl Section<'_> {
    pub(super) fn kind(&self) -> SectionType {
        self.header.sh_type.get(LittleEndian)
    }

    /// Size at run time, in bytes.
    pub(super) fn size(&self) -> u64 {
        self.header.sh_size.get(LittleEndian)
    }

    pub(super) fn is_code(&self) -> bool {
        self.kind() == elf::SHT_PROGBITS && self.header.sh_flags.get(LittleEndian).0 & elf::SHF_EXECINSTR.0 != 0
    }

    /// Debug information for debuggers, which libbpf never reads.
    pub(super) fn is_debug(&self) -> bool {
        self.name.starts_with(".debug_") || self.name.starts_with(".rel.debug_")
    }
}

pub(super) struct Sections<'a>(Vec<Section<'a>>);

impl<'a> Sections<'a> {
    pub(super) fn check(image: &'a [u8], header: &Header) -> Checked<Self> {
        let le = LittleEndian;
        let count = usize::from(header.e_shnum.get(le));
        if count == 0 || header.e_shoff.get(le) == 0 {
            refuse!("it has no sections");
        }
        if count > MAX_SECTIONS {
            refuse!("it has {count} sections; at most {MAX_SECTIONS} are accepted");
        }
        if header.e_shentsize.get(le) != 64 {
            refuse!("its section headers are {} bytes long, not 64", header.e_shentsize.get(le));
        }
        let Ok(headers) = image.read_slice_at::<SectionHeader>(header.e_shoff.get(le), count) else {
            refuse!("the section table lies outside the file or is not aligned (a truncated file?)");
        };
        let names = section_names(image, header, headers)?;
        let mut sections = Vec::with_capacity(count);
        for (index, header) in headers.iter().enumerate() {
            sections.push(check_one(image, &names, index, header, count)?);
        }
        let sections = Self(sections);
        let memory = sections.0.iter().filter(|section| section.kind() == elf::SHT_NOBITS).map(Section::size);
        if memory.fold(0, u64::saturating_add) > MAX_DATA_SIZE {
            refuse!("its sections want more than {} MiB of memory", MAX_DATA_SIZE >> 20);
        }
        SINGLE.iter().try_for_each(|name| sections.unique(name).map(drop))?;
        Ok(sections)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Section<'a>)> {
        self.0.iter().enumerate()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Section<'a>> {
        self.0.get(index)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn code_count(&self) -> usize {
        self.0.iter().filter(|section| section.is_code()).count()
    }

    /// The bytes of the section of this name, which must not occur twice.
    pub(super) fn unique(&self, name: &str) -> Checked<Option<&'a [u8]>> {
        let mut found = self.0.iter().filter(|section| section.name == name);
        let first = found.next();
        if found.next().is_some() {
            refuse!("it has two {name} sections");
        }
        match first {
            Some(section) if section.kind() != elf::SHT_PROGBITS => {
                refuse!("its {name} section has ELF type {}", section.kind().0)
            }
            Some(section) => Ok(Some(section.data)),
            None => Ok(None),
        }
    }

    /// The section's bytes as a table of fixed-size entries.
    pub(super) fn table<T: pod::Pod>(section: &Section<'a>) -> Checked<&'a [T]> {
        let size = size_of::<T>();
        let entry_size = section.header.sh_entsize.get(LittleEndian);
        if entry_size != size as u64 || !section.data.len().is_multiple_of(size) {
            refuse!(
                "section {} has entries of {entry_size} bytes in {} bytes, not of {size}",
                section.name,
                section.data.len()
            );
        }
        match pod::slice_from_all_bytes(section.data) {
            Ok(table) => Ok(table),
            Err(()) => refuse!("section {} is not aligned", section.name),
        }
    }
}

fn section_names<'a>(image: &'a [u8], header: &Header, headers: &[SectionHeader]) -> Checked<Strings<'a>> {
    let index = usize::from(header.e_shstrndx.get(LittleEndian).0);
    let Some(names) = headers.get(index).filter(|_| index != 0) else {
        refuse!("the section names are said to be in section {index}, which does not exist");
    };
    if names.sh_type.get(LittleEndian) != elf::SHT_STRTAB {
        refuse!("the section names are said to be in section {index}, which is not a string table");
    }
    Strings::check(bytes(image, names, index)?, "the table of section names")
}

fn bytes<'a>(image: &'a [u8], header: &SectionHeader, index: usize) -> Checked<&'a [u8]> {
    let (offset, size) = (header.sh_offset.get(LittleEndian), header.sh_size.get(LittleEndian));
    match image.read_bytes_at(offset, size) {
        Ok(data) => Ok(data),
        Err(()) => refuse!(
            "section {index} (offset {offset}, {size} bytes) ends behind the file of {} bytes (truncated?)",
            image.len()
        ),
    }
}

fn check_one<'a>(
    image: &'a [u8],
    names: &Strings<'a>,
    index: usize,
    header: &'a SectionHeader,
    count: usize,
) -> Checked<Section<'a>> {
    let le = LittleEndian;
    let name = names.name(header.sh_name.get(le), format_args!("section {index}"))?;
    let kind = header.sh_type.get(le);
    let data = match kind {
        elf::SHT_NULL => &[],
        elf::SHT_NOBITS => {
            if header.sh_size.get(le) > MAX_DATA_SIZE {
                refuse!(
                    "section {name} wants {} bytes of memory; at most {} MiB are accepted",
                    header.sh_size.get(le),
                    MAX_DATA_SIZE >> 20
                );
            }
            &[]
        }
        _ => bytes(image, header, index)?,
    };
    let align = header.sh_addralign.get(le);
    if align > 1 && !align.is_power_of_two() {
        refuse!("section {name} has alignment {align}, which is not a power of two");
    }
    if header.sh_link.get(le) as usize >= count {
        refuse!("section {name} refers to section {}; there are {count}", header.sh_link.get(le));
    }
    if header.sh_flags.get(le).0 & elf::SHF_COMPRESSED.0 != 0 && !name.starts_with(".debug_") {
        refuse!("section {name} is compressed");
    }
    if name == "maps" {
        refuse!(
            "it declares its maps the old way, in SEC(\"maps\"), which libbpf 1.0 gave up: declare them in SEC(\".maps\")"
        );
    }
    let section = Section { name, header, data };
    if section.is_code() && !data.len().is_multiple_of(8) {
        refuse!("code section {name} has {} bytes, which is not a multiple of 8", data.len());
    }
    Ok(section)
}
