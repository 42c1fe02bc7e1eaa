//! What this kernel has to attach to, read from tracefs and kallsyms.

use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the kernel's tracing files are, if they are mounted: tracefs, or the old place inside debugfs. This user may not be let in.
pub(crate) fn tracefs() -> Option<PathBuf> {
    const TRACEFS_MAGIC: i64 = 0x7472_6163;
    let own = Path::new("/sys/kernel/tracing");
    if file_system(own) == Some(TRACEFS_MAGIC) {
        return Some(own.to_owned());
    }
    Some(PathBuf::from("/sys/kernel/debug/tracing")).filter(|path| path.join("events").is_dir())
}

/// The magic number of the file system at a path.
pub(crate) fn file_system(path: &Path) -> Option<i64> {
    let path = CString::new(path.as_os_str().as_encoded_bytes()).ok()?;
    // SAFETY: `statfs` is plain data, for which zero bytes are valid, and the call fills it in.
    unsafe {
        let mut found: libc::statfs = std::mem::zeroed();
        (libc::statfs(path.as_ptr(), &mut found) == 0).then_some(found.f_type as i64)
    }
}

/// The names inside a folder of tracefs that are folders themselves: categories, or the tracepoints of one.
pub(crate) fn folders(path: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// All tracepoints as `category/name`.
pub(crate) fn tracepoints(tracefs: &Path) -> Vec<String> {
    let events = tracefs.join("events");
    folders(&events)
        .into_iter()
        .flat_map(|category| folders(&events.join(&category)).into_iter().map(move |name| format!("{category}/{name}")))
        .collect()
}

/// The kernel's functions by name.
pub(crate) fn kernel_functions() -> Vec<String> {
    let Ok(symbols) = fs::read_to_string("/proc/kallsyms") else { return Vec::new() };
    symbols
        .lines()
        .filter_map(|line| {
            let mut words = line.split_ascii_whitespace();
            let (_, kind, name) = (words.next()?, words.next()?, words.next()?);
            matches!(kind, "t" | "T").then(|| name.to_owned())
        })
        .collect()
}

/// Can this kernel probe its own functions at all?
pub(crate) fn has_kprobes(tracefs: Option<&Path>) -> bool {
    Path::new("/sys/bus/event_source/devices/kprobe").exists()
        || tracefs.is_some_and(|tracefs| tracefs.join("kprobe_events").exists())
}
