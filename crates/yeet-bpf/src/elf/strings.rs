//! String tables: offsets that stay inside, names that can be printed.

use std::fmt::Arguments;

use super::{Checked, refuse};

/// Bytes. Mangled names of generic Rust functions reach some hundreds.
const MAX_NAME: usize = 4096;

/// A table of NUL-terminated strings, checked once so that every look-up is cheap however the strings overlap.
pub(super) struct Strings<'a> {
    bytes: &'a [u8],
    /// The NULs.
    ends: Bits,
    /// The bytes that a name must not have.
    unfit: Bits,
}

impl<'a> Strings<'a> {
    pub(super) fn check(bytes: &'a [u8], what: &str) -> Checked<Self> {
        if bytes.is_empty() {
            refuse!("{what} is empty");
        }
        if bytes.last() != Some(&0) {
            refuse!("{what} does not end with a NUL");
        }
        Ok(Self { bytes, ends: Bits::of(bytes, |byte| byte == 0), unfit: unfit(bytes) })
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
        let Some(end) = self.ends.first(start, start + MAX_NAME) else {
            refuse!("{what} has a name longer than {MAX_NAME} bytes");
        };
        let has_unfit = self.unfit.first(start, end).is_some();
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

fn unfit(bytes: &[u8]) -> Bits {
    let mut unfit = Bits::of(bytes, |byte| byte != 0 && byte.is_ascii_control());
    let mut start = 0;
    for chunk in bytes.utf8_chunks() {
        start += chunk.valid().len();
        (0..chunk.invalid().len()).for_each(|at| unfit.set(start + at));
        start += chunk.invalid().len();
    }
    unfit
}

/// One bit for each byte of a table: a position would take 64 times as much, and a search byte by byte as long.
struct Bits(Vec<u64>);

impl Bits {
    /// Those of the bytes that are `wanted`.
    fn of(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> Self {
        let word = |block: &[u8]| block.iter().rev().fold(0, |word, &byte| word << 1 | u64::from(wanted(byte)));
        Self(bytes.chunks(64).map(word).collect())
    }

    fn set(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    /// The first one from `start` on and before `end`.
    fn first(&self, start: usize, end: usize) -> Option<usize> {
        let mut mask = u64::MAX << (start % 64);
        for (index, word) in self.0.iter().enumerate().take(end.div_ceil(64)).skip(start / 64) {
            let found = word & mask;
            if found != 0 {
                return Some(index * 64 + found.trailing_zeros() as usize).filter(|&at| at < end);
            }
            mask = u64::MAX;
        }
        None
    }
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

    #[test]
    fn a_name_may_be_long_but_not_longer() {
        let mut bytes = vec![b'a'; MAX_NAME + 5];
        bytes.push(0);
        let strings = Strings::check(&bytes, "the table").unwrap();
        assert!(strings.check_name(6, format_args!("it")).is_ok(), "one byte less than the limit");
        assert!(strings.check_name(5, format_args!("it")).is_err(), "the limit");
        bytes[70] = 0x1b;
        let strings = Strings::check(&bytes, "the table").unwrap();
        assert!(strings.check_name(70, format_args!("it")).is_err());
        assert!(strings.check_name(71, format_args!("it")).is_ok());
    }

    #[test]
    fn bits_are_found_in_order_and_within_bounds() {
        let mut bytes = [b'a'; 200];
        [3, 64, 127].into_iter().for_each(|at| bytes[at] = b'b');
        let mut bits = Bits::of(&bytes, |byte| byte == b'b');
        bits.set(199);
        let all = |start, end| bits.first(start, end);
        assert_eq!((all(0, 200), all(4, 200), all(65, 200), all(128, 1000)), (Some(3), Some(64), Some(127), Some(199)));
        assert_eq!((all(4, 64), all(128, 199), all(0, 3), all(200, 300)), (None, None, None, None));
    }
}
