//! Data sections: initial values, live patches, freezing.

use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr;

use yeet_bpf::Kind;
use yeet_bpf::object::{InitStore, Running, SectionSpec, StartSpec};

use crate::support::{expect_error, open, run_once, serial};

fn bind(map: &str) -> SectionSpec {
    SectionSpec { map: map.to_owned(), ..SectionSpec::default() }
}

fn store(offset: u32, value: u32) -> InitStore {
    InitStore { offset, bytes: value.to_le_bytes().to_vec(), mask: None }
}

fn start(sections: Vec<SectionSpec>) -> Running {
    open("sections.bpf.o").start(StartSpec { sections, attach: Vec::new() }).unwrap_or_else(|error| panic!("{error}"))
}

/// A section's page, mapped.
struct Mapping(*mut u32);

impl Mapping {
    fn new(fd: &OwnedFd, protection: i32) -> Result<Self, i32> {
        // SAFETY: a new mapping at an address of the kernel's choice.
        let address = unsafe { libc::mmap(ptr::null_mut(), 4096, protection, libc::MAP_SHARED, fd.as_raw_fd(), 0) };
        match address {
            libc::MAP_FAILED => Err(std::io::Error::last_os_error().raw_os_error().unwrap()),
            address => Ok(Self(address.cast())),
        }
    }

    fn set(&self, value: u32) {
        // SAFETY: the mapping is one page, writable where a test calls this; programs read the same word, hence volatile.
        unsafe { self.0.write_volatile(value) }
    }

    fn get(&self) -> u32 {
        // SAFETY: the mapping is one page and readable.
        unsafe { self.0.read_volatile() }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: this mapping was made by `new` with this size.
        unsafe { libc::munmap(self.0.cast(), 4096) };
    }
}

/// Writes the first word of a section by system call; the error is the errno.
fn update(fd: &OwnedFd, value_size: u32, value: u32) -> Result<(), i32> {
    let (key, mut bytes) = (0u32, vec![0u8; value_size as usize]);
    bytes[..4].copy_from_slice(&value.to_le_bytes());
    // SAFETY: key and value have the sizes of the map.
    let result =
        unsafe { libbpf_sys::bpf_map_update_elem(fd.as_raw_fd(), (&raw const key).cast(), bytes.as_ptr().cast(), 0) };
    if result == 0 { Ok(()) } else { Err(-result) }
}

fn value_size(running: &Running, name: &str) -> u32 {
    running.maps().iter().find(|map| map.name == name).unwrap().value_size
}

#[test]
fn initial_values_are_seen_by_programs_in_every_section() {
    let _serial = serial();
    let sections = vec![
        SectionSpec { init: vec![store(0, 21)], ..bind(".rodata") },
        SectionSpec { init: vec![store(0, 31)], ..bind(".rodata.config") },
        SectionSpec { init: vec![store(0, 41)], ..bind("sections.data") },
        SectionSpec { init: vec![store(0, 51)], ..bind(".data.hidden") },
        SectionSpec { init: vec![store(0, 61)], ..bind(".bss") },
    ];
    let running = start(sections);
    assert_eq!(run_once(&running, "read_limit"), 21);
    assert_eq!(run_once(&running, "read_scale"), 31);
    assert_eq!(run_once(&running, "read_level"), 41);
    assert_eq!(run_once(&running, "read_hidden"), 51);
    let bss = Mapping::new(&running.map_fd(".bss").unwrap(), libc::PROT_READ).unwrap();
    assert_eq!(bss.get(), 62, "read_level counts in total");
}

#[test]
fn unbound_sections_keep_the_values_of_the_file() {
    let _serial = serial();
    let running = start(Vec::new());
    assert_eq!(run_once(&running, "read_limit"), 7);
    assert_eq!(run_once(&running, "read_scale"), 3);
    assert_eq!(run_once(&running, "read_level"), 5);
    assert_eq!(run_once(&running, "read_hidden"), 11);
    let fd = running.map_fd(".rodata").unwrap();
    assert_eq!(update(&fd, value_size(&running, ".rodata"), 1), Err(libc::EPERM), "frozen");
}

#[test]
fn a_masked_initial_value_leaves_the_other_bits() {
    let _serial = serial();
    // The middle field has 5 bits from bit 3 on.
    let mid = InitStore {
        offset: 4,
        bytes: (30u32 << 3).to_le_bytes().to_vec(),
        mask: Some((31u32 << 3).to_le_bytes().to_vec()),
    };
    let running = start(vec![SectionSpec { init: vec![mid], ..bind(".data") }]);
    assert_eq!(run_once(&running, "read_mid"), 1 << 16 | 30 << 8 | 3);
}

#[test]
fn a_patch_through_the_mapping_reaches_the_running_program() {
    let _serial = serial();
    let running = start(vec![bind(".data"), bind(".data.hidden")]);
    for (section, program) in [(".data", "read_level"), (".data.hidden", "read_hidden")] {
        let mapping = Mapping::new(&running.map_fd(section).unwrap(), libc::PROT_READ | libc::PROT_WRITE)
            .unwrap_or_else(|errno| panic!("{section}: errno {errno}"));
        mapping.set(4711);
        assert_eq!(run_once(&running, program), 4711, "{section}");
    }
}

#[test]
fn bound_constants_can_be_patched_while_the_program_runs() {
    let _serial = serial();
    let running = start(vec![bind(".rodata"), bind(".rodata.config")]);
    for (section, program, before) in [(".rodata", "read_limit", 7), (".rodata.config", "read_scale", 3)] {
        let fd = running.map_fd(section).unwrap();
        assert_eq!(run_once(&running, program), before);
        let reading = Mapping::new(&fd, libc::PROT_READ).unwrap();
        assert_eq!(reading.get(), before.cast_unsigned());
        update(&fd, value_size(&running, section), 99).unwrap_or_else(|errno| panic!("{section}: errno {errno}"));
        assert_eq!(run_once(&running, program), 99, "{section}");
        assert_eq!(reading.get(), 99);
        // Programs may not write it, and therefore the kernel does not let anybody map it for writing either.
        assert_eq!(Mapping::new(&fd, libc::PROT_READ | libc::PROT_WRITE).err(), Some(libc::EACCES));
    }
}

#[test]
fn frozen_constants_have_their_initial_values_and_refuse_patches() {
    let _serial = serial();
    let running = start(vec![SectionSpec { init: vec![store(0, 8)], freeze: true, ..bind(".rodata") }]);
    let fd = running.map_fd(".rodata").unwrap();
    assert_eq!(run_once(&running, "read_limit"), 8);
    assert_eq!(Mapping::new(&fd, libc::PROT_READ).unwrap().get(), 8);
    assert_eq!(update(&fd, value_size(&running, ".rodata"), 9), Err(libc::EPERM));
    assert_eq!(run_once(&running, "read_limit"), 8);
}

#[test]
fn a_section_that_cannot_be_bound_so_says_why() {
    let _serial = serial();
    let refuse = |sections: Vec<SectionSpec>, fragments: &[&str]| {
        let spec = StartSpec { sections, attach: Vec::new() };
        expect_error(open("sections.bpf.o").start(spec), Kind::InvalidOpts, fragments);
    };
    refuse(vec![bind(".nowhere")], &["no data section '.nowhere'", ".data", ".rodata.config"]);
    refuse(vec![bind("counts")], &["'counts'", "not a data section"]);
    refuse(vec![bind(".data"), bind("sections.data")], &["bound twice"]);
    refuse(vec![SectionSpec { freeze: true, ..bind(".data") }], &["freeze applies to .rodata"]);
    refuse(vec![SectionSpec { init: vec![store(6, 1)], ..bind(".data") }], &["ends at byte 10", "8 bytes"]);
    refuse(vec![SectionSpec { init: vec![store(u32::MAX, 1)], ..bind(".data") }], &["ends at byte"]);
    let unequal = InitStore { offset: 0, bytes: vec![1, 2], mask: Some(vec![1]) };
    refuse(vec![SectionSpec { init: vec![unequal], ..bind(".data") }], &["mask differ in length"]);
}
