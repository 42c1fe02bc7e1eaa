//! The functions of an ELF binary. The file is not trusted: nothing in it makes this crash, or take memory without bound.

use std::cell::Cell;
use std::ffi::CStr;
use std::fs::File;
use std::ops::Range;

use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader, SectionTable, Sym};
use object::read::{FileKind, ReadCache, ReadRef};
use object::{Endianness, SymbolIndex};

use super::debugdata;

/// A function that a symbol table defines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function<'a> {
    /// Without version.
    pub(super) name: &'a str,
    pub(super) version: Option<&'a str>,
    pub(super) address: u64,
    pub(super) size: u64,
    /// It chooses the function to call.
    pub(super) is_indirect: bool,
    /// Known inside its source file alone (`static`).
    pub(super) is_local: bool,
    /// Not of a version that only old programs ask for.
    pub(super) is_default: bool,
}

/// A range of the file that is mapped as code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    pub(super) address: u64,
    pub(super) offset: u64,
    pub(super) size: u64,
}

/// An ELF binary, of which parts are read as they are asked for.
pub(super) struct Elf<'a> {
    cache: ReadCache<&'a File>,
    /// Bytes that may still be read this time.
    left: Cell<u64>,
    pub(super) code: Vec<Code>,
    /// Where the compressed table of a stripped binary is (`.gnu_debugdata`): bytes from the start of the file.
    packed: Option<Range<u64>>,
}

impl<'a> Elf<'a> {
    pub(super) fn open(file: &'a File) -> Result<Self, String> {
        let mut elf = Self { cache: ReadCache::new(file), left: Cell::new(MAX_READ), code: Vec::new(), packed: None };
        let head = elf.read(None)?;
        (elf.code, elf.packed) = (head.code, head.packed);
        Ok(elf)
    }

    /// The functions of `.symtab` and `.dynsym`.
    pub(super) fn own_functions(&self, visit: &mut dyn FnMut(Function<'_>)) -> Result<(), String> {
        self.read(Some(visit)).map(drop)
    }

    fn read(&self, visit: Option<&mut dyn FnMut(Function<'_>)>) -> Result<Head, String> {
        // What was read before is kept, and does not count again.
        self.left.set(MAX_READ);
        read(Bounded { data: &self.cache, left: &self.left }, visit)
    }

    /// The functions of the compressed table, if the binary has one.
    pub(super) fn packed_functions(&self, visit: &mut dyn FnMut(Function<'_>)) -> Result<(), String> {
        let Some(range) = self.packed.clone() else { return Ok(()) };
        let told = |reason: String| format!("its .gnu_debugdata is broken: {reason}");
        let file = Bounded { data: &self.cache, left: &self.left };
        let packed = file.read_bytes_at(range.start, range.end - range.start);
        let image =
            debugdata::unpack(packed.map_err(|()| told("it lies outside of the file".to_owned()))?).map_err(told)?;
        read(image.as_slice(), Some(visit)).map(drop).map_err(told)
    }

    pub(super) fn functions(&self, visit: &mut dyn FnMut(Function<'_>)) -> Result<(), String> {
        self.own_functions(visit)?;
        self.packed_functions(visit)
    }

    /// Where in the file the code at an address is.
    pub(super) fn offset_of(&self, address: u64) -> Option<u64> {
        let code = self.code.iter().find(|code| address.wrapping_sub(code.address) < code.size)?;
        (address - code.address).checked_add(code.offset)
    }
}

struct Head {
    code: Vec<Code>,
    packed: Option<Range<u64>>,
}

/// Functions are visited only where somebody wants them.
fn read<'data>(data: impl ReadRef<'data>, visit: Option<&mut dyn FnMut(Function<'_>)>) -> Result<Head, String> {
    match FileKind::parse(data) {
        Ok(FileKind::Elf64) => read_class::<FileHeader64<Endianness>, _>(data, visit),
        Ok(FileKind::Elf32) => read_class::<FileHeader32<Endianness>, _>(data, visit),
        Ok(other) => Err(format!("it is {other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

fn read_class<'data, Header: FileHeader<Endian = Endianness>, R: ReadRef<'data>>(
    data: R,
    visit: Option<&mut dyn FnMut(Function<'_>)>,
) -> Result<Head, String> {
    let text = |error: object::read::Error| error.to_string();
    let header = Header::parse(data).map_err(text)?;
    let endian = header.endian().map_err(text)?;
    let is_code = |segment: &&Header::ProgramHeader| {
        segment.p_type(endian) == elf::PT_LOAD && segment.p_flags(endian).0 & elf::PF_X.0 != 0
    };
    let code = header.program_headers(endian, data).map_err(text)?.iter().filter(is_code).map(|segment| Code {
        address: segment.p_vaddr(endian).into(),
        offset: segment.p_offset(endian).into(),
        size: segment.p_filesz(endian).into(),
    });
    let code = code.collect();
    let sections = header.sections(endian, data).map_err(text)?;
    if let Some(visit) = visit {
        for kind in [elf::SHT_SYMTAB, elf::SHT_DYNSYM] {
            visit_table(&sections, endian, data, kind, visit)?;
        }
    }
    let packed = sections.section_by_name(endian, b".gnu_debugdata").and_then(|(_, section)| {
        let start: u64 = section.sh_offset(endian).into();
        Some(start..start.checked_add(section.sh_size(endian).into())?)
    });
    Ok(Head { code, packed })
}

fn visit_table<'data, Header: FileHeader<Endian = Endianness>, R: ReadRef<'data>>(
    sections: &SectionTable<'data, Header, R>,
    endian: Endianness,
    data: R,
    kind: elf::SectionType,
    visit: &mut dyn FnMut(Function<'_>),
) -> Result<(), String> {
    let text = |error: object::read::Error| error.to_string();
    let symbols = sections.symbols(endian, data, kind).map_err(text)?;
    if symbols.is_empty() {
        return Ok(());
    }
    // In one piece: name by name it would be read by as many system calls.
    let strings = sections.section(symbols.string_section()).and_then(|section| section.data(endian, data));
    let strings = strings.map_err(text)?;
    let versions = if kind == elf::SHT_DYNSYM { sections.versions(endian, data).map_err(text)? } else { None };
    let mut left = MAX_NAMES;
    for (index, symbol) in symbols.enumerate() {
        let is_function = matches!(symbol.st_type(), elf::STT_FUNC | elf::STT_GNU_IFUNC);
        if !is_function || symbol.is_undefined(endian) {
            continue;
        }
        let name = strings.get(symbol.st_name(endian) as usize..).unwrap_or_default();
        let name = &name[..name.len().min(MAX_NAME + 1)];
        let name = CStr::from_bytes_until_nul(name).map_or(name, CStr::to_bytes);
        left = left.checked_sub(name.len()).ok_or("its names are too many and too long")?;
        if name.is_empty() || name.len() > MAX_NAME {
            continue;
        }
        let name = String::from_utf8_lossy(name);
        // Static tables keep the version in the name, dynamic ones beside it.
        let (bare, mut version) = split_version(&name);
        let mut is_default = !name.contains('@') || name.contains("@@");
        if let Some(table) = &versions {
            let version_index = table.version_index(endian, SymbolIndex(index.0));
            is_default = !version_index.is_hidden();
            if let Ok(Some(known)) = table.version(version_index.index()) {
                version = std::str::from_utf8(known.name()).ok();
            }
        }
        visit(Function {
            name: bare,
            version,
            address: symbol.st_value(endian).into(),
            size: symbol.st_size(endian).into(),
            is_indirect: symbol.st_type() == elf::STT_GNU_IFUNC,
            is_local: symbol.st_bind() == elf::STB_LOCAL,
            is_default,
        });
    }
    Ok(())
}

/// `memcpy@GLIBC_2.2.5`, `memcpy@@GLIBC_2.14`, `memcpy`.
pub(super) fn split_version(name: &str) -> (&str, Option<&str>) {
    match name.split_once('@') {
        Some((name, version)) if !name.is_empty() => (name, Some(version.trim_start_matches('@'))),
        _ => (name, None),
    }
}

/// Bytes. The tables of the largest browsers with debug information have some hundred million.
pub(super) const MAX_READ: u64 = 1 << 30;

/// Bytes. Longer names are passed over: the longest of real C++ have some thousand.
const MAX_NAME: usize = 64 << 10;
/// Bytes, of all names of a table: many symbols may have the same long one.
const MAX_NAMES: usize = 1 << 30;

/// Reads no more than so many bytes in all, however large the tables of a file claim to be: it may be one large hole.
#[derive(Clone, Copy)]
pub(super) struct Bounded<'a, R> {
    pub(super) data: R,
    pub(super) left: &'a Cell<u64>,
}

impl<'data, R: ReadRef<'data>> ReadRef<'data> for Bounded<'_, R> {
    fn len(self) -> Result<u64, ()> {
        self.data.len()
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'data [u8], ()> {
        self.left.set(self.left.get().checked_sub(size).ok_or(())?);
        self.data.read_bytes_at(offset, size)
    }

    fn read_bytes_at_until(self, range: Range<u64>, delimiter: u8) -> Result<&'data [u8], ()> {
        self.data.read_bytes_at_until(range, delimiter)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::os::unix::fs::FileExt;
    use std::path::{Path, PathBuf};

    use super::*;

    /// A copy of a small program, gone with this value.
    struct Copy {
        path: PathBuf,
        file: File,
    }

    impl Copy {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("yeet-elf-{}-{name}", std::process::id()));
            std::fs::copy("/bin/true", &path).unwrap();
            let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
            Self { path, file }
        }
    }

    impl Drop for Copy {
        fn drop(&mut self) {
            std::fs::remove_file(&self.path).unwrap();
        }
    }

    fn count(file: &File) -> Result<usize, String> {
        let mut count = 0;
        Elf::open(file)?.functions(&mut |_| count += 1)?;
        Ok(count)
    }

    fn word(file: &File, at: u64) -> u64 {
        let mut bytes = [0; 8];
        file.read_exact_at(&mut bytes, at).unwrap();
        u64::from_le_bytes(bytes)
    }

    #[test]
    fn this_program_has_this_test() {
        let file = File::open(std::env::current_exe().unwrap()).unwrap();
        let elf = Elf::open(&file).unwrap();
        let mut places = Vec::new();
        elf.own_functions(&mut |function| {
            if function.name.contains("this_program_has_this_test") && function.size != 0 {
                places.push(elf.offset_of(function.address));
            }
        })
        .unwrap();
        assert!(!places.is_empty() && places.iter().all(Option::is_some), "{places:?}");
        assert!(count(&File::open(Path::new("/lib/x86_64-linux-gnu/libc.so.6")).unwrap()).unwrap() > 1000);
    }

    /// Every byte of the headers, one at a time.
    #[test]
    fn a_broken_binary_is_an_error_or_has_other_functions() {
        let copy = Copy::new("broken");
        let (sections, end) = (word(&copy.file, 40), copy.file.metadata().unwrap().len());
        assert!(sections > 64 && end > sections);
        for at in (0..64).chain(sections..end) {
            let mut byte = [0];
            copy.file.read_exact_at(&mut byte, at).unwrap();
            for wrong in [byte[0] ^ 0xff, byte[0] ^ 1] {
                copy.file.write_all_at(&[wrong], at).unwrap();
                let _ = count(&copy.file);
            }
            copy.file.write_all_at(&byte, at).unwrap();
        }
        count(&copy.file).unwrap();
    }

    #[test]
    fn a_table_as_large_as_a_hole_is_an_error() {
        const DYNSYM: u32 = 11;
        let copy = Copy::new("sparse");
        let sections = word(&copy.file, 40);
        copy.file.set_len(1 << 40).unwrap();
        let count_of_sections = word(&copy.file, 60) & 0xffff;
        let symbols = (0..count_of_sections)
            .map(|n| sections + 64 * n)
            .find(|at| word(&copy.file, *at) >> 32 == u64::from(DYNSYM));
        copy.file.write_all_at(&(24u64 << 34).to_le_bytes(), symbols.unwrap() + 32).unwrap();
        count(&copy.file).unwrap_err();
    }

    /// Half a million symbols of one name of 60,000 bytes.
    #[test]
    fn a_long_name_used_often_is_an_error() {
        const DYNSYM: u32 = 11;
        const STRTAB: u32 = 3;
        const SYMBOLS: u64 = 500_000;
        let copy = Copy::new("names");
        let sections = word(&copy.file, 40);
        let of_kind = |kind: u32| {
            let mut all = (0..word(&copy.file, 60) & 0xffff).map(|n| sections + 64 * n);
            all.find(|at| word(&copy.file, *at) >> 32 == u64::from(kind)).unwrap()
        };
        let (symbols, strings) = (of_kind(DYNSYM), of_kind(STRTAB));
        let end = copy.file.metadata().unwrap().len().next_multiple_of(8);
        // A function of section 1, at the start of the strings.
        let mut symbol = [0; 24];
        (symbol[4], symbol[6]) = (0x12, 1);
        copy.file.write_all_at(&symbol.repeat(SYMBOLS as usize), end).unwrap();
        let name = end + 24 * SYMBOLS;
        copy.file.write_all_at(&[b'x'; 60_000], name).unwrap();
        copy.file.write_all_at(&[0], name + 60_000).unwrap();
        // A static table has no versions beside it.
        copy.file.write_all_at(&2u32.to_le_bytes(), symbols + 4).unwrap();
        for (section, at, size) in [(symbols, end, 24 * SYMBOLS), (strings, name, 60_001)] {
            copy.file.write_all_at(&at.to_le_bytes(), section + 24).unwrap();
            copy.file.write_all_at(&size.to_le_bytes(), section + 32).unwrap();
        }
        assert_eq!(count(&copy.file).unwrap_err(), "its names are too many and too long");
    }
}
