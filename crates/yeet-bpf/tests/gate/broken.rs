//! Every object that is wrong on purpose, and what is said about it.

use std::time::Duration;

use yeet_bpf::Kind;

use crate::memory;
use crate::{btf, elf, libbpf};

/// For one object, of the time of this thread alone: a busy machine may take the thread away for longer.
const MAX_TIME: Duration = Duration::from_millis(50);
/// Bytes beyond the object itself.
const MAX_MEMORY: usize = 64 << 20;

/// Objects, each named by what is wrong with it.
#[derive(Default)]
pub(crate) struct Broken(Vec<(String, Vec<u8>, Vec<String>)>);

impl Broken {
    /// `fragments` is what the error must say.
    pub(crate) fn add(&mut self, what: &str, image: &[u8], fragments: &[&str]) {
        let fragments = fragments.iter().map(|&fragment| fragment.to_owned()).collect();
        self.0.push((what.to_owned(), image.to_vec(), fragments));
    }
}

type Group = fn(&mut Broken);

const GROUPS: [(&str, Group); 18] = [
    ("file", elf::files),
    ("table", elf::tables),
    ("truncated", elf::truncated),
    ("section", elf::sections),
    ("symbol", elf::symbols),
    ("relocation", elf::relocations),
    ("btf", btf::headers),
    ("type", btf::types),
    ("layout", btf::layouts),
    ("nesting", btf::nesting),
    ("btf.ext", btf::ext),
    ("code", libbpf::code),
    ("sections", libbpf::sections),
    ("data", libbpf::data),
    ("types", libbpf::types),
    ("products", libbpf::products),
    ("ext", libbpf::ext),
    ("kinds", libbpf::kinds),
];

/// What was measured of one object.
struct Measured {
    what: String,
    time: Duration,
    memory: usize,
}

/// Set `YEET_BROKEN_OBJECTS` to a folder to have the objects written there, one file each, with what must be said of it beside it.
#[test]
fn every_broken_object_is_refused_at_once_by_name() {
    let folder = std::env::var_os("YEET_BROKEN_OBJECTS").map(std::path::PathBuf::from);
    let mut measured = Vec::new();
    for (group, add) in GROUPS {
        let mut broken = Broken::default();
        add(&mut broken);
        assert!(!broken.0.is_empty(), "{group}");
        for (what, image, fragments) in broken.0 {
            let what = format!("{group}: {what}");
            measured.push(check(&what, &image, &fragments));
            if let Some(folder) = &folder {
                let name = what.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
                std::fs::write(folder.join(format!("{name}.bpf.o")), &image).unwrap();
                std::fs::write(folder.join(format!("{name}.txt")), fragments.join("\n")).unwrap();
            }
        }
    }
    assert!(measured.len() >= 60, "{} objects", measured.len());
    let slowest = measured.iter().max_by_key(|one| one.time).unwrap();
    let largest = measured.iter().max_by_key(|one| one.memory).unwrap();
    println!(
        "{} objects refused; slowest {} µs ({}); largest {} bytes ({})",
        measured.len(),
        slowest.time.as_micros(),
        slowest.what,
        largest.memory,
        largest.what
    );
}

fn check(what: &str, image: &[u8], fragments: &[String]) -> Measured {
    let mut time = Duration::MAX;
    let mut memory = 0;
    for _ in 0..3 {
        let before = memory::start();
        let begun = thread_time();
        let result = yeet_bpf::elf::check(image);
        time = time.min(thread_time() - begun);
        memory = memory.max(memory::peak() - before);
        let error = match result {
            Err(error) => error,
            Ok(()) => panic!("{what}: let through"),
        };
        assert_eq!(error.kind(), Kind::InvalidObject, "{what}: {error}");
        for fragment in fragments {
            assert!(error.message().contains(fragment), "{what}: {fragment:?} is not in: {error}");
        }
        assert!(!error.message().contains(|c: char| c.is_control()), "{what}: {error:?}");
    }
    // `cargo xtask trust objects` builds this with optimisation; without, time says nothing.
    assert!(time < MAX_TIME || cfg!(debug_assertions), "{what}: took {time:?}");
    assert!(memory < MAX_MEMORY, "{what}: took {memory} bytes");
    Measured { what: what.to_owned(), time, memory }
}

/// What this thread has computed so far.
fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of this function.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) }, 0);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}
