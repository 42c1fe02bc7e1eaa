//! Attaching by section, leaving out, and what is said when it fails.

#[path = "../object_support/mod.rs"]
mod support;

mod net;
mod perf;
mod shop;
mod uprobe;
// Its probe is in the machine's own assembly.
#[cfg(target_arch = "x86_64")]
mod usdt;

use std::fs::File;
use std::process::Command;
use std::time::{Duration, Instant};

use support::{assert_gone, check, descriptors, expect_error, in_child, only, open, own_ids, section_bytes, serial};
use yeet_bpf::attach::{AttachSpec, NetnsSpec, PerfEvent, PerfSpec, PerfTarget, Sample};
use yeet_bpf::object::{Running, StartSpec};
use yeet_bpf::{Error, Kind};

fn auto(names: &[&str]) -> StartSpec {
    StartSpec {
        attach: names.iter().map(|name| ((*name).to_owned(), AttachSpec::Auto)).collect(),
        ..StartSpec::default()
    }
}

fn off(names: &[&str]) -> StartSpec {
    StartSpec {
        attach: names.iter().map(|name| ((*name).to_owned(), AttachSpec::Off)).collect(),
        ..StartSpec::default()
    }
}

/// Reads a counter of the object's `.bss`; they lie there in the order of their first use in the source.
fn counter(running: &Running, at: usize) -> u32 {
    let size = running.maps().iter().find(|map| map.name == ".bss").unwrap().value_size as usize;
    let value = section_bytes(&running.map_fd(".bss").unwrap(), size);
    u32::from_le_bytes(value[4 * at..][..4].try_into().unwrap())
}

const EXECS: usize = 0;
const RAW_SWITCHES: usize = 1;
const TYPED_SWITCHES: usize = 2;
const OPTIONAL_EXECS: usize = 3;

fn execute_something() {
    assert!(Command::new("/bin/true").status().unwrap().success());
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn every_program_attaches_by_its_section() {
    let _serial = serial();
    let running = open("hooks.bpf.o").start(StartSpec::default()).unwrap();
    let before = counter(&running, EXECS);
    execute_something();
    wait_until("the tracepoint fires", || counter(&running, EXECS) > before);
    wait_until("the raw tracepoint fires", || counter(&running, RAW_SWITCHES) > 0);
    wait_until("the typed tracepoint fires", || counter(&running, TYPED_SWITCHES) > 0);
    assert_eq!(counter(&running, OPTIONAL_EXECS), 0, "an optional program is not loaded unless named");
    let how = |name: &str| running.programs().iter().find(|state| state.name == name).unwrap().attached[0].how.clone();
    assert_eq!(how("on_exec"), "perf_event");
    assert_eq!(how("on_raw_switch"), "raw_tracepoint");
    assert_eq!(how("on_typed_switch"), "raw_tracepoint");
    assert_eq!(how("each_task"), "iter");
}

#[test]
fn an_optional_program_attaches_when_it_is_named() {
    let _serial = serial();
    let running = open("hooks.bpf.o").start(auto(&["on_exec_if_asked"])).unwrap();
    execute_something();
    wait_until("the optional program fires", || counter(&running, OPTIONAL_EXECS) > 0);
    wait_until("so does the other", || counter(&running, EXECS) > 0);
}

#[test]
fn a_program_that_is_off_does_not_run() {
    let _serial = serial();
    let running = open("hooks.bpf.o").start(off(&["on_exec"])).unwrap();
    wait_until("others run", || counter(&running, RAW_SWITCHES) > 0);
    execute_something();
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(counter(&running, EXECS), 0);
}

#[test]
fn nothing_fires_after_stop() {
    let _serial = serial();
    let mut running = open("hooks.bpf.o").start(StartSpec::default()).unwrap();
    let fd = running.map_fd(".bss").unwrap();
    running.stop().unwrap();
    let read = || section_bytes(&fd, 16);
    std::thread::sleep(Duration::from_millis(100));
    let after = read();
    execute_something();
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(read(), after);
}

#[test]
fn names_are_checked_before_load() {
    let _serial = serial();
    expect_error(
        open("hooks.bpf.o").start(auto(&["on_exce"])),
        Kind::InvalidOpts,
        &["no program 'on_exce'", "did you mean 'on_exec'?", "on_raw_switch", "run_me"],
    );
    expect_error(
        open("hooks.bpf.o").start(off(&["on_exec", "on_exec"])),
        Kind::InvalidOpts,
        &["'on_exec' has two attach specs"],
    );
}

#[test]
fn all_programs_that_need_a_spec_are_listed_with_their_lines() {
    let _serial = serial();
    let error = expect_error(
        open("lanes.bpf.o").start(StartSpec::default()),
        Kind::InvalidOpts,
        &[
            "4 programs need",
            ".attach(\"trace_ssl\", { kind: \"uprobe\", binary: ",
            ".attach(\"trace_ssl_write\", { kind: \"uprobe\", binary: \"LIBRARY_OR_PATH\", symbol: \"SSL_write\" })",
            ".attach(\"on_tick\", { kind: \"perf\", event: { kind: \"software\", name: \"cpu_clock\" }, sample: { freq: 99 } })",
            ".attach(\"on_usdt\", { kind: \"usdt\"",
            "false)",
        ],
    );
    assert_eq!(error.message().lines().filter(|line| line.trim_start().starts_with(".attach(")).count(), 4);
    open("lanes.bpf.o")
        .start(off(&["trace_ssl", "trace_ssl_write", "on_tick", "on_usdt"]))
        .expect("left out, nothing is needed");
}

/// Starts one of the programs that cannot be attached, beside one that can.
fn refuse(program: &str, kind: Kind, fragments: &[&str]) -> Error {
    let before = descriptors();
    let opened = open("hooks_missing.bpf.o");
    let spec = only(&opened, &["good", program]);
    let error = expect_error(opened.start(spec), kind, fragments);
    assert_eq!(error.facts().program.as_deref(), Some(program));
    assert_eq!(descriptors(), before, "the good one is detached again");
    error
}

#[test]
fn a_tracepoint_that_does_not_exist_has_neighbours() {
    let _serial = serial();
    let error = refuse(
        "no_tracepoint",
        Kind::AttachFailed,
        &[
            "failed to attach program 'no_tracepoint' (SEC(\"tracepoint/sched/sched_proces_exec\"))",
            "no tracepoint 'sched_proces_exec' in category 'sched'",
            "/sys/kernel/tracing/events/sched",
            "sched/sched_process_exec",
            "ENOENT",
        ],
    );
    assert_eq!(error.facts().errno, Some(libc::ENOENT));
    refuse(
        "no_category",
        Kind::AttachFailed,
        &["failed to attach", "no tracepoint category 'shed'", "sched/sched_process_exec"],
    );
}

#[test]
fn raw_and_typed_tracepoints_have_neighbours_too() {
    let _serial = serial();
    refuse(
        "no_raw_tracepoint",
        Kind::AttachFailed,
        &["failed to attach", "no tracepoint 'sched_swich'", "sched_switch"],
    );
    refuse(
        "no_typed_tracepoint",
        Kind::AttachFailed,
        &["failed to attach", "no tracepoint 'sched_swich'", "sched_switch"],
    );
    refuse("no_iterator", Kind::AttachFailed, &["failed to attach", "no iterator 'no_such_thing'"]);
    refuse("no_function", Kind::AttachFailed, &["failed to attach", "no_such_function"]);
}

#[test]
fn sections_without_target_are_refused_before_load() {
    let _serial = serial();
    refuse("kprobe_without_target", Kind::InvalidOpts, &["names no target", "SEC(\"kprobe/do_unlinkat\")", "false)"]);
    refuse("fentry_without_target", Kind::InvalidOpts, &["names no target", "SEC(\"fentry/do_unlinkat\")"]);
    refuse(
        "tracepoint_without_target",
        Kind::InvalidOpts,
        &["names no target", "SEC(\"tracepoint/sched/sched_switch\")"],
    );
    refuse("no_slash", Kind::InvalidOpts, &["category"]);
    refuse(
        "unknown_section",
        Kind::InvalidObject,
        &["SEC(\"tracepont/sched/sched_switch\")", "did you mean SEC(\"tracepoint"],
    );
}

#[test]
fn a_probe_with_a_full_target_needs_library_and_symbol() {
    let _serial = serial();
    refuse("no_symbol", Kind::NotFound, &["failed to attach", "no function 'no_such_symbol'"]);
    refuse("no_library", Kind::NotFound, &["failed to attach", "cannot open the binary /no/such/library.so"]);
}

/// Kernels differ in whether they can probe their functions; either answer has to be clear.
#[test]
fn a_kernel_probe_attaches_or_says_that_the_kernel_cannot() {
    let _serial = serial();
    let opened = open("hooks_missing.bpf.o");
    let spec = only(&opened, &["a_kprobe"]);
    match opened.start(spec) {
        Ok(running) => assert_eq!(running.programs().iter().map(|state| state.attached.len()).sum::<usize>(), 1),
        Err(error) => {
            assert_eq!(error.kind(), Kind::Unsupported, "{error}");
            assert!(
                error.message().contains("failed to attach") && error.message().contains("CONFIG_KPROBE_EVENTS"),
                "{error}"
            );
        }
    }
}

/// The hooks of a security module are functions of the kernel too.
#[test]
fn a_program_of_a_security_module_attaches_to_a_group_or_says_that_the_kernel_cannot() {
    let _serial = serial();
    let opened = open("hooks_missing.bpf.o");
    let spec = only(&opened, &["a_group_of_lsm"]);
    match opened.start(spec) {
        Ok(running) => assert_eq!(running.programs().iter().map(|state| state.attached.len()).sum::<usize>(), 1),
        Err(error) => {
            assert_eq!(error.kind(), Kind::Unsupported, "{error}");
            assert!(error.message().contains("does not let its functions be traced"), "{error}");
        }
    }
}

/// Whatever the last descriptor was needed for, the way out is the same.
#[test]
fn too_few_descriptors_are_named_at_every_step() {
    let _serial = serial();
    in_child("attaching_with_few_descriptors", || {
        let limit = libc::rlimit { rlim_cur: 64, rlim_max: 64 };
        // SAFETY: the limit lives during the call.
        check(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) })
    });
}

#[test]
#[ignore = "takes all descriptors of its process; run by too_few_descriptors_are_named_at_every_step"]
fn attaching_with_few_descriptors() {
    let clock = PerfSpec {
        event: PerfEvent::Software("cpu_clock".to_owned()),
        cpus: None,
        target: PerfTarget::default(),
        sample: Sample::None,
        cookie: None,
    };
    let lookup = AttachSpec::Netns(NetnsSpec::default());
    for (object, program, spec) in
        [("perf.bpf.o", "on_tick", AttachSpec::Perf(clock)), ("net.bpf.o", "on_lookup", lookup)]
    {
        let attach = vec![(program.to_owned(), AttachSpec::Load)];
        let mut running = open(object).start(StartSpec { attach, ..StartSpec::default() }).unwrap();
        let mut taken: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
        let mut refused = 0;
        while let Err(error) = running.attach(program, &spec) {
            refused += 1;
            assert_eq!(error.kind(), Kind::AttachFailed, "{error}");
            assert_eq!(error.facts().program.as_deref(), Some(program));
            for fragment in ["failed to attach", "oo many open files", "ulimit -n"] {
                assert!(error.message().contains(fragment), "{refused}: {error}");
            }
            taken.pop().expect("some number of descriptors is enough");
        }
        assert!(refused > 1, "{refused}");
    }
}

#[test]
fn one_failure_detaches_all() {
    let _serial = serial();
    let before = descriptors();
    let opened = open("hooks_missing.bpf.o");
    let spec = only(&opened, &["good", "no_raw_tracepoint"]);
    opened.start(spec).unwrap_err();
    assert_eq!(descriptors(), before);
    assert_gone(&own_ids());
    assert!(own_ids().is_empty(), "{:?}", own_ids());
}
