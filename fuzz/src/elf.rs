//! The sections of a file that may be damaged.

use std::ops::Range;

/// The bytes of each section that lies inside the file, the section table itself included.
pub fn sections(image: &[u8]) -> Vec<Range<usize>> {
    let (table, count) = (word(image, 0x28), usize::from(half(image, 0x3c)));
    let mut found = Vec::new();
    let mut push = |start: usize, size: usize| {
        let end = start.saturating_add(size);
        if size >= 4 && end <= image.len() {
            found.push(start..end);
        }
    };
    push(table, count * 64);
    for header in (0..count.min(256)).map(|at| table.saturating_add(at * 64)) {
        push(word(image, header.saturating_add(0x18)), word(image, header.saturating_add(0x20)));
    }
    found
}

/// The bytes of the section of this name.
pub fn section<'a>(image: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let (table, count) = (word(image, 0x28), usize::from(half(image, 0x3c)));
    let names = word(image, table + 64 * usize::from(half(image, 0x3e)) + 0x18);
    let header = (0..count).map(|at| table + 64 * at).find(|&header| {
        let start = names + (word(image, header) & 0xffff_ffff);
        image
            .get(start..)
            .is_some_and(|tail| tail.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&0)))
    })?;
    let start = word(image, header + 0x18);
    image.get(start..start + word(image, header + 0x20))
}

fn word(image: &[u8], at: usize) -> usize {
    let bytes = image.get(at..at.saturating_add(8)).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, |bytes| u64::from_le_bytes(bytes) as usize)
}

fn half(image: &[u8], at: usize) -> u16 {
    let bytes = image.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u16::from_le_bytes)
}
