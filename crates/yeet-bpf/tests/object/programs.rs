//! What is done with the programs of an object while it runs.

use yeet_bpf::Kind;
use yeet_bpf::attach::{AttachSpec, IterSpec, IterTask, UprobeSpec};
use yeet_bpf::object::{Running, StartSpec};
use yeet_bpf::run::RunSpec;

use crate::support::{descriptors, expect_error, open, own_ids, run_once, serial};

fn loaded(names: &[&str]) -> StartSpec {
    let attach = names.iter().map(|name| ((*name).to_owned(), AttachSpec::Load)).collect();
    StartSpec { attach, ..StartSpec::default() }
}

fn links() -> usize {
    own_ids().iter().filter(|(kind, _)| kind == "link").count()
}

fn places(running: &Running, program: &str) -> Vec<String> {
    let state = running.programs().into_iter().find(|state| state.name == program).unwrap();
    state.attached.into_iter().map(|place| place.target).collect()
}

#[test]
fn a_program_is_attached_and_detached_while_the_object_runs() {
    let _serial = serial();
    let mut running =
        open("hooks.bpf.o").start(loaded(&["on_exec", "on_raw_switch", "on_typed_switch", "each_task"])).unwrap();
    assert_eq!(links(), 0);
    let before = descriptors();
    assert_eq!(running.attach("on_raw_switch", &AttachSpec::Auto).unwrap(), Vec::<String>::new());
    assert_eq!((links(), places(&running, "on_raw_switch")), (1, vec!["sched_switch".to_owned()]));
    drop(running.detach("on_raw_switch").unwrap());
    drop(running.detach("on_raw_switch").unwrap());
    assert_eq!((links(), places(&running, "on_raw_switch")), (0, Vec::new()));
    assert_eq!(descriptors(), before);
}

/// The kernel wants to know before load whether a probe will share a link.
#[test]
fn a_probe_that_was_loaded_without_a_place_gets_one_later() {
    let _serial = serial();
    let mut running = open("uprobe.bpf.o").start(loaded(&["on_entry", "on_return"])).unwrap();
    let spec = UprobeSpec {
        binary: "libc.so.6".to_owned(),
        symbol: Some("getpgid".to_owned()),
        pid: Some(std::process::id()),
        ..UprobeSpec::default()
    };
    running.attach("on_entry", &AttachSpec::Uprobe(vec![spec])).unwrap();
    assert_eq!(places(&running, "on_entry").len(), 1);
    drop(running.detach("on_entry").unwrap());
    assert_eq!(links(), 0);
}

#[test]
fn what_was_left_out_or_is_not_there_cannot_be_attached() {
    let _serial = serial();
    let mut running = open("hooks.bpf.o").start(StartSpec::default()).unwrap();
    let auto = AttachSpec::Auto;
    expect_error(running.attach("on_exec_if_asked", &auto), Kind::InvalidOpts, &["left out", "autoattach: false"]);
    expect_error(
        running.attach("on_exe", &auto),
        Kind::InvalidOpts,
        &["no program 'on_exe'", "did you mean 'on_exec'?"],
    );
    expect_error(running.detach("on_exe"), Kind::InvalidOpts, &["no program 'on_exe'"]);
    expect_error(running.attach("run_me", &auto), Kind::InvalidOpts, &["'run_me'", "run or installed by hand"]);
    running.stop().unwrap();
    expect_error(running.attach("on_exec", &auto), Kind::Stopped, &["'on_exec'", "stopped"]);
    expect_error(running.runnable("run_me"), Kind::Stopped, &["'run_me'"]);
    expect_error(running.walk("each_task"), Kind::Stopped, &["'each_task'"]);
}

#[test]
fn programs_run_by_hand_outlive_nothing_but_the_call() {
    let _serial = serial();
    let running = open("hooks.bpf.o").start(StartSpec::default()).unwrap();
    assert_eq!(run_once(&running, "run_me"), 0);
    let runnable = running.runnable("filter").unwrap();
    let packet = RunSpec { data: Some(vec![0; 64]), repeat: Some(10), ..RunSpec::default() };
    let ran = runnable.run(&packet).unwrap();
    assert_eq!((ran.return_value, ran.data.map(|data| data.len()), ran.ctx), (0, Some(64), None));
    expect_error(runnable.run(&RunSpec::default()), Kind::InvalidOpts, &["'filter'", "data is missing"]);
    let tracepoint = running.runnable("on_exec").unwrap();
    expect_error(tracepoint.run(&RunSpec::default()), Kind::Unsupported, &["'on_exec'", "tracepoint", "xdp"]);
}

#[test]
fn an_iterator_is_read_to_its_end_as_often_as_one_likes() {
    let _serial = serial();
    let mut running = open("hooks.bpf.o").start(StartSpec::default()).unwrap();
    let before = descriptors();
    for _ in 0..2 {
        let mut walk = running.walk("each_task").unwrap();
        // The fixture writes nothing.
        assert_eq!(walk.next_chunk().unwrap(), None);
        assert_eq!(walk.next_chunk().unwrap(), None);
    }
    assert_eq!(descriptors(), before);
    let own = IterSpec { task: Some(IterTask::Process(std::process::id())), ..IterSpec::default() };
    running.attach("each_task", &AttachSpec::Iter(own)).unwrap();
    assert_eq!(places(&running, "each_task"), ["task".to_owned(), format!("task of process {}", std::process::id())]);
    let map = IterSpec { map: Some("counts".to_owned()), ..IterSpec::default() };
    expect_error(running.attach("each_task", &AttachSpec::Iter(map)), Kind::InvalidOpts, &["map has no meaning"]);
    expect_error(running.walk("on_exec"), Kind::InvalidOpts, &["'on_exec'", "not an iterator"]);
    drop(running.detach("each_task").unwrap());
    expect_error(running.walk("each_task"), Kind::InvalidOpts, &["not attached"]);
}
