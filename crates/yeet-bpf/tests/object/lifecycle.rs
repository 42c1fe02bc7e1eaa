//! Start, stop, and what is left: nothing.

use std::collections::BTreeSet;

use yeet_bpf::Kind;
use yeet_bpf::attach::AttachSpec;
use yeet_bpf::object::{SectionSpec, StartSpec};

use crate::support::{assert_gone, descriptors, expect_error, open, own_ids, run_once, serial};

fn spec() -> StartSpec {
    StartSpec {
        sections: vec![SectionSpec { map: ".rodata".to_owned(), ..SectionSpec::default() }],
        attach: Vec::new(),
    }
}

#[test]
fn stopping_gives_everything_back_and_may_be_repeated() {
    let _serial = serial();
    drop(open("sections.bpf.o").start(spec()).unwrap());
    let before = descriptors();
    let mut running = open("sections.bpf.o").start(spec()).unwrap();
    let ids = own_ids();
    assert!(ids.iter().any(|(kind, _)| kind == "map") && ids.iter().any(|(kind, _)| kind == "prog"), "{ids:?}");
    running.stop().unwrap();
    running.stop().unwrap();
    assert_eq!(descriptors(), before);
    assert_gone(&ids);
    expect_error(running.map_fd("counts"), Kind::Stopped, &["'counts'", "stopped"]);
}

#[test]
fn dropping_stops() {
    let _serial = serial();
    let running = open("hooks.bpf.o").start(StartSpec::default()).unwrap();
    let ids = own_ids();
    assert!(ids.iter().any(|(kind, _)| kind == "link"), "{ids:?}");
    drop(running);
    assert_eq!(own_ids(), BTreeSet::new());
    assert_gone(&ids);
}

#[test]
fn a_map_descriptor_outlives_the_object() {
    let _serial = serial();
    let mut running = open("sections.bpf.o").start(StartSpec::default()).unwrap();
    let fd = running.map_fd("counts").unwrap();
    running.stop().unwrap();
    let ids = own_ids();
    assert_eq!(ids.len(), 1, "{ids:?}");
    drop(fd);
    assert_gone(&ids);
}

#[test]
fn unknown_maps_are_answered_with_the_known_ones() {
    let _serial = serial();
    let running = open("sections.bpf.o").start(StartSpec::default()).unwrap();
    expect_error(running.map_fd("count"), Kind::NotFound, &["'count'", "counts", "events", ".rodata"]);
}

#[test]
fn programs_have_their_state() {
    let _serial = serial();
    let attach = vec![("on_exec".to_owned(), AttachSpec::Off)];
    let running = open("hooks.bpf.o").start(StartSpec { attach, ..StartSpec::default() }).unwrap();
    let state = |name: &str| running.programs().into_iter().find(|state| state.name == name).unwrap();
    assert_eq!((state("on_exec").id, state("on_exec").attached.len()), (None, 0));
    assert_eq!((state("on_exec_if_asked").id, state("on_exec_if_asked").attached.len()), (None, 0));
    let raw = state("on_raw_switch");
    assert!(raw.id.is_some());
    assert_eq!((raw.attached[0].how.as_str(), raw.attached[0].target.as_str()), ("raw_tracepoint", "sched_switch"));
    assert!(state("run_me").id.is_some() && state("run_me").attached.is_empty());
    assert!(state("filter").id.is_some() && state("filter").attached.is_empty());
    assert!(
        running.warnings().iter().any(|warning| warning.contains("'replacement'") && warning.contains("freplace")),
        "{:?}",
        running.warnings()
    );
}

#[test]
fn many_starts_leave_no_descriptor() {
    let _serial = serial();
    drop(open("hooks.bpf.o").start(StartSpec::default()).unwrap());
    let before = descriptors();
    for _ in 0..50 {
        let running = open("hooks.bpf.o").start(StartSpec::default()).unwrap();
        run_once(&running, "run_me");
    }
    assert_eq!(descriptors(), before);
}

#[test]
fn objects_start_on_several_threads_at_once() {
    let _serial = serial();
    let before = descriptors();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let running = open("sections.bpf.o").start(spec()).unwrap();
                assert_eq!(run_once(&running, "read_limit"), 7);
                // Failures of one thread are explained by its own messages.
                let failing =
                    StartSpec { attach: vec![("no_tracepoint".to_owned(), AttachSpec::Auto)], ..StartSpec::default() };
                expect_error(open("hooks_missing.bpf.o").start(failing), Kind::AttachFailed, &["sched_proces_exec"]);
            });
        }
    });
    assert_eq!(descriptors(), before);
}
