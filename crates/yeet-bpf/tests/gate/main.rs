//! The gate: whatever is wrong with a file, it is told in milliseconds and never crashes.

mod btf;
mod elf;
mod mutants;

#[path = "../object_support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use yeet_bpf::Kind;

/// The object that most cases are made from by breaking it.
fn good() -> Vec<u8> {
    std::fs::read(support::fixture("sections.bpf.o")).expect("the fixture is checked in")
}

/// Asserts that the image is refused, quickly, with these words.
fn assert_refused(what: &str, image: &[u8], fragments: &[&str]) {
    let begun = Instant::now();
    let error = match yeet_bpf::elf::check(image) {
        Err(error) => error,
        Ok(()) => panic!("{what}: let through"),
    };
    assert!(begun.elapsed() < Duration::from_millis(500), "{what}: took {:?}", begun.elapsed());
    assert_eq!(error.kind(), Kind::InvalidObject, "{what}: {error}");
    for fragment in fragments {
        assert!(error.message().contains(fragment), "{what}: {fragment:?} is not in: {error}");
    }
    assert!(!error.message().contains(|c: char| c.is_control()), "{what}: {error:?}");
}

/// An image with the means to break it.
#[derive(Clone)]
struct Image(Vec<u8>);

impl Image {
    fn good() -> Self {
        Self(good())
    }

    fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.0[at..at + 2].try_into().unwrap())
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.0[at..at + 4].try_into().unwrap())
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..at + 8].try_into().unwrap())
    }

    fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn put16(self, at: usize, value: u16) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    fn put32(self, at: usize, value: u32) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    fn put64(self, at: usize, value: u64) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    /// Where the header of a section is.
    fn header(&self, name: &str) -> usize {
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
    fn data(&self, name: &str) -> usize {
        self.u64(self.header(name) + 0x18) as usize
    }

    fn size(&self, name: &str) -> usize {
        self.u64(self.header(name) + 0x20) as usize
    }

    /// Gives a section other bytes, appended to the file.
    fn replace(mut self, name: &str, bytes: &[u8]) -> Self {
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        let (header, offset) = (self.header(name), self.0.len() as u64);
        self.0.extend_from_slice(bytes);
        self.put64(header + 0x18, offset).put64(header + 0x20, bytes.len() as u64)
    }
}

#[test]
fn every_fixture_passes() {
    let mut count = 0;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for folder in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "o"))
        {
            yeet_bpf::elf::check(&std::fs::read(&path).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            count += 1;
        }
    }
    assert!(count >= 8, "{count} objects");
}
