//! Objects, and the means to break them.

use crate::support;

/// An object that is checked in.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(support::fixture(name)).expect("the fixture is checked in")
}

/// The object that most cases are made from by breaking it.
pub(crate) fn good() -> Vec<u8> {
    fixture("sections.bpf.o")
}

/// An image with the means to break it.
#[derive(Clone)]
pub(crate) struct Image(pub(crate) Vec<u8>);

impl Image {
    pub(crate) fn good() -> Self {
        Self(good())
    }

    pub(crate) fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.0[at..at + 2].try_into().unwrap())
    }

    pub(crate) fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.0[at..at + 4].try_into().unwrap())
    }

    pub(crate) fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..at + 8].try_into().unwrap())
    }

    pub(crate) fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    pub(crate) fn put16(self, at: usize, value: u16) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    pub(crate) fn put32(self, at: usize, value: u32) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    pub(crate) fn put64(self, at: usize, value: u64) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    /// Where the header of a section is.
    pub(crate) fn header(&self, name: &str) -> usize {
        let (table, count) = (self.u64(0x28) as usize, self.u16(0x3c) as usize);
        let names = self.u64(table + 64 * self.u16(0x3e) as usize + 0x18) as usize;
        (0..count)
            .map(|index| table + 64 * index)
            .find(|&header| {
                let start = names + self.u32(header) as usize;
                self.0[start..].starts_with(name.as_bytes()) && self.0[start + name.len()] == 0
            })
            .unwrap_or_else(|| panic!("no section {name}"))
    }

    /// Where the bytes of a section are.
    pub(crate) fn data(&self, name: &str) -> usize {
        self.u64(self.header(name) + 0x18) as usize
    }

    pub(crate) fn size(&self, name: &str) -> usize {
        self.u64(self.header(name) + 0x20) as usize
    }

    /// Gives a section other bytes, appended to the file.
    pub(crate) fn replace(mut self, name: &str, bytes: &[u8]) -> Self {
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        let (header, offset) = (self.header(name), self.0.len() as u64);
        self.0.extend_from_slice(bytes);
        self.put64(header + 0x18, offset).put64(header + 0x20, bytes.len() as u64)
    }
}
