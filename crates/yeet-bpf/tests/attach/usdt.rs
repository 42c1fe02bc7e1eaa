//! Static probes: this binary carries one of its own.

use yeet_bpf::Kind;
use yeet_bpf::attach::{AttachSpec, UsdtSpec};
use yeet_bpf::object::{Running, StartSpec};

use crate::support::{descriptors, expect_error, open, section_bytes, serial};

/// Passes the probe `yeet:passed` with one argument: an instruction that does nothing, and a note that says where it is.
#[inline(never)]
fn pass(argument: u64) {
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
            ".asciz \"passed\"",
            ".asciz \"8@%rdi\"",
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
            in("rdi") argument,
        );
    }
}

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

/// Hits, and the argument of the last one.
fn seen(running: &Running) -> (u32, u64) {
    let bytes = section_bytes(&running.map_fd(".bss").unwrap(), 16);
    (u32::from_le_bytes(bytes[..4].try_into().unwrap()), u64::from_le_bytes(bytes[8..].try_into().unwrap()))
}

#[test]
fn a_static_probe_passes_its_argument() {
    let _serial = serial();
    let before = descriptors();
    for pid in [None, Some(std::process::id())] {
        let mut running = start(UsdtSpec { pid, ..own() }).unwrap_or_else(|error| panic!("{error}"));
        // The headers that fixtures are built with are older than the loader, which is said.
        assert!(running.warnings()[0].contains("<bpf/usdt.bpf.h>"), "{:?}", running.warnings());
        pass(4711);
        pass(4712);
        assert_eq!(seen(&running), (2, 4712), "{pid:?}");
        running.stop().unwrap();
    }
    assert_eq!(descriptors(), before);
}

#[test]
fn a_probe_that_is_not_there_is_named() {
    let _serial = serial();
    let unknown = UsdtSpec { name: "nowhere".to_owned(), ..own() };
    expect_error(
        start(unknown),
        Kind::NotFound,
        &["failed to attach", "'on_probe'", "has no static probe yeet:nowhere; it has yeet:passed"],
    );
    let none = UsdtSpec { binary: "/bin/true".to_owned(), ..own() };
    expect_error(start(none), Kind::NotFound, &["/bin/true has no static probe yeet:passed; it has none at all"]);
    let no_binary = UsdtSpec { binary: "/etc/hostname".to_owned(), ..own() };
    expect_error(start(no_binary), Kind::InvalidOpts, &["/etc/hostname is not a usable ELF binary"]);
    let missing = UsdtSpec { binary: "/no/such/file".to_owned(), ..own() };
    expect_error(start(missing), Kind::NotFound, &["failed to attach", "/no/such/file"]);
}
