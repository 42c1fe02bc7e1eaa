//! The table of types: headers, names and references.

use std::collections::HashMap;

use super::super::strings::Strings;
use super::super::{Checked, refuse};

/// The kernel's limit on type ids.
const MAX_TYPES: usize = 0xf_ffff;
const HEADER_SIZE: usize = 24;
const MAGIC: u16 = 0xeb9f;

/// The kinds of BTF, by the numbers of its format.
pub(in crate::elf) mod kind {
    pub(in crate::elf) const INT: u32 = 1;
    pub(in crate::elf) const PTR: u32 = 2;
    pub(in crate::elf) const ARRAY: u32 = 3;
    pub(in crate::elf) const STRUCT: u32 = 4;
    pub(in crate::elf) const UNION: u32 = 5;
    pub(in crate::elf) const ENUM: u32 = 6;
    pub(in crate::elf) const FWD: u32 = 7;
    pub(in crate::elf) const TYPEDEF: u32 = 8;
    pub(in crate::elf) const VOLATILE: u32 = 9;
    pub(in crate::elf) const CONST: u32 = 10;
    pub(in crate::elf) const RESTRICT: u32 = 11;
    pub(in crate::elf) const FUNC: u32 = 12;
    pub(in crate::elf) const FUNC_PROTO: u32 = 13;
    pub(in crate::elf) const VAR: u32 = 14;
    pub(in crate::elf) const DATASEC: u32 = 15;
    pub(in crate::elf) const FLOAT: u32 = 16;
    pub(in crate::elf) const DECL_TAG: u32 = 17;
    pub(in crate::elf) const TYPE_TAG: u32 = 18;
    pub(in crate::elf) const ENUM64: u32 = 19;
}

/// One type: three words, and the words of its kind behind them.
#[derive(Clone, Copy)]
pub(in crate::elf) struct Type<'a> {
    pub(in crate::elf) id: u32,
    pub(in crate::elf) name_offset: u32,
    info: u32,
    /// A size in bytes or a type id, as the kind has it.
    pub(in crate::elf) size_or_type: u32,
    tail: &'a [u8],
}

impl<'a> Type<'a> {
    pub(in crate::elf) fn kind(&self) -> u32 {
        self.info >> 24 & 0x1f
    }

    pub(in crate::elf) fn count(&self) -> usize {
        (self.info & 0xffff) as usize
    }

    /// For a struct or union: do its members carry bit-field sizes?
    pub(in crate::elf) fn flag(&self) -> bool {
        self.info >> 31 == 1
    }

    /// The bytes behind the three words.
    pub(in crate::elf) fn tail(&self) -> &'a [u8] {
        self.tail
    }

    /// The words behind the header in groups of `N`.
    pub(in crate::elf) fn records<const N: usize>(&self) -> impl Iterator<Item = [u32; N]> + use<'a, N> {
        self.tail.chunks_exact(4 * N).map(|record| std::array::from_fn(|at| word(record, 4 * at)))
    }
}

/// The little-endian word at `at`, which the caller knows to be inside.
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// All types of an object, by id. Id 0 is `void` and has no entry.
pub(in crate::elf) struct Types<'a> {
    types: Vec<Type<'a>>,
    pub(in crate::elf) strings: Strings<'a>,
    /// Bytes of the type of each variable.
    pub(super) variable_sizes: HashMap<u32, u64>,
}

impl<'a> Types<'a> {
    pub(in crate::elf) fn parse(btf: &'a [u8]) -> Checked<Self> {
        if btf.len() < HEADER_SIZE {
            refuse!("its BTF is cut short: {} bytes, where the header alone has {HEADER_SIZE}", btf.len());
        }
        if u16::from_le_bytes([btf[0], btf[1]]) != MAGIC {
            refuse!("its .BTF section holds no BTF");
        }
        if btf[2] != 1 {
            refuse!("its BTF has version {}; version 1 is known", btf[2]);
        }
        let header_size = word(btf, 4) as usize;
        if header_size < HEADER_SIZE || header_size > btf.len() {
            refuse!("its BTF header says that it is {header_size} bytes long, in {} bytes of BTF", btf.len());
        }
        let part = |offset: usize, name: &str| -> Checked<&'a [u8]> {
            let (start, size) = (u64::from(word(btf, offset)), u64::from(word(btf, offset + 4)));
            let start = start + header_size as u64;
            match btf.get(start as usize..(start + size) as usize) {
                Some(part) => Ok(part),
                None => refuse!("the {name} of its BTF end at {}, behind its {} bytes", start + size, btf.len()),
            }
        };
        if !header_size.is_multiple_of(4) || !word(btf, 8).is_multiple_of(4) {
            refuse!("the types of its BTF are not aligned");
        }
        let (types, strings) = (part(8, "types")?, part(16, "strings")?);
        if u64::from(word(btf, 8)) + u64::from(word(btf, 12)) > u64::from(word(btf, 16)) {
            refuse!("the types and strings of its BTF overlap");
        }
        if strings.first() != Some(&0) {
            refuse!("the strings of its BTF do not start with the empty string");
        }
        Ok(Self {
            types: split(types)?,
            strings: Strings::check(strings, "the string table of its BTF")?,
            variable_sizes: HashMap::new(),
        })
    }

    /// How many type ids there are, `void` included.
    pub(in crate::elf) fn len(&self) -> usize {
        self.types.len() + 1
    }

    /// The type of this id; `None` for `void`.
    pub(in crate::elf) fn get(&self, id: u32) -> Option<&Type<'a>> {
        self.types.get((id as usize).checked_sub(1)?)
    }

    /// Bytes of a variable; 0 for what has none.
    pub(in crate::elf) fn size_of_variable(&self, id: u32) -> u64 {
        self.variable_sizes.get(&id).copied().unwrap_or(0)
    }

    pub(in crate::elf) fn is_function(&self, id: u32) -> bool {
        self.get(id).is_some_and(|one| one.kind() == kind::FUNC)
    }

    pub(in crate::elf) fn iter(&self) -> impl Iterator<Item = &Type<'a>> {
        self.types.iter()
    }

    /// The type's name for an error message.
    pub(in crate::elf) fn label(&self, id: u32) -> String {
        match self.get(id).and_then(|found| self.strings.bytes(found.name_offset)) {
            Some(name) if !name.is_empty() => {
                format!("BTF type {id} ({})", String::from_utf8_lossy(name).escape_default())
            }
            _ => format!("BTF type {id}"),
        }
    }

    pub(in crate::elf) fn check_id(&self, id: u32, by: u32) -> Checked {
        if id as usize >= self.len() {
            refuse!("{} refers to type {id}; there are {}", self.label(by), self.len());
        }
        Ok(())
    }

    /// Every name inside the strings, every referenced id inside the table.
    pub(super) fn check_references(&self) -> Checked {
        for one in &self.types {
            self.strings.check_name(one.name_offset, format_args!("BTF type {}", one.id))?;
            let member_name = |offset| self.strings.check_name(offset, format_args!("a member of BTF type {}", one.id));
            match one.kind() {
                kind::PTR
                | kind::TYPEDEF
                | kind::VOLATILE
                | kind::CONST
                | kind::RESTRICT
                | kind::VAR
                | kind::TYPE_TAG => self.check_id(one.size_or_type, one.id)?,
                kind::ARRAY => {
                    for [element, index, _] in one.records::<3>() {
                        self.check_id(element, one.id)?;
                        self.check_id(index, one.id)?;
                    }
                }
                kind::STRUCT | kind::UNION => {
                    for [name, member, _] in one.records::<3>() {
                        member_name(name)?;
                        self.check_id(member, one.id)?;
                    }
                }
                kind::ENUM => one.records::<2>().try_for_each(|[name, _]| member_name(name))?,
                kind::ENUM64 => one.records::<3>().try_for_each(|[name, ..]| member_name(name))?,
                kind::FUNC => {
                    self.check_id(one.size_or_type, one.id)?;
                    if self.get(one.size_or_type).is_none_or(|of| of.kind() != kind::FUNC_PROTO) {
                        refuse!(
                            "{} is a function of type {}, which is no prototype",
                            self.label(one.id),
                            one.size_or_type
                        );
                    }
                }
                kind::FUNC_PROTO => {
                    self.check_id(one.size_or_type, one.id)?;
                    for [name, parameter] in one.records::<2>() {
                        member_name(name)?;
                        self.check_id(parameter, one.id)?;
                    }
                }
                kind::DECL_TAG => {
                    self.check_id(one.size_or_type, one.id)?;
                    self.check_tagged(one)?;
                }
                kind::DATASEC => {
                    for [variable, ..] in one.records::<3>() {
                        self.check_id(variable, one.id)?;
                        if self.get(variable).is_none_or(|of| !matches!(of.kind(), kind::VAR | kind::FUNC)) {
                            refuse!("{} lists type {variable}, which is no variable", self.label(one.id));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Types<'_> {
    /// A tag is of a type, or of one of its members or parameters.
    fn check_tagged(&self, tag: &Type<'_>) -> Checked {
        const WHOLE: u32 = u32::MAX;
        let [component] = tag.records::<1>().next().unwrap_or_default();
        let of = self.get(tag.size_or_type);
        let count = match of.map(|of| (of.kind(), of)) {
            Some((kind::STRUCT | kind::UNION, of)) => of.count(),
            Some((kind::FUNC, of)) => self.get(of.size_or_type).map_or(0, Type::count),
            Some((kind::VAR | kind::TYPEDEF, _)) => 0,
            _ => refuse!("{} is a tag of type {}, which has none", self.label(tag.id), tag.size_or_type),
        };
        if component != WHOLE && component as usize >= count {
            refuse!("{} is a tag of component {component}; there are {count}", self.label(tag.id));
        }
        Ok(())
    }
}

/// Cuts the types apart.
fn split(mut bytes: &[u8]) -> Checked<Vec<Type<'_>>> {
    let mut types = Vec::new();
    while !bytes.is_empty() {
        let id = types.len() as u32 + 1;
        if types.len() >= MAX_TYPES {
            refuse!("its BTF has more than {MAX_TYPES} types");
        }
        let Some((head, rest)) = bytes.split_at_checked(12) else {
            refuse!("BTF type {id} is cut short");
        };
        let info = word(head, 4);
        let mut one = Type { id, name_offset: word(head, 0), info, size_or_type: word(head, 8), tail: &[] };
        let count = one.count();
        let size = match one.kind() {
            kind::PTR
            | kind::FWD
            | kind::TYPEDEF
            | kind::VOLATILE
            | kind::CONST
            | kind::RESTRICT
            | kind::FUNC
            | kind::FLOAT
            | kind::TYPE_TAG => 0,
            kind::INT | kind::VAR | kind::DECL_TAG => 4,
            kind::ARRAY => 12,
            kind::STRUCT | kind::UNION | kind::DATASEC | kind::ENUM64 => 12 * count,
            kind::ENUM | kind::FUNC_PROTO => 8 * count,
            other => refuse!(
                "BTF type {id} has kind {other}, which is not known here (corrupt, or made by a newer compiler?)"
            ),
        };
        let Some((tail, rest)) = rest.split_at_checked(size) else {
            refuse!("BTF type {id} is cut short");
        };
        one.tail = tail;
        types.push(one);
        bytes = rest;
    }
    Ok(types)
}
