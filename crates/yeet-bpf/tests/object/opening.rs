//! What can be told of an object before it is loaded, without privileges.

use std::fs;

use yeet_bpf::Kind;
use yeet_bpf::attach::Lane;
use yeet_bpf::object::{self, MapDecl, resolve_map};

use crate::support::{expect_error, fixture, open, serial};

fn map<'a>(maps: &'a [MapDecl], name: &str) -> &'a MapDecl {
    maps.iter().find(|map| map.name == name).unwrap_or_else(|| panic!("no map {name} in {maps:?}"))
}

#[test]
fn maps_are_declared_by_the_file() {
    let _serial = serial();
    let opened = open("sections.bpf.o");
    let counts = map(opened.maps(), "counts");
    assert_eq!(
        (counts.map_type, counts.key_size, counts.value_size, counts.max_entries),
        (libbpf_sys::BPF_MAP_TYPE_HASH, 4, 8, 16)
    );
    assert!(counts.key_type_id != 0 && counts.value_type_id != 0);
    assert_eq!(counts.section, None);
    let events = map(opened.maps(), "events");
    assert_eq!((events.key_type_id, events.value_type_id, events.max_entries), (0, 0, 4096));
    let names: Vec<_> = opened.maps().iter().filter_map(|map| map.section.as_deref()).collect();
    for section in [".data", ".bss", ".rodata", ".rodata.config", ".data.hidden"] {
        assert!(names.contains(&section), "{section} is not in {names:?}");
    }
    assert_eq!(map(opened.maps(), ".rodata").kernel_name, "sections.rodata");
    assert_eq!(map(opened.maps(), ".bss").kernel_name, "sections.bss");
    assert_eq!(map(opened.maps(), ".rodata.config").kernel_name, ".rodata.config");
    assert_eq!(map(opened.maps(), "a_map_with_quite_a_long_name").kernel_name, "a_map_with_quit");
}

#[test]
fn a_map_is_found_by_either_name() {
    let _serial = serial();
    let opened = open("sections.bpf.o");
    let found = |name| resolve_map(opened.maps(), name).map(|map| map.name.as_str());
    assert_eq!(found(".data"), Some(".data"));
    assert_eq!(found("sections.data"), Some(".data"));
    assert_eq!(found(".rodata.config"), Some(".rodata.config"));
    assert_eq!(found("a_map_with_quit"), Some("a_map_with_quite_a_long_name"));
    assert_eq!(found("data"), None);
}

#[test]
fn two_maps_that_the_kernel_would_call_the_same_are_told_apart_by_their_own_names() {
    let _serial = serial();
    let opened = open("sections.bpf.o");
    let mut maps = opened.maps().to_vec();
    let twin = MapDecl {
        name: "a_map_with_quite_another_name".to_owned(),
        ..map(&maps, "a_map_with_quite_a_long_name").clone()
    };
    maps.push(twin);
    assert_eq!(resolve_map(&maps, "a_map_with_quit"), None);
    assert_eq!(resolve_map(&maps, "a_map_with_quite_another_name"), maps.last());
}

#[test]
fn programs_are_declared_by_the_file() {
    let _serial = serial();
    let opened = open("hooks.bpf.o");
    let program = |name: &str| opened.programs().iter().find(|program| program.name == name).unwrap().clone();
    let exec = program("on_exec");
    assert_eq!((exec.section.as_str(), exec.prog_type.as_str()), ("tracepoint/sched/sched_process_exec", "tracepoint"));
    assert_eq!((exec.attach_type, exec.autoload, exec.lane), (None, true, Lane::Auto));
    let typed = program("on_typed_switch");
    assert_eq!((typed.prog_type.as_str(), typed.attach_type.as_deref()), ("tracing", Some("trace_raw_tp")));
    let optional = program("on_exec_if_asked");
    assert_eq!((optional.section.as_str(), optional.autoload), ("tracepoint/sched/sched_process_exec", false));
    assert_eq!(program("run_me").lane, Lane::LoadOnly);
    assert_eq!(program("replacement").lane, Lane::Replace);
}

/// The fields of a DATASEC record in raw BTF: (size, [(variable's type, offset, size)]).
fn data_section(btf: &[u8], id: u32) -> (u32, Vec<(u32, u32, u32)>) {
    let word = |at: usize| u32::from_le_bytes(btf[at..at + 4].try_into().unwrap());
    let mut at = word(4) as usize;
    for _ in 1..id {
        let (kind, count) = (word(at + 4) >> 24 & 0x1f, (word(at + 4) & 0xffff) as usize);
        at += 12
            + match kind {
                1 | 14 | 17 => 4,
                3 => 12,
                4 | 5 | 15 | 19 => 12 * count,
                6 | 13 => 8 * count,
                _ => 0,
            };
    }
    assert_eq!(word(at + 4) >> 24 & 0x1f, 15, "type {id} is a data section");
    let count = (word(at + 4) & 0xffff) as usize;
    (word(at + 8), (0..count).map(|n| at + 12 + 12 * n).map(|at| (word(at), word(at + 4), word(at + 8))).collect())
}

#[test]
fn the_btf_has_sizes_and_offsets_of_the_data_sections() {
    let _serial = serial();
    let opened = open("sections.bpf.o");
    assert!(opened.btf().starts_with(&[0x9f, 0xeb]));
    let data = map(opened.maps(), ".data");
    let (size, variables) = data_section(opened.btf(), data.value_type_id);
    assert_eq!(size, data.value_size);
    assert_eq!(size, 8, "level and flags");
    let offsets: Vec<_> = variables.iter().map(|(_, offset, size)| (*offset, *size)).collect();
    assert_eq!(offsets, [(0, 4), (4, 4)]);
    // The compiler leaves them zero in the file.
    let image = fs::read(fixture("sections.bpf.o")).unwrap();
    assert!(!image.windows(opened.btf().len()).any(|window| window == opened.btf()));
}

#[test]
fn a_missing_file_is_named_in_full() {
    let path = std::path::Path::new("tests/fixtures/object/nowhere.bpf.o");
    let error = expect_error(object::open(path), Kind::NotFound, &["no such file"]);
    let resolved = fixture("nowhere.bpf.o");
    assert!(error.message().contains(resolved.to_str().unwrap()), "{error}");
    assert_eq!(error.facts().path.as_deref(), Some(resolved.as_path()));
    assert_eq!(error.facts().errno, Some(libc::ENOENT));
}

#[test]
fn a_missing_file_whose_source_is_there_tells_how_to_build_it() {
    let folder = std::env::temp_dir().join(format!("yeet-open-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("probe.bpf.c"), "int x;").unwrap();
    let result = object::open(&folder.join("probe.bpf.o"));
    fs::remove_dir_all(&folder).unwrap();
    expect_error(result, Kind::NotFound, &["clang -g -O2 -target bpf -c", "probe.bpf.c -o", "probe.bpf.o"]);
}

#[test]
fn a_folder_is_not_an_object() {
    expect_error(object::open(&fixture("")), Kind::InvalidObject, &["it is a directory"]);
    expect_error(object::open("/dev/zero".as_ref()), Kind::InvalidObject, &["not a regular file"]);
}
