//! Perf events: on the right CPUs, for the right tasks, as often as asked.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use yeet_bpf::attach::{AttachSpec, Namespace, PerfEvent, PerfSpec, PerfTarget, Sample};
use yeet_bpf::object::{InitStore, Running, SectionSpec, StartSpec};
use yeet_bpf::{Error, Kind};

use crate::support::{Pipe, descriptors, expect_error, open, serial};
use crate::{counter, wait_until};

const TICKS: usize = 0;
const OWN_PID: usize = 1;
const OWN: usize = 2;
const OTHERS: usize = 3;
const CPUS: usize = 4;

fn software(name: &str, sample: Sample, target: PerfTarget) -> PerfSpec {
    PerfSpec { event: PerfEvent::Software(name.to_owned()), cpus: None, target, sample, cookie: None }
}

fn clock(target: PerfTarget) -> PerfSpec {
    software("cpu_clock", Sample::Freq(500), target)
}

fn pids(ns: Namespace, pids: Option<Vec<u32>>) -> PerfTarget {
    PerfTarget::Pids { ns, pids }
}

/// Starts with `own_pid` set to this process.
fn start(spec: PerfSpec) -> yeet_bpf::Result<Running> {
    let own = InitStore { offset: 4 * OWN_PID as u32, bytes: std::process::id().to_le_bytes().to_vec(), mask: None };
    let sections = vec![SectionSpec { map: ".bss".to_owned(), init: vec![own], freeze: false }];
    open("perf.bpf.o").start(StartSpec { sections, attach: vec![("on_tick".to_owned(), AttachSpec::Perf(spec))] })
}

fn attached(running: &Running) -> Vec<String> {
    running.programs()[0].attached.iter().map(|attached| attached.target.clone()).collect()
}

fn burn(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        std::hint::spin_loop();
    }
}

/// Uses the CPU in so many threads until it is enough: how much of it a busy machine gives them in a while cannot be known.
fn burn_until(what: &str, threads: usize, enough: impl FnMut() -> bool) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    burn(Duration::from_millis(5));
                }
            });
        }
        let waited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| wait_until(what, enough)));
        done.store(true, Ordering::Relaxed);
        waited.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// A process that does nothing but use its CPU.
struct Burner(Child);

impl Burner {
    fn new(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn shell(script: &str) -> Self {
        Self::new(Command::new("bash").args(["-c", script]))
    }
}

impl Drop for Burner {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn every_cpu_is_sampled() {
    let _serial = serial();
    let before = descriptors();
    let mut running = start(clock(PerfTarget::default())).unwrap();
    let cpus = std::thread::available_parallelism().unwrap().get();
    assert_eq!(attached(&running).len(), cpus, "{:?}", attached(&running));
    burn_until("every CPU is sampled", 2 * cpus, || {
        counter(&running, OWN) > 20 && counter(&running, CPUS).count_ones() as usize == cpus
    });
    running.stop().unwrap();
    assert_eq!(descriptors(), before);
}

#[test]
fn chosen_cpus_are_the_only_ones() {
    let _serial = serial();
    let running = start(PerfSpec { cpus: Some(vec![0, 0]), ..clock(PerfTarget::default()) }).unwrap();
    assert_eq!(attached(&running), ["software event cpu_clock of cpu 0"]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| burn(Duration::from_millis(300)));
        }
    });
    assert_eq!(counter(&running, CPUS), 1);
    drop(running);
    let refuse = |cpus| start(PerfSpec { cpus: Some(cpus), ..clock(PerfTarget::default()) });
    expect_error(refuse(vec![0, 4000]), Kind::InvalidOpts, &["failed to attach", "cpu lists 4000", "online are 0"]);
    expect_error(refuse(Vec::new()), Kind::InvalidOpts, &["empty list"]);
}

#[test]
fn one_process_is_watched_and_its_children_are_too() {
    let _serial = serial();
    let _noise = Burner::shell("while :; do :; done");
    let running = start(clock(pids(Namespace::Host, Some(vec![std::process::id()])))).unwrap();
    burn_until("a thread that was cloned later is sampled", 1, || counter(&running, OWN) > 10);
    assert_eq!(counter(&running, OTHERS), 0);
    // The fork of this thread is a child of what is watched.
    let _child = Burner::shell("while :; do :; done");
    wait_until("a child is sampled", || counter(&running, OTHERS) > 5);
}

#[test]
fn a_process_that_is_not_asked_for_is_not_seen() {
    let _serial = serial();
    let burner = Burner::shell("while :; do :; done");
    let running = start(clock(pids(Namespace::Host, Some(vec![burner.0.id()])))).unwrap();
    burn(Duration::from_millis(300));
    wait_until("the burner is sampled", || counter(&running, OTHERS) > 5);
    assert_eq!(counter(&running, OWN), 0);
}

/// A process in a pid namespace of its own, in which it is number 1 and has a child.
fn in_own_space() -> (Burner, u32) {
    let burner = Burner::new(Command::new("unshare").args([
        "--pid",
        "--fork",
        "--kill-child",
        "bash",
        "-c",
        "while :; do :; done",
    ]));
    let parent = burner.0.id();
    let children = format!("/proc/{parent}/task/{parent}/children");
    let mut inner = None;
    wait_until("the inner process is there", || {
        inner = std::fs::read_to_string(&children).ok().and_then(|pids| pids.split(' ').next()?.parse::<u32>().ok());
        inner.is_some_and(|pid| std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe.ends_with("bash")))
    });
    (burner, inner.unwrap())
}

#[test]
fn a_pid_namespace_is_watched_as_a_whole_or_by_its_own_numbers() {
    let _serial = serial();
    let (_burner, inner) = in_own_space();
    let path = PathBuf::from(format!("/proc/{inner}/ns/pid"));
    let targets = [
        pids(Namespace::Pid(inner), None),
        pids(Namespace::Path(path.clone()), None),
        pids(Namespace::Pid(inner), Some(vec![1])),
        pids(Namespace::Path(path), Some(vec![1])),
    ];
    for target in targets {
        let running = start(clock(target.clone())).unwrap();
        assert_eq!(attached(&running), [format!("software event cpu_clock of task {inner}")], "{target:?}");
        burn(Duration::from_millis(100));
        wait_until("the inner process is sampled", || counter(&running, OTHERS) > 5);
        assert_eq!(counter(&running, OWN), 0);
    }
    let wrong = pids(Namespace::Pid(inner), Some(vec![inner]));
    let here = format!("no process {inner} in the pid namespace of process {inner}; the numbers are those inside it");
    expect_error(start(clock(wrong)), Kind::NotFound, &["failed to attach", &here]);
}

#[test]
fn a_process_is_watched_once_however_often_it_is_listed() {
    let _serial = serial();
    let burner = Burner::shell("while :; do :; done");
    let pid = burner.0.id();
    let running = start(clock(pids(Namespace::Host, Some(vec![pid, pid])))).unwrap();
    assert_eq!(attached(&running), [format!("software event cpu_clock of task {pid}")]);
}

/// Runs `work` on a thread that may not look into other processes.
fn without_ptrace<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    const VERSION_3: u32 = 0x2008_0522;
    const CAP_SYS_PTRACE: u32 = 19;
    let drop_it = || {
        let (header, mut sets) = ([VERSION_3, 0], [[0_u32; 3]; 2]);
        // SAFETY: reads and writes the capabilities of this thread only; both arrays are laid out as the kernel has them.
        unsafe {
            assert_eq!(libc::syscall(libc::SYS_capget, header.as_ptr(), sets.as_mut_ptr()), 0);
            sets[0][0] &= !(1 << CAP_SYS_PTRACE);
            assert_eq!(libc::syscall(libc::SYS_capset, header.as_ptr(), sets.as_ptr()), 0);
        }
    };
    std::thread::scope(|scope| scope.spawn(|| (drop_it(), work()).1).join().unwrap())
}

#[test]
fn a_namespace_that_may_not_be_seen_names_what_is_needed() {
    let _serial = serial();
    let burner = Burner::shell("while :; do :; done");
    let ns = Namespace::Pid(burner.0.id());
    let refused = without_ptrace(|| start(clock(pids(ns, None))));
    expect_error(refused, Kind::PermissionDenied, &["failed to attach", "cannot be opened", "CAP_SYS_PTRACE"]);
}

#[test]
fn a_cgroup_is_watched() {
    let _serial = serial();
    let root = Command::new("findmnt").args(["-n", "-t", "cgroup2", "-o", "TARGET"]).output().unwrap().stdout;
    let root = String::from_utf8(root).unwrap();
    let group = PathBuf::from(root.lines().next().unwrap()).join(format!("yeet-perf-{}", std::process::id()));
    std::fs::create_dir(&group).unwrap();
    let burner = Burner::shell(&format!("echo $$ > {}/cgroup.procs; while :; do :; done", group.display()));
    let result = start(clock(PerfTarget::Cgroup(group.clone())));
    // The perf controller may live in a hierarchy of its own, and then the kernel says that it does not know this group.
    let seen = result.map(|running| {
        burn(Duration::from_millis(200));
        wait_until("the group is sampled", || counter(&running, OTHERS) > 5);
        counter(&running, OWN)
    });
    drop(burner);
    wait_until("the group is empty", || std::fs::remove_dir(&group).is_ok());
    assert_eq!(seen.unwrap_or_else(|error| panic!("{error}")), 0);
    let gone = start(clock(PerfTarget::Cgroup(group)));
    expect_error(gone, Kind::NotFound, &["failed to attach", "cannot open the cgroup"]);
}

#[test]
fn periods_and_events_are_as_asked() {
    let _serial = serial();
    let own = pids(Namespace::Host, Some(vec![std::process::id()]));
    let running = start(software("page_faults", Sample::Period(1), own.clone())).unwrap();
    let size = 64 * 4096;
    // SAFETY: fresh memory of this size, touched once per page and given back.
    unsafe {
        let memory =
            libc::mmap(std::ptr::null_mut(), size, libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0);
        assert_ne!(memory, libc::MAP_FAILED);
        libc::madvise(memory, size, libc::MADV_NOHUGEPAGE);
        for page in (0..size).step_by(4096) {
            memory.cast::<u8>().add(page).write_volatile(1);
        }
        libc::munmap(memory, size);
    }
    assert!(counter(&running, OWN) >= 64, "{}", counter(&running, OWN));
    drop(running);
    let counting = start(software("cpu_clock", Sample::None, own)).unwrap();
    burn(Duration::from_millis(100));
    assert_eq!(counter(&counting, TICKS), 0, "a counter without samples never runs the program");
}

#[test]
fn every_software_event_opens() {
    let _serial = serial();
    for name in [
        "cpu_clock",
        "task_clock",
        "page_faults",
        "context_switches",
        "cpu_migrations",
        "page_faults_min",
        "page_faults_maj",
        "alignment_faults",
        "emulation_faults",
    ] {
        let running = start(software(name, Sample::Period(1000), PerfTarget::default()))
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(attached(&running)[0].contains(name));
    }
}

/// A machine counts an event or says that it cannot; never a raw errno.
#[test]
fn hardware_events_count_or_are_unsupported() {
    let _serial = serial();
    for name in ["cpu_cycles", "instructions", "cache_misses", "ref_cpu_cycles"] {
        let spec = PerfSpec {
            event: PerfEvent::Hardware(name.to_owned()),
            cpus: None,
            target: PerfTarget::default(),
            sample: Sample::Period(1_000_000),
            cookie: None,
        };
        match start(spec) {
            Ok(running) => {
                burn(Duration::from_millis(100));
                wait_until("the counter overflows", || counter(&running, TICKS) > 0);
            }
            Err(error) => {
                assert_eq!(error.kind(), Kind::Unsupported, "{error}");
                assert!(
                    error.message().contains("failed to attach") && error.message().contains("virtual machine"),
                    "{error}"
                );
            }
        }
    }
}

fn refuse(spec: PerfSpec, kind: Kind, fragments: &[&str]) -> Error {
    let before = descriptors();
    let error = expect_error(start(spec), kind, fragments);
    assert_eq!(error.facts().program.as_deref(), Some("on_tick"));
    assert_eq!(descriptors(), before);
    error
}

#[test]
fn wrong_options_name_themselves() {
    let _serial = serial();
    let all = PerfTarget::default;
    refuse(
        software("cpu_clok", Sample::None, all()),
        Kind::InvalidOpts,
        &["'cpu_clok'", "did you mean 'cpu_clock'?", "page_faults"],
    );
    refuse(software("instructions", Sample::None, all()), Kind::InvalidOpts, &["a hardware event"]);
    refuse(software("cpu_clock", Sample::Freq(0), all()), Kind::InvalidOpts, &["sample.freq is 0"]);
    refuse(software("cpu_clock", Sample::Period(0), all()), Kind::InvalidOpts, &["sample.period is 0"]);
    refuse(
        software("cpu_clock", Sample::Freq(1 << 40), all()),
        Kind::InvalidOpts,
        &["sample.freq is 1099511627776, above the limit"],
    );
    refuse(clock(pids(Namespace::Host, Some(vec![u32::MAX / 2]))), Kind::NotFound, &["there is no process"]);
    refuse(clock(pids(Namespace::Host, Some(Vec::new()))), Kind::InvalidOpts, &["target.pids is an empty list"]);
    refuse(clock(pids(Namespace::Pid(u32::MAX / 2), None)), Kind::NotFound, &["there is no process"]);
    refuse(clock(pids(Namespace::Path("/proc/self/ns/net".into()), None)), Kind::InvalidOpts, &["not a pid namespace"]);
    refuse(clock(PerfTarget::Cgroup("/tmp".into())), Kind::InvalidOpts, &["/tmp is not a folder of a cgroup v2"]);
    let pipe = Pipe::new("perf");
    refuse(clock(PerfTarget::Cgroup(pipe.0.clone())), Kind::InvalidOpts, &["is not a folder of a cgroup v2"]);
    refuse(clock(pids(Namespace::Path(pipe.0.clone()), None)), Kind::InvalidOpts, &["is not a pid namespace"]);
}
