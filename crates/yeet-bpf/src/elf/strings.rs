//! String tables: offsets that stay inside, names that can be printed.

use std::fmt::Arguments;

use super::{Checked, refuse};

/// Bytes. Mangled names of generic Rust functions reach some hundreds.
const MAX_NAME: usize = 4096;

/// A table of NUL-terminated strings, checked once so that every look-up is cheap however the strings overlap.
pub(super) struct Strings<'a> {
    bytes: &'a [u8],
    /// Positions of the bytes that a name must not have, ascending.
    unfit: Vec<usize>,
}

impl<'a> Strings<'a> {
    pub(super) fn check(bytes: &'a [u8], what: &str) -> Checked<Self> {
        if bytes.is_empty() {
            refuse!("{what} is empty");
        }
        if bytes.last() != Some(&0) {
            refuse!("{what} does not end with a NUL");
        }
        Ok(Self { bytes, unfit: unfit_positions(bytes) })
    }

    /// Is there a string at `offset`? Its bytes may be anything (BTF.ext keeps lines of source here).
    pub(super) fn contains(&self, offset: u32) -> bool {
        (offset as usize) < self.bytes.len()
    }

    /// The raw bytes of the string at `offset`.
    pub(super) fn bytes(&self, offset: u32) -> Option<&'a [u8]> {
        let tail = self.bytes.get(offset as usize..)?;
        tail.split(|&byte| byte == 0).next()
    }

    /// Checks that `offset` holds a name: inside the table, UTF-8, nothing that would confuse a terminal.
    pub(super) fn check_name(&self, offset: u32, what: Arguments<'_>) -> Checked {
        let start = offset as usize;
        let Some(tail) = self.bytes.get(start..).filter(|tail| !tail.is_empty()) else {
            refuse!(
                "{what} has its name at offset {offset}, behind the {} bytes of the string table",
                self.bytes.len()
            );
        };
        let Some(length) = tail.iter().take(MAX_NAME).position(|&byte| byte == 0) else {
            refuse!("{what} has a name longer than {MAX_NAME} bytes");
        };
        let next = self.unfit.partition_point(|&at| at < start);
        let has_unfit = self.unfit.get(next).is_some_and(|&at| at < start + length);
        let starts_inside_a_character = tail[0] & 0xc0 == 0x80;
        if has_unfit || starts_inside_a_character {
            refuse!("{what} has a name with control characters or bytes that are not UTF-8");
        }
        Ok(())
    }

    /// The name at `offset`.
    pub(super) fn name(&self, offset: u32, what: Arguments<'_>) -> Checked<&'a str> {
        self.check_name(offset, what)?;
        match self.bytes(offset).map(std::str::from_utf8) {
            Some(Ok(name)) => Ok(name),
            _ => refuse!("{what} has no readable name"),
        }
    }
}

fn unfit_positions(bytes: &[u8]) -> Vec<usize> {
    let mut unfit = Vec::new();
    let mut start = 0;
    for chunk in bytes.utf8_chunks() {
        unfit.extend(
            chunk
                .valid()
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte != 0 && byte.is_ascii_control())
                .map(|(at, _)| start + at),
        );
        start += chunk.valid().len();
        unfit.extend((0..chunk.invalid().len()).map(|at| start + at));
        start += chunk.invalid().len();
    }
    unfit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_must_start_inside_and_be_printable() {
        let strings = Strings::check(b"\0good\0b\x1bd\0\xff\0caf\xc3\xa9\0", "the table").unwrap();
        assert_eq!(strings.name(1, format_args!("it")).unwrap(), "good");
        assert_eq!(strings.name(4, format_args!("it")).unwrap(), "d");
        assert!(strings.check_name(6, format_args!("it")).is_err(), "an escape character");
        assert!(strings.check_name(8, format_args!("it")).is_ok(), "behind the escape character");
        assert!(strings.check_name(10, format_args!("it")).is_err(), "not UTF-8");
        assert_eq!(strings.name(12, format_args!("it")).unwrap(), "café");
        assert!(strings.check_name(16, format_args!("it")).is_err(), "the middle of a character");
        assert!(strings.check_name(18, format_args!("it")).is_err(), "offset equal to the length");
        assert!(!strings.contains(18));
    }

    #[test]
    fn a_table_must_be_terminated() {
        assert!(Strings::check(b"", "the table").is_err());
        assert!(Strings::check(b"\0abc", "the table").is_err());
    }
}
