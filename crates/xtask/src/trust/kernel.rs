//! What the kernel holds of BPF: in all, and by descriptors of one process.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Numbers of programs, maps and links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Objects {
    pub(super) programs: usize,
    pub(super) maps: usize,
    pub(super) links: usize,
}

const NONE: Objects = Objects { programs: 0, maps: 0, links: 0 };

/// What is left, in words.
pub(super) fn left(objects: Option<Objects>) -> String {
    objects.map_or("nothing".into(), |objects| objects.to_string())
}

/// Commands of bpf(2) that give the next identifier, and what to call their objects.
const NEXT_ID: [(libc::c_long, &str); 3] = [(11, "programs"), (12, "maps"), (31, "links")];

impl Objects {
    /// Of the whole machine.
    pub(super) fn of_kernel() -> Result<Self> {
        let [programs, maps, links] = NEXT_ID.map(|(command, what)| count(command, what));
        Ok(Self { programs: programs?, maps: maps?, links: links? })
    }

    /// Of one process, as its descriptors tell.
    pub(super) fn of_process(pid: u32) -> Result<Self> {
        let mut objects = Self { programs: 0, maps: 0, links: 0 };
        for entry in std::fs::read_dir(format!("/proc/{pid}/fd"))? {
            // A descriptor may be closed between being listed and being read.
            match std::fs::read_link(entry?.path()).unwrap_or_default().to_str() {
                Some("anon_inode:bpf-prog") => objects.programs += 1,
                Some("anon_inode:bpf-map") => objects.maps += 1,
                Some("anon_inode:bpf_link") => objects.links += 1,
                _ => {}
            }
        }
        Ok(objects)
    }

    /// Waits until the machine has no more than this again: the kernel frees what nobody holds a little later. Gives what it has more then.
    pub(super) fn left(self) -> Result<Option<Self>> {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let now = Self::of_kernel()?;
            let left = Self {
                programs: now.programs.saturating_sub(self.programs),
                maps: now.maps.saturating_sub(self.maps),
                links: now.links.saturating_sub(self.links),
            };
            if left == NONE {
                return Ok(None);
            }
            if Instant::now() > end {
                return Ok(Some(left));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl std::fmt::Display for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} programs, {} maps, {} links", self.programs, self.maps, self.links)
    }
}

fn count(command: libc::c_long, what: &str) -> Result<usize> {
    // The beginning of union bpf_attr for these commands: start_id, next_id, open_flags.
    let mut attr = [0_u32; 3];
    for count in 0.. {
        let size = size_of_val(&attr);
        // SAFETY: the attribute is a live array of the size that is given, and the kernel writes inside of it.
        if unsafe { libc::syscall(libc::SYS_bpf, command, attr.as_mut_ptr(), size) } != 0 {
            let error = std::io::Error::last_os_error();
            if error.raw_os_error() == Some(libc::ENOENT) {
                return Ok(count);
            }
            return Err(error).with_context(|| format!("cannot count the kernel's {what}"));
        }
        attr[0] = attr[1];
    }
    bail!("the kernel has more {what} than can be counted")
}

/// How many descriptors a process has.
pub(super) fn descriptors(pid: u32) -> Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{pid}/fd"))?.count())
}
