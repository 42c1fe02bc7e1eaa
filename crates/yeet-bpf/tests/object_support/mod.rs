//! What the tests of objects share: fixtures, running a program once, and watching that nothing stays behind.

#![allow(dead_code, unreachable_pub, reason = "each test binary is its own crate and uses its part")]

use std::collections::BTreeSet;
use std::fs;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use yeet_bpf::attach::AttachSpec;
use yeet_bpf::object::{self, Opened, Running, StartSpec};
use yeet_bpf::run::RunSpec;
use yeet_bpf::{Error, Kind};

/// Where a child process finds its copies of the fixtures.
const FIXTURES: &str = "YEET_TEST_FIXTURES";

pub fn fixture(name: &str) -> PathBuf {
    let folder = std::env::var_os(FIXTURES).map(PathBuf::from);
    folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/object")).join(name)
}

pub fn open(name: &str) -> Opened {
    object::open(&fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Starts only the programs of this name.
pub fn only(opened: &Opened, names: &[&str]) -> StartSpec {
    let spec = |name: &str| if names.contains(&name) { AttachSpec::Auto } else { AttachSpec::Off };
    let attach = opened.programs().iter().map(|program| (program.name.clone(), spec(&program.name))).collect();
    StartSpec { attach, ..StartSpec::default() }
}

/// Runs a `SEC("syscall")` program once and returns what it returned.
pub fn run_once(running: &Running, program: &str) -> i32 {
    running.runnable(program).unwrap().run(&RunSpec::default()).unwrap().return_value
}

/// The bytes of a data section, by system call.
pub fn section_bytes(fd: &OwnedFd, size: usize) -> Vec<u8> {
    let (key, mut value) = (0u32, vec![0u8; size]);
    // SAFETY: the key has 4 bytes and the buffer the size of the section, which the caller knows.
    let result =
        unsafe { libbpf_sys::bpf_map_lookup_elem(fd.as_raw_fd(), (&raw const key).cast(), value.as_mut_ptr().cast()) };
    assert_eq!(result, 0, "reading a section");
    value
}

pub fn expect_error<T: std::fmt::Debug>(result: yeet_bpf::Result<T>, kind: Kind, fragments: &[&str]) -> Error {
    let error = result.expect_err("this must fail");
    assert_eq!(error.kind(), kind, "{error}");
    for fragment in fragments {
        assert!(error.message().contains(fragment), "{fragment:?} is not in: {error}");
    }
    error
}

/// Kernel tests of one binary run one after the other.
pub fn serial() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A pipe with a name, at whose other end nobody is. Removed when dropped.
pub struct Pipe(pub PathBuf);

impl Pipe {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("yeet-{name}-{}", std::process::id()));
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        Self(path)
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The descriptors of this process.
pub fn descriptors() -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir("/proc/self/fd") else { return BTreeSet::new() };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            Some(format!("{} {}", entry.file_name().to_str()?, fs::read_link(entry.path()).ok()?.display()))
        })
        // The one that reads the folder.
        .filter(|entry| !entry.contains("/proc/"))
        .collect()
}

/// The ids of the BPF objects behind this process's descriptors: (`prog`, 12), (`map`, 7), (`link`, 3).
pub fn own_ids() -> BTreeSet<(String, u32)> {
    let mut ids = BTreeSet::new();
    for entry in fs::read_dir("/proc/self/fdinfo").into_iter().flatten().filter_map(Result::ok) {
        for line in fs::read_to_string(entry.path()).unwrap_or_default().lines() {
            for kind in ["prog", "map", "link"] {
                if let Some(id) = line.strip_prefix(&format!("{kind}_id:")) {
                    ids.insert((kind.to_owned(), id.trim().parse().expect("an id")));
                }
            }
        }
    }
    ids
}

/// Waits for the ids to be gone from the kernel, which frees in the background.
pub fn assert_gone(ids: &BTreeSet<(String, u32)>) {
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        let alive: Vec<_> = ids.iter().filter(|(kind, id)| is_alive(kind, *id)).collect();
        if alive.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "still in the kernel after 2 s: {alive:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn is_alive(kind: &str, id: u32) -> bool {
    // SAFETY: these take any number; a descriptor that comes back is closed at once.
    unsafe {
        let fd = match kind {
            "prog" => libbpf_sys::bpf_prog_get_fd_by_id(id),
            "map" => libbpf_sys::bpf_map_get_fd_by_id(id),
            _ => libbpf_sys::bpf_link_get_fd_by_id(id),
        };
        if fd >= 0 {
            libc::close(fd);
        }
        fd >= 0
    }
}

/// Runs an ignored test of this binary in a process of its own, after `prepare` took something away from it.
///
/// The process gets copies of the binary and the fixtures, because it may not be let into the folders where they lie.
pub fn in_child(test: &str, prepare: impl Fn() -> std::io::Result<()> + Send + Sync + 'static) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("yeet-child-{}-{count}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let binary = folder.join("test");
    fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    for entry in fs::read_dir(fixture("")).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let mut command = Command::new(binary);
    command.args(["--exact", test, "--ignored", "--nocapture"]).env(FIXTURES, &folder);
    // SAFETY: between fork and exec only system calls are made.
    unsafe { command.pre_exec(prepare) };
    let output = command.output();
    fs::remove_dir_all(&folder).unwrap();
    let output = output.unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

/// The errno of a system call that failed.
pub fn check(result: i32) -> std::io::Result<()> {
    if result < 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) }
}
