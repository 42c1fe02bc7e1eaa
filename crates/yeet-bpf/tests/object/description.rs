//! What an object's file says, without the kernel.

use std::path::{Path, PathBuf};

use crate::support::serial;
use yeet_bpf::object::{Description, ProgramDescription, describe};

fn description(path: &str) -> Description {
    // An open object holds descriptors, which other tests count.
    let _serial = serial();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    describe(&root.join(path)).unwrap_or_else(|error| panic!("{}", error.message()))
}

fn program<'a>(object: &'a Description, name: &str) -> &'a ProgramDescription {
    object.programs.iter().find(|program| program.decl.name == name).unwrap_or_else(|| panic!("no program {name}"))
}

const MAP_LOOKUP: u32 = 1;
const MAP_UPDATE: u32 = 2;
const KTIME: u32 = 5;
const PID_TGID: u32 = 14;
const COMM: u32 = 16;
const RESERVE: u32 = 131;
const SUBMIT: u32 = 132;

#[test]
fn helpers_are_those_of_the_program_and_of_what_it_calls() {
    let object = description("tests/types/flows.bpf.o");
    let on_exec = program(&object, "on_exec");
    // The first two are called by a function in .text.
    assert_eq!(on_exec.helpers, [MAP_LOOKUP, MAP_UPDATE, KTIME, PID_TGID, COMM, RESERVE, SUBMIT]);
    assert!(on_exec.instructions > 10);
    assert_eq!(program(&object, "on_packet").helpers, []);
}

#[test]
fn functions_of_the_kernel_are_known_by_name() {
    let object = description("tests/types/flows.bpf.o");
    assert_eq!(program(&object, "on_tick").kfuncs, ["bpf_rcu_read_lock", "bpf_rcu_read_unlock", "bpf_unheard_of"]);
    assert_eq!(program(&object, "on_exec").kfuncs, [""; 0]);
}

#[test]
fn callbacks_count() {
    let object = description("tests/fixtures/ring/producer.bpf.o");
    let callers: Vec<_> = object.programs.iter().filter(|program| program.helpers.contains(&181)).collect();
    assert!(!callers.is_empty(), "bpf_loop is called");
    for program in callers {
        assert!(program.helpers.len() > 1, "{} calls back", program.decl.name);
    }
}

#[test]
fn sections_have_their_initial_contents() {
    let object = description("tests/types/flows.bpf.o");
    let initial = |name: &str| {
        let map = object.maps.iter().find(|map| map.decl.name == name).unwrap_or_else(|| panic!("no {name}"));
        map.initial.clone()
    };
    assert_eq!(initial(".rodata").unwrap()[..4], 7u32.to_le_bytes());
    assert_eq!(initial(".bss"), None);
    assert_eq!(initial("flows"), None);
    assert_eq!(object.license.as_deref(), Some("GPL"));
}

#[test]
fn a_map_of_maps_says_what_is_in_it() {
    let object = description("tests/types/flows.bpf.o");
    let inner = object.maps.iter().find_map(|map| map.inner.as_ref()).unwrap();
    assert_eq!((inner.key_size, inner.value_size, inner.max_entries), (4, 8, 8));
    assert_eq!(object.maps.iter().filter(|map| map.inner.is_some()).count(), 1);
}

#[test]
fn every_program_says_how_it_would_attach() {
    let object = description("tests/types/flows.bpf.o");
    let intent = |name| {
        let intent = &program(&object, name).intent;
        (intent.text.as_str(), intent.spec.is_some())
    };
    assert_eq!(intent("on_exec"), ("raw tracepoint sched_process_exec", false));
    assert_eq!(intent("on_call"), ("has to be told where", true));
    assert_eq!(intent("on_packet"), ("the driver of every network interface of the host", false));
    assert!(!program(&object, "on_tick").decl.autoload);

    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/object");
    for file in ["hooks", "lanes", "net", "perf", "uprobe", "usdt", "struct_ops", "rejected"] {
        let object = describe(&root.join(format!("{file}.bpf.o"))).unwrap();
        for program in object.programs {
            assert!(!program.intent.text.is_empty(), "{file}: {}", program.decl.name);
        }
    }
}
