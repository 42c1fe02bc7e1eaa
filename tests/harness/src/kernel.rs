//! Which BPF programs, maps and links the kernel holds: a case must leave none behind.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::guest::stretched;
use crate::leftovers;

/// Freed objects go after a grace period of the kernel.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    Program,
    Map,
    Link,
}

impl Object {
    const ALL: [Object; 3] = [Object::Program, Object::Map, Object::Link];

    /// The bpf(2) command that walks the ids (enum bpf_cmd in the kernel's uapi/linux/bpf.h).
    fn next_id_command(self) -> libc::c_long {
        match self {
            Object::Program => 11,
            Object::Map => 12,
            Object::Link => 31,
        }
    }

    /// The kernel's word in fdinfo, and bpftool's.
    fn word(self) -> &'static str {
        match self {
            Object::Program => "prog",
            Object::Map => "map",
            Object::Link => "link",
        }
    }
}

/// The objects that exist at one moment.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Ids(BTreeSet<(Object, u32)>);

impl Ids {
    pub fn now() -> Result<Ids> {
        let mut ids = BTreeSet::new();
        for object in Object::ALL {
            let mut id = 0;
            while let Some(next) = next_id(object, id)? {
                ids.insert((object, next));
                id = next;
            }
        }
        Ok(Ids(ids))
    }
}

fn next_id(object: Object, after: u32) -> Result<Option<u32>> {
    // union bpf_attr of the *_GET_NEXT_ID commands: start_id, next_id, open_flags.
    let mut attr = [after, 0_u32, 0];
    let size = size_of_val(&attr);
    // SAFETY: the kernel reads and writes the `size` bytes behind the pointer, which is the whole array.
    let result = unsafe { libc::syscall(libc::SYS_bpf, object.next_id_command(), attr.as_mut_ptr(), size) };
    if result == 0 {
        return Ok(Some(attr[1]));
    }
    match std::io::Error::last_os_error() {
        error if error.raw_os_error() == Some(libc::ENOENT) => Ok(None),
        // Links have ids since 5.8: before, there is nothing to walk.
        error if error.raw_os_error() == Some(libc::EINVAL) && object == Object::Link => Ok(None),
        error => Err(error).with_context(|| {
            format!("cannot list the kernel's BPF {}s (tests with `kernel = true` run as root)", object.word())
        }),
    }
}

/// An object that a case left in the kernel.
#[derive(Debug)]
pub struct Leak {
    object: Object,
    id: u32,
    description: String,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.object.word(), self.id, self.description)
    }
}

/// How many objects there are at this moment that were not there before and that nobody outside the tests holds.
pub fn remaining(before: &Ids) -> Result<usize> {
    let mut left: BTreeSet<_> = Ids::now()?.0.difference(&before.0).copied().collect();
    if !left.is_empty() {
        let foreign = held_elsewhere();
        left.retain(|object| !foreign.contains(object));
    }
    Ok(left.len())
}

/// What a case left behind whose processes have all ended. Its objects may take [`PATIENCE`] to go; what is created from now on,
/// or held by a process outside the tests, is not its own.
pub fn leaks(before: &Ids) -> Result<Vec<Leak>> {
    let deadline = Instant::now() + stretched(PATIENCE);
    let mut left: BTreeSet<_> = Ids::now()?.0.difference(&before.0).copied().collect();
    let mut foreign = if left.is_empty() { BTreeSet::new() } else { held_elsewhere() };
    while !left.is_empty() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
        let now = Ids::now()?;
        left.retain(|object| now.0.contains(object) && !foreign.contains(object));
    }
    if !left.is_empty() {
        foreign.extend(held_elsewhere());
        // Once more after the look around: a holder may have ended meanwhile.
        let now = Ids::now()?;
        left.retain(|object| now.0.contains(object) && !foreign.contains(object));
    }
    Ok(left.iter().map(|&(object, id)| Leak { object, id, description: describe(object, id) }).collect())
}

/// What file descriptors of processes outside the tests hold: `prog_id`, `map_id` and `link_id` in their fdinfo.
fn held_elsewhere() -> BTreeSet<(Object, u32)> {
    let mut held = BTreeSet::new();
    let pids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in pids.filter_map(|dir| dir.file_name().to_str()?.parse::<i32>().ok()) {
        if leftovers::is_ours(pid) {
            continue;
        }
        for info in std::fs::read_dir(format!("/proc/{pid}/fdinfo")).into_iter().flatten().flatten() {
            let Ok(text) = std::fs::read_to_string(info.path()) else { continue };
            for object in Object::ALL {
                let key = format!("{}_id:", object.word());
                held.extend(
                    text.lines().filter_map(|line| Some((object, line.strip_prefix(&key)?.trim().parse().ok()?))),
                );
            }
        }
    }
    held
}

fn describe(object: Object, id: u32) -> String {
    let shown = std::process::Command::new("bpftool").args([object.word(), "show", "id", &id.to_string()]).output();
    match shown {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().replace('\n', " "),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => format!("bpftool did not run: {error}"),
    }
}
