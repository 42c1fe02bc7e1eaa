//! Data sections, with programs that use them at the same time.

use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use libbpf_rs::{MapCore, Object, ObjectBuilder, ProgramInput};
use yeet_bpf::Kind;
use yeet_bpf::map::{Map, MapType, Section, Store};

use crate::support::{Shape, create, freeze};

fn store(offset: u32, bytes: &[u8]) -> Store<'_> {
    Store { offset, bytes, mask: None }
}

/// The loaded fixture; its `.rodata` is a map of ours when one is given.
fn load(rodata: Option<&Map>) -> Object {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/map/section.bpf.o");
    let mut open = ObjectBuilder::default().open_file(path).expect("open");
    for mut map in open.maps_mut() {
        if let Some(rodata) = rodata
            && map.name().to_string_lossy().ends_with(".rodata")
        {
            map.reuse_fd(rodata.fd()).expect("reuse_fd");
        }
    }
    open.load().expect("load")
}

fn section(object: &Object, name: &str) -> Section {
    let map = object.maps().find(|map| map.name().to_string_lossy().ends_with(name)).expect("section");
    let map = Map::from_fd(map.as_fd().try_clone_to_owned().expect("dup"), name.to_owned()).expect("from_fd");
    Section::new(Arc::new(map)).expect("section")
}

fn run(object: &Object, name: &str, input: Option<&mut [u8]>) -> u32 {
    let program = object.progs_mut().find(|program| program.name() == name).expect("program");
    program.test_run(ProgramInput { context_in: input, ..Default::default() }).expect("test_run").return_value
}

fn contents(section: &Section) -> Vec<u8> {
    let mut bytes = vec![0; section.size()];
    section.read(&mut bytes).expect("read");
    bytes
}

fn word(bytes: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(bytes[offset..offset + 8].try_into().expect("8 bytes"))
}

fn half(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(bytes[offset..offset + 4].try_into().expect("4 bytes"))
}

#[test]
fn a_patch_is_what_programs_read_and_the_other_way_round() {
    let object = load(None);
    let data = section(&object, ".data");
    assert_eq!(run(&object, "read_patched", None), 1);
    data.store(&[store(0, &77_u64.to_le_bytes())]).expect("store");
    assert_eq!(run(&object, "read_patched", None), 77);
    assert_eq!(word(&contents(&data), 0), 77);
}

/// The three globals of `.bss` in the order of the compiled object: found by what the program does to them.
struct Globals {
    counter: usize,
    plain: usize,
    flags: usize,
}

impl Globals {
    fn find(object: &Object, bss: &Section) -> Self {
        run(object, "count", Some(&mut 3_u32.to_le_bytes()));
        let bytes = contents(bss);
        let threes: Vec<usize> = (0..bytes.len()).step_by(4).filter(|&offset| half(&bytes, offset) == 3).collect();
        let [first, second] = threes[..] else { panic!("{bytes:?}") };
        let counter =
            if first.is_multiple_of(8) && half(&bytes, first + 4) == 0 && second != first + 4 { first } else { second };
        let plain = first + second - counter;
        Self { counter, plain, flags: plain ^ 4 }
    }
}

#[test]
fn concurrent_increments_are_never_lost() {
    const ROUNDS: u32 = 40;
    const STEPS: u32 = 100_000;
    let object = load(None);
    let bss = section(&object, ".bss");
    let Globals { counter, plain, flags } = Globals::find(&object, &bss);
    let done = AtomicBool::new(false);
    let patches = thread::scope(|scope| {
        let patching = scope.spawn(|| {
            let mut patches = 0_u32;
            while !done.load(Ordering::Relaxed) || patches < 100_000 {
                // Six bits in the middle of the word next to the one that the program counts in, then the word's last byte alone.
                let bits = ((patches & 0x3F) << 5).to_le_bytes();
                let mask = (0x3F_u32 << 5).to_le_bytes();
                let masked = Store { offset: flags as u32, bytes: &bits, mask: Some(&mask) };
                bss.store(&[masked, store(flags as u32 + 3, &[patches as u8])]).expect("store");
                let now = contents(&bss);
                assert_eq!(half(&now, flags), u32::from_le_bytes(bits) | (patches & 0xFF) << 24);
                patches += 1;
            }
            patches
        });
        for _ in 0..ROUNDS {
            run(&object, "count", Some(&mut STEPS.to_le_bytes()));
        }
        done.store(true, Ordering::Relaxed);
        patching.join().expect("join")
    });
    assert!(patches >= 100_000);
    let bytes = contents(&bss);
    assert_eq!(word(&bytes, counter), u64::from(3 + ROUNDS * STEPS));
    assert_eq!(half(&bytes, plain), 3 + ROUNDS * STEPS);
}

#[test]
fn rodata_that_is_not_frozen_is_patched_live() {
    let flags = libbpf_sys::BPF_F_RDONLY_PROG | libbpf_sys::BPF_F_MMAPABLE;
    let map = Shape::new(MapType::Array, 4, 8, 1).flags(flags).create(".rodata");
    map.update(&[0; 4], &7_u64.to_le_bytes()).expect("initial contents");
    let object = load(Some(&map));
    let rodata = Section::new(map).expect("section");
    assert_eq!(run(&object, "read_limit", None), 7);
    rodata.store(&[store(0, &1234_u32.to_le_bytes())]).expect("store");
    assert_eq!(run(&object, "read_limit", None), 1234);
    let mask = Store { offset: 0, bytes: &[0xFF], mask: Some(&[0x01]) };
    rodata.store(&[mask]).expect("store");
    assert_eq!(run(&object, "read_limit", None), 1235);
    assert_eq!(word(&contents(&rodata), 0), 1235);
}

#[test]
fn rodata_that_is_frozen_refuses() {
    let object = load(None);
    let rodata = section(&object, ".rodata");
    assert_eq!(word(&contents(&rodata), 0), 7);
    let error = rodata.store(&[store(0, &[1])]).expect_err("frozen");
    assert_eq!(error.kind(), Kind::PermissionDenied);
    assert!(
        error.message().contains("'.rodata': the map is frozen") && error.message().contains("`freeze: true`"),
        "{error}"
    );
    assert_eq!(run(&object, "read_limit", None), 7);
}

#[test]
fn a_map_frozen_after_it_was_mapped_cannot_happen_but_before_it_reads() {
    let map = Shape::new(MapType::Array, 4, 24, 1).flags(libbpf_sys::BPF_F_MMAPABLE).create(".data.x");
    map.update(&[0; 4], &[5; 24]).expect("update");
    freeze(&map);
    let section = Section::new(map).expect("section");
    assert_eq!(contents(&section), [5; 24]);
    assert_eq!(section.store(&[store(0, &[1])]).expect_err("frozen").kind(), Kind::PermissionDenied);
}

#[test]
fn one_bad_store_and_nothing_is_written() {
    for flags in [libbpf_sys::BPF_F_MMAPABLE, libbpf_sys::BPF_F_MMAPABLE | libbpf_sys::BPF_F_RDONLY_PROG] {
        let section = Section::new(Shape::new(MapType::Array, 4, 21, 1).flags(flags).create(".data")).expect("section");
        let bad = [
            store(20, &[1, 2]),
            store(22, &[]),
            store(u32::MAX, &[1]),
            Store { offset: 0, bytes: &[1, 2], mask: Some(&[1]) },
        ];
        for bad in bad {
            let error = section.store(&[store(0, &[9; 8]), bad]).expect_err("a bad store");
            assert_eq!(error.kind(), Kind::InvalidValue, "{error}");
            assert!(error.message().contains("nothing was written"), "{error}");
            assert_eq!(contents(&section), [0; 21]);
        }
        section.store(&[store(20, &[1]), store(21, &[])]).expect("inside");
        assert_eq!(section.read(&mut [0; 20]).expect_err("too short").kind(), Kind::InvalidValue);
    }
}

#[test]
fn a_section_without_a_mapping_reads_and_refuses_to_write() {
    let map = create(MapType::Array, 4, 16, 1);
    map.update(&[0; 4], &[3; 16]).expect("update");
    let section = Section::new(map).expect("section");
    assert_eq!(contents(&section), [3; 16]);
    let error = section.store(&[store(0, &[1])]).expect_err("it would undo what programs write");
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.message().contains("BPF_F_MMAPABLE"), "{error}");
}

#[test]
fn only_single_slot_arrays_are_sections() {
    for map in [create(MapType::Array, 4, 16, 2), create(MapType::Hash, 4, 16, 1)] {
        assert_eq!(Section::new(map).err().expect("an error").kind(), Kind::InvalidMapKind);
    }
}
