//! User-space probes: in the right function of the right binary of the right process, and in no other.

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use yeet_bpf::attach::{AttachSpec, UprobeSpec};
use yeet_bpf::object::{Running, StartSpec};
use yeet_bpf::{Error, Kind};

use crate::support::{descriptors, expect_error, open, serial};
use crate::{counter, wait_until};

const ENTRIES: usize = 0;
const RETURNS: usize = 1;
const MANY: usize = 2;
const SLEEPABLE: usize = 3;
const BY_SECTION: usize = 4;

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn yeet_test_target(n: u32) -> u32 {
    black_box(n) + 1
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn yeet_test_other_target(n: u32) -> u32 {
    black_box(n) + 2
}

fn own_binary() -> String {
    std::env::current_exe().unwrap().to_str().unwrap().to_owned()
}

fn here(symbol: &str) -> UprobeSpec {
    UprobeSpec { binary: own_binary(), symbol: Some(symbol.to_owned()), ..UprobeSpec::default() }
}

fn libc(symbol: &str) -> UprobeSpec {
    UprobeSpec { binary: "libc.so.6".to_owned(), symbol: Some(symbol.to_owned()), ..UprobeSpec::default() }
}

fn start(specs: Vec<(&str, Vec<UprobeSpec>)>) -> yeet_bpf::Result<Running> {
    let attach = specs.into_iter().map(|(name, targets)| (name.to_owned(), AttachSpec::Uprobe(targets))).collect();
    open("uprobe.bpf.o").start(StartSpec { attach, ..StartSpec::default() })
}

fn call_targets() {
    for n in 0..5 {
        black_box(yeet_test_target(n));
    }
    black_box(yeet_test_other_target(0));
}

#[test]
#[ignore = "what a child process of the other tests does"]
fn child_calls_targets() {
    call_targets();
}

fn run_child() {
    let mut command = Command::new(own_binary());
    command.args(["--exact", "uprobe::child_calls_targets", "--ignored"]).stdout(Stdio::null());
    assert!(command.status().unwrap().success());
}

#[test]
fn entry_and_return_count_calls_of_their_function() {
    let _serial = serial();
    let before = descriptors();
    let running =
        start(vec![("on_entry", vec![here("yeet_test_target")]), ("on_return", vec![here("yeet_test_other_target")])])
            .unwrap();
    call_targets();
    assert_eq!((counter(&running, ENTRIES), counter(&running, RETURNS)), (5, 1));
    run_child();
    assert_eq!((counter(&running, ENTRIES), counter(&running, RETURNS)), (10, 2), "every process that maps the binary");
    let attached = &running.programs().iter().find(|state| state.name == "on_entry").unwrap().attached;
    assert_eq!(attached[0].target, format!("{}:yeet_test_target", own_binary()));
    drop(running);
    call_targets();
    assert_eq!(descriptors(), before);
}

#[test]
fn a_pid_keeps_other_processes_out() {
    let _serial = serial();
    let target = UprobeSpec { pid: Some(std::process::id()), ..here("yeet_test_target") };
    let running = start(vec![("on_entry", vec![target])]).unwrap();
    run_child();
    assert_eq!(counter(&running, ENTRIES), 0);
    // Every thread of the process counts, not the one that attached alone.
    std::thread::scope(|scope| scope.spawn(call_targets).join().unwrap());
    call_targets();
    assert_eq!(counter(&running, ENTRIES), 10);
}

#[test]
fn one_program_takes_many_targets() {
    let _serial = serial();
    for program in ["on_entry", "on_many"] {
        let running =
            start(vec![(program, vec![here("yeet_test_target"), here("yeet_test_other_target"), libc("getpgid")])])
                .unwrap();
        call_targets();
        // SAFETY: takes a number.
        unsafe { libc::getpgid(0) };
        let at = if program == "on_entry" { ENTRIES } else { MANY };
        assert_eq!(counter(&running, at), 7, "{program}");
        let state = running.programs().iter().find(|state| state.name == program).unwrap();
        assert_eq!(state.attached.len(), 3);
    }
}

#[test]
fn sleepable_probes_and_probes_by_section() {
    let _serial = serial();
    let attach = vec![
        ("on_entry_sleepable".to_owned(), AttachSpec::Uprobe(vec![here("yeet_test_target")])),
        ("on_section".to_owned(), AttachSpec::Auto),
    ];
    let running = open("uprobe.bpf.o").start(StartSpec { attach, ..StartSpec::default() }).unwrap();
    call_targets();
    // SAFETY: takes a number.
    unsafe { libc::getpgid(0) };
    assert_eq!(counter(&running, SLEEPABLE), 5);
    assert!(counter(&running, BY_SECTION) >= 1);
}

#[test]
fn names_are_looked_up_as_the_loader_does() {
    let _serial = serial();
    for name in ["libc.so.6", "libc.so"] {
        let target = UprobeSpec { binary: name.to_owned(), pid: Some(std::process::id()), ..libc("getpgid") };
        let running = start(vec![("on_entry", vec![target])]).unwrap();
        // SAFETY: takes a number.
        unsafe { libc::getpgid(0) };
        assert_eq!(counter(&running, ENTRIES), 1, "{name}");
    }
    let raw = UprobeSpec { binary: "bash".to_owned(), symbol: Some("no_such".to_owned()), ..UprobeSpec::default() };
    expect_error(start(vec![("on_entry", vec![raw])]), Kind::NotFound, &["/bin/bash", "no_such"]);
}

#[test]
fn a_version_chooses_among_functions_of_one_name() {
    let _serial = serial();
    let signal = || {
        let mut condition = libc::PTHREAD_COND_INITIALIZER;
        // SAFETY: an initialised condition that nobody waits for.
        unsafe { libc::pthread_cond_signal(&mut condition) };
    };
    let count = |symbol: &str| {
        let target = UprobeSpec { pid: Some(std::process::id()), ..libc(symbol) };
        let running = start(vec![("on_entry", vec![target])]).unwrap();
        signal();
        counter(&running, ENTRIES)
    };
    assert_eq!(count("pthread_cond_signal"), 1, "the default version");
    assert_eq!(count("pthread_cond_signal@GLIBC_2.3.2"), 1);
    assert_eq!(count("pthread_cond_signal@GLIBC_2.2.5"), 0, "the old version, which nobody calls");
}

#[test]
fn an_offset_is_behind_the_symbol_or_from_the_start_of_the_file() {
    let _serial = serial();
    // Where the symbol is in the file, as binutils tell it for this binary.
    let output = Command::new("nm").arg(own_binary()).output().unwrap().stdout;
    let text = String::from_utf8(output).unwrap();
    let line = text.lines().find(|line| line.ends_with(" yeet_test_target")).unwrap();
    let address = u64::from_str_radix(line.split(' ').next().unwrap(), 16).unwrap();
    let output = Command::new("readelf").args(["-lW", &own_binary()]).output().unwrap().stdout;
    let hex = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).unwrap();
    let segments = String::from_utf8(output).unwrap();
    let shift = segments
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.first() == Some(&"LOAD"))
        .find(|words| (hex(words[2])..hex(words[2]) + hex(words[4])).contains(&address))
        .map(|words| hex(words[2]) - hex(words[1]))
        .unwrap();
    let raw = UprobeSpec { binary: own_binary(), offset: address - shift, ..UprobeSpec::default() };
    let running = start(vec![("on_entry", vec![raw])]).unwrap();
    call_targets();
    assert_eq!(counter(&running, ENTRIES), 5);
    drop(running);

    let refuse =
        |program, spec, kind, fragments: &[&str]| expect_error(start(vec![(program, vec![spec])]), kind, fragments);
    let behind = UprobeSpec { offset: 100_000, ..here("yeet_test_target") };
    refuse(
        "on_entry",
        behind,
        Kind::InvalidOpts,
        &["failed to attach", "offset 100000 is behind", "'yeet_test_target'"],
    );
    let outside = UprobeSpec { binary: own_binary(), offset: 3, ..UprobeSpec::default() };
    refuse("on_entry", outside, Kind::InvalidOpts, &["offset 0x3 is not in the code"]);
    let inside = UprobeSpec { offset: 4, ..here("yeet_test_target") };
    refuse("on_return", inside, Kind::InvalidOpts, &["'on_return'", "offset is 4", "return probe"]);
}

fn refuse(spec: UprobeSpec, kind: Kind, fragments: &[&str]) -> Error {
    let before = descriptors();
    let error = expect_error(start(vec![("on_entry", vec![spec])]), kind, fragments);
    assert_eq!(error.facts().program.as_deref(), Some("on_entry"));
    assert_eq!(descriptors(), before);
    error
}

#[test]
fn what_is_not_there_is_said_with_neighbours() {
    let _serial = serial();
    let binary = |name: &str| UprobeSpec { binary: name.to_owned(), ..here("x") };
    refuse(
        here("yeet_test_targt"),
        Kind::NotFound,
        &["failed to attach program 'on_entry' (SEC(\"uprobe\"))", "no function 'yeet_test_targt'", "yeet_test_target"],
    );
    refuse(binary("libc.so.66"), Kind::NotFound, &["no binary 'libc.so.66'", "/etc/ld.so.cache", "libc.so.6"]);
    refuse(binary("/no/such/file"), Kind::NotFound, &["cannot open the binary /no/such/file"]);
    refuse(binary("/usr"), Kind::InvalidOpts, &["not a regular file"]);
    refuse(binary("lib/libc.so.6"), Kind::InvalidOpts, &["'lib/libc.so.6'", "absolute path or a bare name"]);
    refuse(binary("/etc/hostname"), Kind::InvalidOpts, &["/etc/hostname is not a usable ELF binary"]);
    let gone = UprobeSpec { pid: Some(u32::MAX / 2), ..here("yeet_test_target") };
    refuse(gone, Kind::NotFound, &["there is no process"]);
    let error = expect_error(start(vec![("on_entry", Vec::new())]), Kind::InvalidOpts, &["list of targets is empty"]);
    assert_eq!(error.facts().program.as_deref(), Some("on_entry"));
}

/// A shell with a root folder of its own, which calls kill() for every line that it is given.
struct Container {
    root: PathBuf,
    shell: Child,
    input: ChildStdin,
}

impl Container {
    fn new() -> Self {
        let root = std::env::temp_dir().join(format!("yeet-root-{}", std::process::id()));
        for (from, to) in [
            ("/bin/dash", "bin/dash"),
            ("/lib64/ld-linux-x86-64.so.2", "lib64/ld-linux-x86-64.so.2"),
            ("/lib/x86_64-linux-gnu/libc.so.6", "lib/x86_64-linux-gnu/libc.so.6"),
        ] {
            let to = root.join(to);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
        std::os::unix::fs::symlink(own_binary(), root.join("absolute")).unwrap();
        std::os::unix::fs::symlink(
            Path::new("../../../../../../../..").join(&own_binary()[1..]),
            root.join("relative"),
        )
        .unwrap();
        let mut shell = Command::new("chroot")
            .arg(&root)
            .args(["/bin/dash", "-c", "echo up; while read line; do kill -0 $$; echo done; done"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = shell.stdin.take().unwrap();
        let mut container = Self { root, shell, input };
        container.wait_for_line();
        container
    }

    fn pid(&self) -> u32 {
        self.shell.id()
    }

    fn call_kill(&mut self) {
        self.input.write_all(b"go\n").unwrap();
        self.wait_for_line();
    }

    fn wait_for_line(&mut self) {
        use std::io::Read;
        let mut byte = [0];
        let output = self.shell.stdout.as_mut().unwrap();
        while output.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {}
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.shell.kill().unwrap();
        self.shell.wait().unwrap();
        fs::remove_dir_all(&self.root).unwrap();
    }
}

#[test]
fn with_a_pid_names_and_paths_mean_what_they_mean_to_that_process() {
    let _serial = serial();
    let mut container = Container::new();
    for binary in ["libc.so.6", "/lib/x86_64-linux-gnu/libc.so.6"] {
        let target = UprobeSpec { binary: binary.to_owned(), pid: Some(container.pid()), ..libc("kill") };
        let running = start(vec![("on_entry", vec![target])]).unwrap();
        // SAFETY: signal 0 only asks.
        unsafe { libc::kill(std::process::id() as i32, 0) };
        assert_eq!(counter(&running, ENTRIES), 0, "{binary}");
        container.call_kill();
        assert_eq!(counter(&running, ENTRIES), 1, "{binary}");
        let shown = &running.programs().iter().find(|state| state.name == "on_entry").unwrap().attached[0].target;
        assert!(shown.starts_with(&format!("/proc/{}/root/", container.pid())), "{shown}");
    }
    // The other library of that name is another file.
    let running = start(vec![("on_entry", vec![libc("kill")])]).unwrap();
    let before = counter(&running, ENTRIES);
    container.call_kill();
    assert_eq!(counter(&running, ENTRIES), before);
}

#[test]
fn no_link_leads_out_of_a_process_s_root() {
    let _serial = serial();
    let container = Container::new();
    for link in ["/absolute", "/relative", "/../../../../../../../../../etc/hostname", "/proc-less"] {
        let target = UprobeSpec { binary: link.to_owned(), pid: Some(container.pid()), ..here("yeet_test_target") };
        refuse(target, Kind::NotFound, &["cannot open the binary", link]);
    }
}

/// A hundred functions of the C library.
fn hundred_functions() -> Vec<UprobeSpec> {
    let output =
        Command::new("nm").args(["-D", "--defined-only", "/lib/x86_64-linux-gnu/libc.so.6"]).output().unwrap().stdout;
    let text = String::from_utf8(output).unwrap();
    let names: Vec<_> =
        text.lines().filter_map(|line| line.split_once(" T ")).map(|(_, name)| name.replace("@@", "@")).collect();
    let targets: Vec<_> = names.iter().filter(|name| !name.starts_with('_')).take(100).map(|name| libc(name)).collect();
    assert_eq!(targets.len(), 100);
    targets
}

fn stop_within(running: &mut Running, limit: Duration) {
    let begun = Instant::now();
    running.stop().unwrap();
    let took = begun.elapsed();
    println!("stopped in {took:?}");
    assert!(took < limit, "{took:?}");
}

#[test]
fn a_hundred_targets_stop_quickly() {
    let _serial = serial();
    let mut running = start(vec![("on_entry", hundred_functions())]).unwrap();
    stop_within(&mut running, Duration::from_millis(300));
}

#[test]
fn a_hundred_programs_stop_quickly() {
    let _serial = serial();
    let before = descriptors();
    let attach = hundred_functions()
        .into_iter()
        .enumerate()
        .map(|(at, target)| (format!("probe_{at:02}"), AttachSpec::Uprobe(vec![target])))
        .collect();
    let mut running = open("hundred.bpf.o").start(StartSpec { attach, ..StartSpec::default() }).unwrap();
    assert_eq!(running.programs().iter().map(|state| state.attached.len()).sum::<usize>(), 100);
    stop_within(&mut running, Duration::from_secs(1));
    assert_eq!(descriptors(), before);
}

#[test]
fn a_target_process_may_end_meanwhile() {
    let _serial = serial();
    let before = descriptors();
    let container = Container::new();
    let target = UprobeSpec { pid: Some(container.pid()), ..libc("kill") };
    let mut running = start(vec![("on_entry", vec![target]), ("on_return", vec![here("yeet_test_target")])]).unwrap();
    drop(container);
    call_targets();
    wait_until("the other probe goes on", || counter(&running, RETURNS) == 5);
    running.stop().unwrap();
    assert_eq!(descriptors(), before);
}
