//! What programs call: helpers by number, kernel functions by name, and through functions of the object what those call.

use std::collections::{BTreeMap, BTreeSet};

use object::LittleEndian;
use object::elf::{self, Rel64};

use super::Image;
use super::sections::Sections;

const INSTRUCTION: u64 = 8;
const OP_CALL: u8 = 0x85;
const OP_LOAD_64: u8 = 0x18;
/// The source register of a call says what `imm` is: 0 the number of a helper, 1 the distance to a function of the object.
const CALL_HELPER: u8 = 0;
const CALL_LOCAL: u8 = 1;

/// What a program or a function below it calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    /// Numbers of the kernel's `enum bpf_func_id`.
    pub(crate) helpers: BTreeSet<u32>,
    pub(crate) kfuncs: BTreeSet<String>,
}

/// A place in a code section: section and instruction.
type Place = (usize, u64);

/// One function of the object: what it calls itself, and which functions.
#[derive(Default)]
struct Body {
    calls: Calls,
    callees: BTreeSet<Place>,
}

/// The code of one object, read function by function.
pub(crate) struct Code<'i, 'a> {
    image: &'i Image<'a>,
    /// Start of each function that has a symbol, to its end: in instructions.
    ends: BTreeMap<Place, u64>,
    /// The symbol that an instruction refers to.
    symbols: BTreeMap<Place, usize>,
    bodies: BTreeMap<Place, Body>,
}

impl<'i, 'a> Code<'i, 'a> {
    pub(crate) fn of(image: &'i Image<'a>) -> Self {
        let ends = image.symbols.functions().map(|function| {
            let start = function.offset / INSTRUCTION;
            ((function.section, start), start + function.size / INSTRUCTION)
        });
        Self { image, ends: ends.collect(), symbols: relocated(image), bodies: BTreeMap::new() }
    }

    /// What the program of this name calls, and how many instructions it has itself.
    pub(crate) fn calls(&mut self, program: &str) -> (Calls, u64) {
        let Some(function) = self.image.symbols.function(program) else { return (Calls::default(), 0) };
        let start = (function.section, function.offset / INSTRUCTION);
        let mut found = Calls::default();
        let mut seen = BTreeSet::from([start]);
        let mut waiting = vec![start];
        while let Some(place) = waiting.pop() {
            let body = self.body(place);
            found.helpers.extend(&body.calls.helpers);
            found.kfuncs.extend(body.calls.kfuncs.iter().cloned());
            waiting.extend(body.callees.iter().filter(|callee| seen.insert(**callee)));
        }
        (found, function.size / INSTRUCTION)
    }

    fn body(&mut self, start: Place) -> &Body {
        if !self.bodies.contains_key(&start) {
            let body = self.read(start);
            self.bodies.insert(start, body);
        }
        &self.bodies[&start]
    }

    fn read(&self, start: Place) -> Body {
        let (index, first) = start;
        let mut body = Body::default();
        let Some(section) = self.image.sections.get(index).filter(|section| section.is_code()) else { return body };
        // A function without a symbol ends where the next one begins.
        let end = self.ends.get(&start).copied().unwrap_or_else(|| {
            self.ends.range((index, first + 1)..(index + 1, 0)).next().map_or(u64::MAX, |((_, next), _)| *next)
        });
        for (at, bytes) in (0u64..).zip(section.data.chunks_exact(INSTRUCTION as usize)) {
            if at < first || at >= end {
                continue;
            }
            let source = bytes[1] >> 4;
            let immediate = i64::from(i32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]));
            let symbol = self.symbols.get(&(index, at)).copied();
            match (bytes[0], symbol) {
                (OP_CALL, Some(symbol)) => self.call(&mut body, symbol, immediate),
                (OP_CALL, None) if source == CALL_HELPER => {
                    body.calls.helpers.extend(u32::try_from(immediate));
                }
                (OP_CALL, None) if source == CALL_LOCAL => {
                    body.callees.extend(at.checked_add_signed(immediate + 1).map(|at| (index, at)));
                }
                // The address of a function, for a helper that calls back.
                (OP_LOAD_64, Some(symbol)) => body.callees.extend(self.function_at(symbol, immediate)),
                _ => {}
            }
        }
        body
    }

    /// A call that the loader directs: to a function of the object, or to one of the kernel.
    fn call(&self, body: &mut Body, symbol: usize, immediate: i64) {
        let Some((name, section, offset)) = self.image.symbols.at(symbol) else { return };
        if section == usize::from(elf::SHN_UNDEF.0) {
            body.calls.kfuncs.insert(name);
            return;
        }
        body.callees.extend((offset / INSTRUCTION).checked_add_signed(immediate + 1).map(|at| (section, at)));
    }

    fn function_at(&self, symbol: usize, immediate: i64) -> Option<Place> {
        let (_, section, offset) = self.image.symbols.at(symbol)?;
        self.image.sections.get(section).filter(|section| section.is_code())?;
        Some((section, offset.checked_add_signed(immediate)? / INSTRUCTION))
    }
}

fn relocated(image: &Image<'_>) -> BTreeMap<Place, usize> {
    let le = LittleEndian;
    let mut symbols = BTreeMap::new();
    for (_, section) in image.sections.iter() {
        let target = section.header.sh_info.get(le) as usize;
        let is_code = image.sections.get(target).is_some_and(super::sections::Section::is_code);
        if section.kind() != elf::SHT_REL || !is_code {
            continue;
        }
        let Ok(table) = Sections::table::<Rel64<LittleEndian>>(section) else { continue };
        symbols.extend(table.iter().map(|relocation| {
            ((target, relocation.r_offset.get(le) / INSTRUCTION), (relocation.r_info.get(le) >> 32) as usize)
        }));
    }
    symbols
}
