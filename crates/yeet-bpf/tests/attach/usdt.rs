//! Static probes: this binary carries one of its own.

use yeet_bpf::Kind;
use yeet_bpf::attach::{AttachSpec, UsdtSpec};
use yeet_bpf::object::{Running, StartSpec};

use crate::support::{descriptors, expect_error, open, section_bytes, serial};

/// A function that passes a static probe of this provider and name: an instruction that does nothing, and a note that says where it is and
/// where the arguments are.
macro_rules! probe {
    ($function:ident, $name:literal, $arguments:literal) => {
        #[inline(never)]
        fn $function(first: u64, memory: &[u64; 4], index: u64) {
            // SAFETY: does nothing; what else is here goes into sections of the file that are not loaded as code.
            unsafe {
                std::arch::asm!(
                    "990: nop",
                    ".pushsection .note.stapsdt,\"\",\"note\"",
                    ".balign 4",
                    ".4byte 992f-991f, 994f-993f, 3",
                    "991: .asciz \"stapsdt\"",
                    "992: .balign 4",
                    "993: .8byte 990b",
                    ".8byte _.stapsdt.base",
                    ".8byte 0",
                    ".asciz \"yeet\"",
                    concat!(".asciz \"", $name, "\""),
                    concat!(".asciz \"", $arguments, "\""),
                    "994: .balign 4",
                    ".popsection",
                    ".ifndef _.stapsdt.base",
                    ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat",
                    ".weak _.stapsdt.base",
                    ".hidden _.stapsdt.base",
                    "_.stapsdt.base: .space 1",
                    ".size _.stapsdt.base, 1",
                    ".popsection",
                    ".endif",
                    in("rdi") first,
                    in("rsi") memory.as_ptr(),
                    in("rcx") index,
                );
            }
        }
    };
}

// An octal dollar, since that of an instruction means something else here.
probe!(pass, "passed", "8@%rdi -4@%edi 1@%dil -1@%dil -4@\\044-7 8@(%rsi) -4@8(%rsi) 8@8(%rsi,%rcx,8)");
probe!(pass_other, "other", "8@%rcx");

const MEMORY: [u64; 4] = [40, 0xffff_ffff, 42, 43];

fn own() -> UsdtSpec {
    UsdtSpec {
        binary: std::env::current_exe().unwrap().to_str().unwrap().to_owned(),
        provider: "yeet".to_owned(),
        name: "passed".to_owned(),
        ..UsdtSpec::default()
    }
}

fn start(spec: UsdtSpec) -> yeet_bpf::Result<Running> {
    let attach = vec![("on_probe".to_owned(), AttachSpec::Usdt(spec))];
    open("usdt.bpf.o").start(StartSpec { attach, ..StartSpec::default() })
}

struct Seen {
    hits: u32,
    count: i32,
    cookie: u64,
    /// The error where there is one.
    arguments: Vec<Result<i64, i64>>,
}

/// What the program saw of the last hit.
fn seen(running: &Running) -> Seen {
    let bytes = section_bytes(&running.map_fd(".bss").unwrap(), 16 + 2 * 8 * 8);
    let word = |at: usize| i64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let argument = |at: usize| match word(16 + 64 + 8 * at) {
        0 => Ok(word(16 + 8 * at)),
        error => Err(error),
    };
    let small = |at: usize| i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    Seen { hits: small(0) as u32, count: small(4), cookie: word(8) as u64, arguments: (0..8).map(argument).collect() }
}

/// The fixture is built with the headers of a distribution, which are older than libbpf 1.7.
#[test]
fn a_static_probe_passes_its_arguments() {
    let _serial = serial();
    let before = descriptors();
    for pid in [None, Some(std::process::id())] {
        let mut running = start(UsdtSpec { pid, ..own() }).unwrap_or_else(|error| panic!("{error}"));
        let warning = "program 'on_probe': argument 7 of";
        assert!(running.warnings()[0].starts_with(warning), "{:?}", running.warnings());
        assert!(running.warnings()[0].ends_with("cannot be read, because it is in '8@8(%rsi,%rcx,8)'"));
        pass(1, &MEMORY, 0);
        pass(0x1_ffff_fff0, &MEMORY, 0);
        let seen = seen(&running);
        assert_eq!((seen.hits, seen.count, seen.cookie), (2, 8, 0), "{pid:?}");
        let expected = [0x1_ffff_fff0, -16, 0xf0, -16, -7, 40, -1].map(Ok);
        assert_eq!(seen.arguments[..7], expected);
        assert_eq!(seen.arguments[7], Err(i64::from(-libc::EINVAL)));
        running.stop().unwrap();
    }
    assert_eq!(descriptors(), before);
}

#[test]
fn programs_of_one_object_are_told_of_their_own_probes() {
    let _serial = serial();
    let other = UsdtSpec { name: "other".to_owned(), cookie: Some(8), ..own() };
    let places = vec![UsdtSpec { cookie: Some(u64::MAX), ..own() }, UsdtSpec { cookie: Some(6), ..other.clone() }];
    let attach = vec![
        ("on_probe".to_owned(), AttachSpec::Several(places.into_iter().map(AttachSpec::Usdt).collect())),
        ("on_other".to_owned(), AttachSpec::Usdt(other)),
    ];
    // Stopping frees the entries of the map, so that there is always room.
    for _ in 0..3 {
        let attach = attach.clone();
        let running = open("usdt.bpf.o").start(StartSpec { attach, ..StartSpec::default() }).unwrap();
        pass(3, &MEMORY, 4);
        let first = seen(&running);
        assert_eq!((first.hits, first.count, first.cookie), (1, 8, u64::MAX));
        pass_other(3, &MEMORY, 4);
        let second = seen(&running);
        assert_eq!((second.hits, second.count, second.arguments[0]), (3, 1, Ok(4)));
        assert!(matches!(second.cookie, 6 | 8), "{}", second.cookie);
        assert_eq!(second.arguments[1], Err(i64::from(-libc::ENOENT)));
    }
}

#[test]
fn more_places_than_the_object_has_room_for_are_refused() {
    let _serial = serial();
    let before = descriptors();
    let many = (0..9).map(|cookie| AttachSpec::Usdt(UsdtSpec { cookie: Some(cookie), ..own() })).collect();
    let attach = vec![("on_probe".to_owned(), AttachSpec::Several(many))];
    let error = open("usdt.bpf.o").start(StartSpec { attach, ..StartSpec::default() });
    expect_error(error, Kind::InvalidOpts, &["room for 8 places", "BPF_USDT_MAX_SPEC_CNT"]);
    assert_eq!(descriptors(), before);
}

#[test]
fn a_probe_that_is_not_there_is_named() {
    let _serial = serial();
    let unknown = UsdtSpec { name: "nowhere".to_owned(), ..own() };
    expect_error(
        start(unknown),
        Kind::NotFound,
        &["failed to attach", "'on_probe'", "has no static probe yeet:nowhere; it has yeet:other, yeet:passed"],
    );
    let none = UsdtSpec { binary: "/bin/true".to_owned(), ..own() };
    expect_error(start(none), Kind::NotFound, &["/bin/true has no static probe yeet:passed; it has none at all"]);
    let no_binary = UsdtSpec { binary: "/etc/hostname".to_owned(), ..own() };
    expect_error(start(no_binary), Kind::InvalidOpts, &["/etc/hostname is not a usable ELF binary"]);
    let missing = UsdtSpec { binary: "/no/such/file".to_owned(), ..own() };
    expect_error(start(missing), Kind::NotFound, &["failed to attach", "/no/such/file"]);
}
