//! What this kernel has to attach to, read from tracefs and kallsyms.

use std::ffi::CString;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::errno_name;

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

/// The kernel's functions by name; a name may occur several times.
pub(crate) fn kernel_functions() -> Vec<String> {
    symbols().into_iter().filter(|symbol| symbol.is_function).map(|symbol| symbol.name).collect()
}

/// How many bytes a function has, up to the next symbol. `None` where there is no such function, or where its address is hidden.
pub(crate) fn function_size(name: &str) -> Option<u64> {
    let symbols = symbols();
    let start = symbols.iter().find(|symbol| symbol.is_function && symbol.name == name)?.address;
    let next = symbols.iter().map(|symbol| symbol.address).filter(|address| *address > start).min()?;
    (start != 0).then(|| next - start)
}

struct Symbol {
    address: u64,
    is_function: bool,
    name: String,
}

fn symbols() -> Vec<Symbol> {
    let Ok(symbols) = fs::read_to_string("/proc/kallsyms") else { return Vec::new() };
    let symbol = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        let (address, kind, name) = (words.next()?, words.next()?, words.next()?);
        let address = u64::from_str_radix(address, 16).ok()?;
        Some(Symbol { address, is_function: matches!(kind, "t" | "T" | "w" | "W"), name: name.to_owned() })
    };
    symbols.lines().filter_map(symbol).collect()
}

/// Is this function on the kernel's list of those that no probe may be placed in?
pub(crate) fn is_forbidden(function: &str) -> bool {
    let list = fs::read_to_string("/sys/kernel/debug/kprobes/blacklist").unwrap_or_default();
    list.lines().any(|line| line.split_ascii_whitespace().nth(1) == Some(function))
}

/// What the kernel says instead of listing the functions that can be traced. Who may not even enter tracefs learns nothing.
pub(crate) fn function_tracing_refusal() -> Option<String> {
    let list = tracefs()?.join("available_filter_functions");
    let read = fs::File::open(&list).and_then(|mut file| file.read(&mut [0; 1]));
    match read {
        Ok(1..) => None,
        Ok(0) => Some(format!("{} is empty", list.display())),
        Err(error) if error.raw_os_error() == Some(libc::EACCES) => None,
        Err(error) => Some(format!("{}: {}", list.display(), errno_name(error.raw_os_error().unwrap_or(0)))),
    }
}

/// The security modules that are active, separated by commas. `None` where securityfs is not mounted.
pub(crate) fn security_modules() -> Option<String> {
    fs::read_to_string("/sys/kernel/security/lsm").ok().map(|modules| modules.trim().to_owned())
}

/// The kernel's major and minor version.
pub(crate) fn kernel_version() -> Option<(u32, u32)> {
    version_of(&fs::read_to_string("/proc/sys/kernel/osrelease").ok()?)
}

/// Of a release like `5.10.0-28-amd64`.
pub(crate) fn version_of(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map_while(|number| number.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// Can this kernel probe its own functions at all?
pub(crate) fn has_kprobes(tracefs: Option<&Path>) -> bool {
    Path::new("/sys/bus/event_source/devices/kprobe").exists()
        || tracefs.is_some_and(|tracefs| tracefs.join("kprobe_events").exists())
}
