//! User-space probes: in the right function of the right binary of the right process, and in no other.

mod compare;
mod lifetime;
mod names;
mod roots;

use std::hint::black_box;
use std::process::{Command, Stdio};

use yeet_bpf::attach::{AttachSpec, NamePattern, UprobeSpec};
use yeet_bpf::object::{Running, StartSpec};
use yeet_bpf::{Error, Kind};

use crate::counter;
use crate::shop::{library, shop};
use crate::support::{descriptors, expect_error, open, section_bytes, serial};

const ENTRIES: usize = 0;
const RETURNS: usize = 1;
const MANY: usize = 2;
const SLEEPABLE: usize = 3;
const BY_SECTION: usize = 4;
const SESSIONS: usize = 5;

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

/// A function of a library that the tests built.
fn of(library: &str, symbol: &str) -> UprobeSpec {
    UprobeSpec { binary: library.to_owned(), symbol: Some(symbol.to_owned()), ..UprobeSpec::default() }
}

/// All functions whose names match.
fn matching(library: &str, source: &str) -> UprobeSpec {
    let pattern = NamePattern { source: source.to_owned(), ignore_case: false, mangled: false };
    UprobeSpec { binary: library.to_owned(), pattern: Some(pattern), ..UprobeSpec::default() }
}

/// The cookie of the place that was hit last.
fn cookie(running: &Running) -> u64 {
    u64::from_le_bytes(section_bytes(&running.map_fd(".bss").unwrap(), 32)[24..].try_into().unwrap())
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
    let attached = &running.programs().into_iter().find(|state| state.name == "on_entry").unwrap().attached;
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
        let state = running.programs().into_iter().find(|state| state.name == program).unwrap();
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

#[test]
fn a_cookie_tells_the_places_of_one_program_apart() {
    let _serial = serial();
    let target = |symbol, cookie| UprobeSpec { cookie, ..of(&library(), symbol) };
    for program in ["on_entry", "on_many"] {
        let targets = vec![
            target("shop_open", Some(7)),
            target("shop_close", Some(u64::MAX)),
            target("shop_count", None),
            UprobeSpec { cookie: Some(9), ..here("yeet_test_target") },
        ];
        let running = start(vec![(program, targets)]).unwrap();
        for (call, expected) in [("shop_open=1", 7), ("shop_close=1", u64::MAX), ("shop_count=1", 0)] {
            shop(&library(), &[call]);
            assert_eq!(cookie(&running), expected, "{program} {call}");
        }
        black_box(yeet_test_target(1));
        assert_eq!(cookie(&running), 9, "{program}");
    }
    let all = UprobeSpec { cookie: Some(5), ..matching(&library(), "^shop_(open|close)$") };
    let running = start(vec![("on_entry", vec![all])]).unwrap();
    shop(&library(), &["shop_close=1"]);
    assert_eq!((counter(&running, ENTRIES), cookie(&running)), (1, 5), "a pattern's cookie is that of each place");
}

#[test]
fn a_session_sees_entry_and_return() {
    let _serial = serial();
    let running = start(vec![("on_session", vec![of(&library(), "shop_open")])]).unwrap();
    shop(&library(), &["shop_open=1x3", "shop_close=1"]);
    assert_eq!(counter(&running, SESSIONS), 6);
}

#[test]
fn a_section_may_name_many_functions_and_a_spec_goes_before_it() {
    let _serial = serial();
    let begin = |program: &str, spec| {
        open("uprobe.bpf.o").start(StartSpec { attach: vec![(program.to_owned(), spec)], ..StartSpec::default() })
    };
    let running = begin("on_section_glob", AttachSpec::Auto).unwrap();
    let state = running.programs().into_iter().find(|state| state.name == "on_section_glob").unwrap();
    let names: Vec<_> =
        state.attached.iter().map(|place| place.target.rsplit_once(':').unwrap().1.to_owned()).collect();
    assert!(names.contains(&"getpgid".to_owned()), "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("getpg") && name.ends_with('d')), "{names:?}");
    // SAFETY: takes a number.
    unsafe { libc::getpgid(0) };
    assert!(counter(&running, BY_SECTION) >= 1);
    drop(running);

    let running = begin("on_section", AttachSpec::Uprobe(vec![of(&library(), "shop_open")])).unwrap();
    shop(&library(), &["shop_open=1x2"]);
    assert_eq!(counter(&running, BY_SECTION), 2);
    drop(running);

    let fragments = ["SEC(\"uprobe/libc.so.6:getpgidd\")", "no function 'getpgidd'", "did you mean getpgid"];
    expect_error(begin("on_section_typo", AttachSpec::Auto), Kind::NotFound, &fragments);
}

std::arch::global_asm!(
    ".globl yeet_test_no_instruction",
    ".type yeet_test_no_instruction, @function",
    "yeet_test_no_instruction: .byte 0x06, 0x06",
    ".size yeet_test_no_instruction, 2",
);

unsafe extern "C" {
    fn yeet_test_no_instruction();
}

#[used]
static KEPT: unsafe extern "C" fn() = yeet_test_no_instruction;

#[test]
fn a_place_without_an_instruction_is_refused() {
    let _serial = serial();
    let error = refuse(
        here("yeet_test_no_instruction"),
        Kind::AttachFailed,
        &[":yeet_test_no_instruction: what is there is no instruction"],
    );
    assert!(error.facts().errno.is_some());
    // Of several places the kernel does not say which one.
    let both = vec![here("yeet_test_target"), here("yeet_test_no_instruction")];
    expect_error(start(vec![("on_entry", both)]), Kind::AttachFailed, &["2 places in", "yeet_test_target among them"]);
}
