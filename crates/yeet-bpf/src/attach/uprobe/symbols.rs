//! From a symbol to the place in the file that a probe goes to.

use std::fs::File;

use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader, Sym};
use object::read::{FileKind, ReadCache};
use object::{Endianness, SymbolIndex};

use super::super::similar::similar;
use super::super::spec::UprobeSpec;
use super::binary::Binary;
use crate::error::{Error, Kind, Result};

/// Where a probe goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes from the start of the file.
    pub(super) offset: u64,
    /// `SSL_read+4`, or the raw offset.
    pub(super) label: String,
    /// The symbol is a function that chooses the function to call.
    pub(super) is_indirect: bool,
}

/// What the file knows of one symbol of the wanted name.
#[derive(Clone, Copy, Debug)]
struct Found {
    address: u64,
    size: u64,
    is_indirect: bool,
    /// The version that a program gets which asks for none.
    is_default: bool,
}

/// A range of the file that is mapped as code.
#[derive(Clone, Copy, Debug)]
struct Code {
    address: u64,
    offset: u64,
    size: u64,
}

/// What to look for in a binary.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// Only where its code is.
    Code,
    /// A function, and where the code is.
    Symbol(&'a str),
    /// The names of all functions, for a suggestion.
    AllNames,
}

impl<'a> From<&'a UprobeSpec> for Wanted<'a> {
    fn from(spec: &'a UprobeSpec) -> Self {
        spec.symbol.as_deref().map_or(Self::Code, Self::Symbol)
    }
}

/// What was found.
struct Tables {
    found: Vec<Found>,
    names: Vec<String>,
    code: Vec<Code>,
}

pub(super) fn locate(what: &str, binary: &Binary, spec: &UprobeSpec) -> Result<Place> {
    let fail = |kind, reason: String| Error::new(kind, format!("{what}: {reason}")).with_path(&binary.shown);
    let cache = ReadCache::new(&binary.file);
    let unusable = |reason| fail(Kind::InvalidOpts, format!("{} is not a usable ELF binary: {reason}", binary.shown));
    let tables = read(&cache, Wanted::from(spec)).map_err(unusable)?;
    let Some(symbol) = &spec.symbol else {
        if !tables.code.iter().any(|code| spec.offset.wrapping_sub(code.offset) < code.size) {
            let reason = format!("offset {:#x} is not in the code of {}", spec.offset, binary.shown);
            return Err(fail(Kind::InvalidOpts, reason));
        }
        return Ok(Place { offset: spec.offset, label: format!("{:#x}", spec.offset), is_indirect: false });
    };
    let Some(found) = tables.found.iter().max_by_key(|found| (found.is_default, found.size != 0)) else {
        let names = read(&cache, Wanted::AllNames).map_err(unusable)?.names;
        let reason = match names.is_empty() {
            true => {
                format!(
                    "{} has no symbols (stripped?), so '{symbol}' is not found; give an offset instead",
                    binary.shown
                )
            }
            false => {
                let close = similar(symbol, names.iter().map(String::as_str), 3);
                let close =
                    if close.is_empty() { String::new() } else { format!("; did you mean {}?", close.join(" or ")) };
                format!("{} has no function '{symbol}'{close}", binary.shown)
            }
        };
        return Err(fail(Kind::NotFound, reason).with_errno(libc::ENOENT));
    };
    if found.size != 0 && spec.offset >= found.size {
        let reason =
            format!("offset {} is behind the {} bytes of '{symbol}' in {}", spec.offset, found.size, binary.shown);
        return Err(fail(Kind::InvalidOpts, reason));
    }
    let address = found.address.saturating_add(spec.offset);
    let Some(code) = tables.code.iter().find(|code| address.wrapping_sub(code.address) < code.size) else {
        return Err(fail(Kind::InvalidOpts, format!("'{symbol}' of {} is not code", binary.shown)));
    };
    let label = if spec.offset == 0 { symbol.clone() } else { format!("{symbol}+{}", spec.offset) };
    Ok(Place { offset: (address - code.address).saturating_add(code.offset), label, is_indirect: found.is_indirect })
}

fn read(cache: &ReadCache<&File>, wanted: Wanted<'_>) -> Result<Tables, String> {
    match FileKind::parse(cache) {
        Ok(FileKind::Elf64) => read_elf::<FileHeader64<Endianness>>(cache, wanted),
        Ok(FileKind::Elf32) => read_elf::<FileHeader32<Endianness>>(cache, wanted),
        Ok(other) => Err(format!("it is {other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

fn read_elf<Elf: FileHeader<Endian = Endianness>>(
    cache: &ReadCache<&File>,
    wanted: Wanted<'_>,
) -> Result<Tables, String> {
    let text = |error: object::read::Error| error.to_string();
    let header = Elf::parse(cache).map_err(text)?;
    let endian = header.endian().map_err(text)?;
    let is_code = |segment: &&Elf::ProgramHeader| {
        segment.p_type(endian) == elf::PT_LOAD && segment.p_flags(endian).0 & elf::PF_X.0 != 0
    };
    let code = header.program_headers(endian, cache).map_err(text)?.iter().filter(is_code).map(|segment| Code {
        address: segment.p_vaddr(endian).into(),
        offset: segment.p_offset(endian).into(),
        size: segment.p_filesz(endian).into(),
    });
    let mut tables = Tables { found: Vec::new(), names: Vec::new(), code: code.collect() };
    let (wanted, wanted_version) = match wanted {
        Wanted::Code => return Ok(tables),
        Wanted::Symbol(symbol) => split_version(symbol),
        Wanted::AllNames => ("", None),
    };

    let sections = header.sections(endian, cache).map_err(text)?;
    let versions = sections.versions(endian, cache).map_err(text)?;
    for kind in [elf::SHT_SYMTAB, elf::SHT_DYNSYM] {
        let symbols = sections.symbols(endian, cache, kind).map_err(text)?;
        for (index, symbol) in symbols.enumerate() {
            let is_function = matches!(symbol.st_type(), elf::STT_FUNC | elf::STT_GNU_IFUNC);
            if !is_function || symbol.is_undefined(endian) {
                continue;
            }
            let Ok(name) = symbol.name(endian, symbols.strings()).map(String::from_utf8_lossy) else { continue };
            // Static tables keep the version in the name, dynamic ones beside it.
            let (name, mut version) = split_version(&name);
            let mut is_default = true;
            let from_table = (kind == elf::SHT_DYNSYM).then_some(versions.as_ref()).flatten();
            if let Some(table) = from_table {
                let version_index = table.version_index(endian, SymbolIndex(index.0));
                is_default = !version_index.is_hidden();
                if let Ok(Some(known)) = table.version(version_index.index()) {
                    version = std::str::from_utf8(known.name()).ok();
                }
            }
            if wanted.is_empty() {
                tables.names.push(name.to_owned());
            } else if name == wanted && (wanted_version.is_none() || wanted_version == version) {
                tables.found.push(Found {
                    address: symbol.st_value(endian).into(),
                    size: symbol.st_size(endian).into(),
                    is_indirect: symbol.st_type() == elf::STT_GNU_IFUNC,
                    is_default,
                });
            }
        }
    }
    Ok(tables)
}

/// `memcpy@GLIBC_2.2.5`, `memcpy@@GLIBC_2.14`, `memcpy`.
fn split_version(name: &str) -> (&str, Option<&str>) {
    match name.split_once('@') {
        Some((name, version)) if !name.is_empty() => (name, Some(version.trim_start_matches('@'))),
        _ => (name, None),
    }
}
