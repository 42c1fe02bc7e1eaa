//! Sizes and places: what a decoder relies on when it follows the types.

use std::collections::HashMap;

use super::super::sections::MAX_DATA_SIZE;
use super::super::{Checked, refuse};
use super::Stage;
use super::table::{Type, Types, kind};

/// How deep structs, unions and arrays may nest by value.
const MAX_DEPTH: u8 = 32;
/// The same with typedefs and qualifiers counted. It also bounds the recursion here.
const MAX_HEIGHT: u8 = 128;

/// What is known of a type that has been visited.
#[derive(Clone, Copy)]
enum Visit {
    New,
    /// Being visited: meeting it again by value is a cycle.
    Open,
    Done(Layout),
}

/// The size of a type and how it is built.
#[derive(Clone, Copy, Default)]
struct Layout {
    /// Bytes; `None` for what has no values (`void`, functions, declarations without a body).
    size: Option<u64>,
    /// Array elements that a decoder would visit at most, counting an empty one too.
    elements: u64,
    /// Structs, unions and arrays inside each other.
    depth: u8,
    /// Types inside each other, typedefs and qualifiers counted.
    height: u8,
}

impl Layout {
    fn scalar(size: u64) -> Self {
        Self { size: Some(size), elements: 1, ..Self::default() }
    }
}

pub(super) struct Layouts<'a, 'b> {
    types: &'b Types<'a>,
    visits: Vec<Visit>,
}

impl<'a, 'b> Layouts<'a, 'b> {
    pub(super) fn new(types: &'b Types<'a>) -> Self {
        Self { types, visits: vec![Visit::New; types.len()] }
    }

    pub(super) fn check_all(&mut self, stage: Stage) -> Checked {
        for one in self.types.iter() {
            match one.kind() {
                kind::VAR | kind::FUNC | kind::FUNC_PROTO | kind::DECL_TAG => {}
                kind::DATASEC => self.check_data_section(one, stage)?,
                _ => drop(self.layout(one.id, 0)?),
            }
        }
        Ok(())
    }

    /// Bytes of the type of each variable.
    pub(super) fn variable_sizes(&mut self) -> Checked<HashMap<u32, u64>> {
        let variables = self.types.iter().filter(|one| one.kind() == kind::VAR);
        variables.map(|one| Ok((one.id, self.layout(one.size_or_type, 0)?.size.unwrap_or(0)))).collect()
    }

    /// `level` is how many calls are under way.
    fn layout(&mut self, id: u32, level: u8) -> Checked<Layout> {
        let Some(one) = self.types.get(id).copied() else {
            return Ok(Layout::default());
        };
        match self.visits[id as usize] {
            Visit::Done(layout) => return Ok(layout),
            Visit::Open => refuse!("{} contains itself", self.types.label(id)),
            Visit::New => {}
        }
        if level >= MAX_HEIGHT {
            return self.too_deep(id);
        }
        self.visits[id as usize] = Visit::Open;
        let layout = self.compute(&one, level + 1)?;
        if layout.depth > MAX_DEPTH || layout.height > MAX_HEIGHT {
            return self.too_deep(id);
        }
        // `__uint(max_entries, N)` of a map's definition is a pointer to `int[N]`, which has no value anywhere. Whatever holds such an
        // array by value is measured itself.
        let is_number = one.kind() == kind::ARRAY && layout.depth == 1;
        let too_large = layout.size.is_some_and(|size| size > MAX_DATA_SIZE) || layout.elements > MAX_DATA_SIZE;
        if too_large && !is_number {
            refuse!("{} is larger than {} MiB", self.types.label(id), MAX_DATA_SIZE >> 20);
        }
        self.visits[id as usize] = Visit::Done(layout);
        Ok(layout)
    }

    fn too_deep<T>(&self, id: u32) -> Checked<T> {
        refuse!("{} is nested more than {MAX_DEPTH} levels deep", self.types.label(id))
    }

    fn compute(&mut self, one: &Type<'a>, level: u8) -> Checked<Layout> {
        let size = u64::from(one.size_or_type);
        match one.kind() {
            kind::INT => self.int(one, size),
            kind::FLOAT if matches!(size, 2 | 4 | 8 | 12 | 16) => Ok(Layout::scalar(size)),
            kind::ENUM | kind::ENUM64 if matches!(size, 1 | 2 | 4 | 8) => Ok(Layout::scalar(size)),
            kind::FLOAT | kind::ENUM | kind::ENUM64 => refuse!("{} has size {size}", self.types.label(one.id)),
            kind::PTR => Ok(Layout::scalar(8)),
            kind::TYPEDEF | kind::VOLATILE | kind::CONST | kind::RESTRICT | kind::TYPE_TAG => {
                let below = self.layout(one.size_or_type, level)?;
                Ok(Layout { height: below.height.saturating_add(1), ..below })
            }
            kind::ARRAY => self.array(one, level),
            kind::STRUCT | kind::UNION => self.aggregate(one, size, level),
            _ => Ok(Layout::default()),
        }
    }

    fn int(&self, one: &Type<'a>, size: u64) -> Checked<Layout> {
        let [encoding] = one.records::<1>().next().unwrap_or_default();
        let (offset, bits) = (u64::from(encoding >> 16 & 0xff), u64::from(encoding & 0xff));
        if !matches!(size, 1 | 2 | 4 | 8 | 16) || offset + bits > size * 8 {
            refuse!("{} has {bits} bits at {offset} in {size} bytes", self.types.label(one.id));
        }
        Ok(Layout::scalar(size))
    }

    fn array(&mut self, one: &Type<'a>, level: u8) -> Checked<Layout> {
        let [element, _, count] = one.records::<3>().next().unwrap_or_default();
        let of = self.layout(element, level)?;
        let Some(size) = of.size else {
            refuse!("{} is an array of something without a size", self.types.label(one.id));
        };
        let count = u64::from(count);
        Ok(Layout {
            size: Some(size.saturating_mul(count)),
            elements: of.elements.saturating_mul(count).max(1),
            depth: of.depth.saturating_add(1),
            height: of.height.saturating_add(1),
        })
    }

    fn aggregate(&mut self, one: &Type<'a>, size: u64, level: u8) -> Checked<Layout> {
        let mut layout = Layout { size: Some(size), elements: 1, depth: 0, height: 0 };
        for [name, member, place] in one.records::<3>() {
            let of = self.layout(member, level)?;
            let member_label = || {
                let name = self.types.strings.bytes(name).unwrap_or_default();
                format!("member {} of {}", String::from_utf8_lossy(name).escape_default(), self.types.label(one.id))
            };
            let Some(member_size) = of.size else {
                refuse!("{} has no size", member_label());
            };
            let (bit_offset, bit_size) = if one.flag() { (place & 0xff_ffff, place >> 24) } else { (place, 0) };
            let bits = if bit_size == 0 { member_size * 8 } else { u64::from(bit_size) };
            if bit_size != 0 && !self.is_integer(member) {
                refuse!("{} has {bit_size} bits of what is no integer", member_label());
            }
            if bit_size as u64 > member_size * 8 {
                refuse!("{} has {bit_size} bits in a type of {member_size} bytes", member_label());
            }
            if u64::from(bit_offset) + bits > size * 8 {
                refuse!("{} ends behind its {size} bytes", member_label());
            }
            layout.elements = layout.elements.saturating_add(of.elements);
            layout.depth = layout.depth.max(of.depth);
            layout.height = layout.height.max(of.height);
        }
        layout.depth = layout.depth.saturating_add(1);
        layout.height = layout.height.saturating_add(1);
        Ok(layout)
    }

    /// Whether a visited type is one, under its typedefs and qualifiers.
    fn is_integer(&self, mut id: u32) -> bool {
        for _ in 0..=MAX_HEIGHT {
            let Some(one) = self.types.get(id) else { return false };
            match one.kind() {
                kind::INT | kind::ENUM | kind::ENUM64 => return true,
                kind::TYPEDEF | kind::VOLATILE | kind::CONST | kind::RESTRICT | kind::TYPE_TAG => {
                    id = one.size_or_type;
                }
                _ => return false,
            }
        }
        false
    }

    fn check_data_section(&mut self, section: &Type<'a>, stage: Stage) -> Checked {
        let size = u64::from(section.size_or_type);
        let name = self.types.strings.bytes(section.name_offset).unwrap_or_default();
        for [variable, offset, variable_size] in section.records::<3>() {
            let Some(found) = self.types.get(variable).copied() else { continue };
            if found.kind() != kind::VAR {
                continue;
            }
            let type_size = self.layout(found.size_or_type, 0)?.size.unwrap_or(0);
            // A symbol of the kernel has a type here but no bytes.
            if name == b".ksyms" || stage == Stage::Raw && size == 0 {
                continue;
            }
            let extent = type_size.max(u64::from(variable_size));
            if u64::from(offset) + extent > size {
                refuse!(
                    "variable {} ({extent} bytes at {offset}) ends behind its section {} of {size} bytes",
                    self.types.label(found.id),
                    self.types.label(section.id)
                );
            }
        }
        Ok(())
    }
}
