//! From an instruction back to its line of C.

use std::path::Path;

use super::btf::{self, Stage};
use super::btf_ext::{self, Table};
use super::{Checked, Image};

/// A place in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceLine {
    /// As the compiler recorded it; the verifier's log has only the last component.
    pub(crate) file: String,
    pub(crate) line: u32,
    /// The text of the line, trimmed.
    pub(crate) text: String,
}

impl SourceLine {
    /// The last component of the path, which is what fits into a message.
    pub(crate) fn file_name(&self) -> &str {
        Path::new(&self.file).file_name().and_then(|name| name.to_str()).unwrap_or(&self.file)
    }
}

/// The line table of one program and of the whole object.
#[derive(Default)]
pub(crate) struct SourceLines {
    /// Lines of the program's own section from its first instruction on: (instruction, place), ascending.
    own: Vec<(u64, SourceLine)>,
    /// Instructions of the program itself.
    length: u64,
    /// Lines of all sections.
    all: Vec<SourceLine>,
}

impl SourceLines {
    /// Reads the lines of `program` out of the object's image. An image without line information has none.
    pub(crate) fn read(image: &[u8], program: &str) -> Self {
        Image::check(image).and_then(|image| Self::collect(&image, program)).unwrap_or_default()
    }

    fn collect(image: &Image<'_>, program: &str) -> Checked<Self> {
        let mut lines = Self::default();
        let Some(btf_ext) = image.btf_ext else {
            return Ok(lines);
        };
        let types = btf::check(image.btf, Stage::Raw)?;
        let text =
            |offset: u32| String::from_utf8_lossy(types.strings.bytes(offset).unwrap_or_default()).trim().to_owned();
        let function = image.symbols.function(program);
        lines.length = function.map_or(0, |function| function.size / 8);
        let section = function.and_then(|function| image.sections.get(function.section)).map(|section| section.name);
        for block in btf_ext::blocks(btf_ext, Table::Lines)? {
            let block_section = text(block.section_name);
            for [offset, file, line, place] in block.records::<4>() {
                let line = SourceLine { file: text(file), line: place >> 10, text: text(line) };
                if let Some(function) = function
                    && section == Some(block_section.as_str())
                    && (function.offset..function.offset + function.size).contains(&u64::from(offset))
                {
                    lines.own.push(((u64::from(offset) - function.offset) / 8, line.clone()));
                }
                lines.all.push(line);
            }
        }
        lines.own.sort_by_key(|(instruction, _)| *instruction);
        Ok(lines)
    }

    /// The line of an instruction of the program, counted from its first one. Instructions of functions that it calls are numbered behind
    /// its own and have no line here.
    pub(crate) fn of_instruction(&self, instruction: u64) -> Option<&SourceLine> {
        if instruction >= self.length {
            return None;
        }
        let behind = self.own.partition_point(|(at, _)| *at <= instruction);
        Some(&self.own.get(behind.checked_sub(1)?)?.1)
    }

    /// The only line that has this text, if there is only one.
    pub(crate) fn of_text(&self, text: &str) -> Option<&SourceLine> {
        let mut found = self.all.iter().filter(|line| line.text == text.trim());
        let first = found.next()?;
        found.all(|other| (&other.file, other.line) == (&first.file, first.line)).then_some(first)
    }
}
