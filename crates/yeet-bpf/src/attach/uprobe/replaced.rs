//! A process that was not started again since its library was upgraded.

use std::fs;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use super::binary::Binary;

/// What to tell when the process still runs an older file of the binary's name: the probe is in the new one, which it never calls.
pub(in crate::attach) fn warning(program: &str, binary: &Binary, pid: Option<u32>) -> Option<String> {
    let pid = pid?;
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let path = fs::read_link(format!("/proc/self/fd/{}", binary.file.as_raw_fd())).ok()?;
    is_replaced(&maps, &path, binary.id.1).then(|| {
        format!(
            "program '{program}': process {pid} still runs an older {}, which was replaced on disk; restart the process to see its calls",
            binary.shown
        )
    })
}

fn is_replaced(maps: &str, path: &Path, inode: u64) -> bool {
    let Some(name) = path.file_name() else { return false };
    let mut has_older = false;
    for line in maps.lines() {
        // Address, permissions, offset, device, inode, and the path, which may contain spaces.
        let mut fields = line.splitn(6, ' ');
        let (Some(mapped), Some(file)) = (fields.nth(4), fields.next()) else { continue };
        if mapped.parse() == Ok(inode) {
            return false;
        }
        let older = file.trim_start().strip_suffix(" (deleted)").map(PathBuf::from);
        has_older |= older.is_some_and(|older| older.file_name() == Some(name));
    }
    has_older
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &str = "\
        7f2d28400000-7f2d28426000 r-xp 00026000 fe:01 4711                       /opt/my app/libshop.so.2 (deleted)\n\
        7f2d28600000-7f2d28626000 r-xp 00000000 fe:01 4712                       /usr/lib/libc.so.6\n\
        7ffc1e1f0000-7ffc1e211000 rw-p 00000000 00:00 0                          [stack]\n";

    #[test]
    fn an_older_file_of_the_name_is_noticed() {
        let is_replaced = |path, inode| is_replaced(MAPS, Path::new(path), inode);
        assert!(is_replaced("/opt/my app/libshop.so.2", 5000));
        assert!(!is_replaced("/opt/my app/libshop.so.2", 4711), "a deleted file may be the one that is probed");
        assert!(!is_replaced("/usr/lib/libc.so.6", 4712));
        assert!(!is_replaced("/usr/lib/libc.so.6", 5000), "nothing was deleted");
        assert!(!is_replaced("/usr/lib/libother.so", 5000));
    }
}
