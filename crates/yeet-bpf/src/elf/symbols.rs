//! The symbol table.

use object::LittleEndian;
use object::elf::{self, Sym64};

use super::sections::Sections;
use super::strings::Strings;
use super::{Checked, MAX_PRODUCT, refuse};

const MAX_SYMBOLS: usize = 1 << 17;
/// libbpf gives each its own place in memory.
const MAX_EXTERNS: usize = 1 << 14;

pub(super) type Symbol = Sym64<LittleEndian>;

pub(super) struct Symbols<'a> {
    table: &'a [Symbol],
    names: Strings<'a>,
    pub(super) section: usize,
}

/// Where a function lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    pub(super) section: usize,
    /// Bytes from the start of the section.
    pub(super) offset: u64,
    /// Bytes.
    pub(super) size: u64,
}

impl<'a> Symbols<'a> {
    pub(super) fn check(sections: &Sections<'a>) -> Checked<Self> {
        let mut tables = sections.iter().filter(|(_, section)| section.kind() == elf::SHT_SYMTAB);
        let Some((index, section)) = tables.next() else {
            refuse!("it has no symbol table: strip it with llvm-strip -g, which keeps what the loader needs");
        };
        if tables.next().is_some() {
            refuse!("it has two symbol tables");
        }
        let table: &[Symbol] = Sections::table(section)?;
        if table.len() > MAX_SYMBOLS || table.len() * sections.code_count() > MAX_PRODUCT {
            refuse!("it has {} symbols for {} code sections; that is too many", table.len(), sections.code_count());
        }
        let names = match sections.get(section.header.sh_link.get(LittleEndian) as usize) {
            Some(strings) if strings.kind() == elf::SHT_STRTAB => {
                Strings::check(strings.data, "the table of symbol names")?
            }
            _ => refuse!("its symbol table has no table of names"),
        };
        for (at, symbol) in table.iter().enumerate() {
            check_one(sections, &names, at, symbol)?;
        }
        let symbols = Self { table, names, section: index };
        if symbols.extern_count() > MAX_EXTERNS {
            refuse!("it has {} undefined symbols; at most {MAX_EXTERNS} are accepted", symbols.extern_count());
        }
        Ok(symbols)
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Symbol> {
        self.table.iter()
    }

    /// How many symbols are defined elsewhere, and so looked for.
    pub(super) fn extern_count(&self) -> usize {
        self.table.iter().skip(1).filter(|symbol| symbol.st_shndx.get(LittleEndian) == elf::SHN_UNDEF).count()
    }

    pub(super) fn function_count(&self) -> usize {
        self.table.iter().filter(|symbol| symbol.st_type() == elf::STT_FUNC).count()
    }

    /// The symbol's name for an error message.
    pub(super) fn label(&self, at: usize) -> String {
        let name = self.table.get(at).and_then(|symbol| self.names.bytes(symbol.st_name.get(LittleEndian)));
        String::from_utf8_lossy(name.unwrap_or_default()).escape_default().to_string()
    }

    /// All functions.
    pub(super) fn functions(&self) -> impl Iterator<Item = Function> {
        self.table.iter().filter(|symbol| symbol.st_type() == elf::STT_FUNC).map(place)
    }

    /// Name, section and offset of the symbol with this number.
    pub(super) fn at(&self, number: usize) -> Option<(String, usize, u64)> {
        let symbol = self.table.get(number)?;
        let name = self.names.bytes(symbol.st_name.get(LittleEndian)).unwrap_or_default();
        let Function { section, offset, .. } = place(symbol);
        Some((String::from_utf8_lossy(name).into_owned(), section, offset))
    }

    /// The function of this name.
    pub(super) fn function(&self, name: &str) -> Option<Function> {
        let le = LittleEndian;
        let symbol = self.table.iter().find(|symbol| {
            symbol.st_type() == elf::STT_FUNC && self.names.bytes(symbol.st_name.get(le)) == Some(name.as_bytes())
        })?;
        Some(place(symbol))
    }
}

fn place(symbol: &Symbol) -> Function {
    let le = LittleEndian;
    Function {
        section: usize::from(symbol.st_shndx.get(le).0),
        offset: symbol.st_value.get(le),
        size: symbol.st_size.get(le),
    }
}

fn check_one(sections: &Sections<'_>, names: &Strings<'_>, at: usize, symbol: &Symbol) -> Checked {
    let le = LittleEndian;
    names.check_name(symbol.st_name.get(le), format_args!("symbol {at}"))?;
    let index = symbol.st_shndx.get(le);
    if matches!(index, elf::SHN_UNDEF | elf::SHN_ABS | elf::SHN_COMMON) {
        return Ok(());
    }
    let name = names.name(symbol.st_name.get(le), format_args!("symbol {at}"))?;
    let Some(section) = sections.get(usize::from(index.0)) else {
        refuse!("symbol {at} ({name}) is in section {}, which does not exist", index.0);
    };
    let (value, size) = (symbol.st_value.get(le), symbol.st_size.get(le));
    if value.checked_add(size).is_none_or(|end| end > section.size()) {
        refuse!("symbol {at} ({name}) ends behind section {} of {} bytes", section.name, section.size());
    }
    Ok(())
}
