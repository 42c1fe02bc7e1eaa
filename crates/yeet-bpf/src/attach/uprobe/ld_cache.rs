//! `/etc/ld.so.cache`: which file a library name means. The format is glibc's; every offset in it is checked.

use std::cmp::Ordering;

/// A library of the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Library {
    pub(super) name: String,
    pub(super) path: String,
}

const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
/// Caches of before 2.32 start with a table for older loaders, and the one read here comes behind it.
const OLD_MAGIC: &[u8] = b"ld.so-1.7.0\0";
const HEADER_SIZE: usize = 48;
const ENTRY_SIZE: usize = 24;

/// The flags of libraries that programs of this machine load: C library 6, and the machine's own kind.
#[cfg(target_arch = "x86_64")]
const OWN_FLAGS: u32 = 0x0303;
#[cfg(target_arch = "aarch64")]
const OWN_FLAGS: u32 = 0x0a03;

/// The libraries of the cache, in its order. A broken cache has those that can be read.
pub(super) fn parse(bytes: &[u8]) -> Vec<Library> {
    let Some(table) = new_table(bytes) else { return Vec::new() };
    let count = word(table, 20).unwrap_or(0) as usize;
    let entries = table.get(HEADER_SIZE..).unwrap_or_default().chunks_exact(ENTRY_SIZE).take(count);
    entries
        .filter(|entry| word(entry, 0) == Some(OWN_FLAGS))
        .filter_map(|entry| {
            let text = |at| string(table, word(entry, at)? as usize);
            Some(Library { name: text(4)?, path: text(8)? })
        })
        .collect()
}

/// The library of this name; for a name without version (`libssl.so`) that is not there itself, the newest.
pub(super) fn find<'a>(libraries: &'a [Library], name: &str) -> Option<&'a Library> {
    if let Some(exact) = libraries.iter().find(|library| library.name == name) {
        return Some(exact);
    }
    let prefix = name.ends_with(".so").then(|| format!("{name}."))?;
    let versions = libraries.iter().filter_map(|library| Some((library.name.strip_prefix(&prefix)?, library)));
    // Of two of one version the first, as the loader does.
    versions.min_by(|(a, _), (b, _)| compare_versions(b, a)).map(|(_, library)| library)
}

fn new_table(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(MAGIC) {
        return Some(bytes);
    }
    let count = bytes.starts_with(OLD_MAGIC).then(|| word(bytes, 12))?? as usize;
    let end = count.checked_mul(12)?.checked_add(16)?.checked_next_multiple_of(8)?;
    bytes.get(end..).filter(|table| table.starts_with(MAGIC))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn string(table: &[u8], at: usize) -> Option<String> {
    let bytes = table.get(at..)?;
    let length = bytes.iter().take(4096).position(|&byte| byte == 0)?;
    String::from_utf8(bytes[..length].to_vec()).ok()
}

/// `1.10` is newer than `1.9`.
fn compare_versions(a: &str, b: &str) -> Ordering {
    let number = |part: &str| part.parse::<u64>().ok();
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => number(a).cmp(&number(b)).then_with(|| a.cmp(b)),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(name: &str) -> Library {
        Library { name: name.to_owned(), path: format!("/lib/{name}") }
    }

    #[test]
    fn the_cache_of_this_machine_has_the_c_library() {
        let libraries = parse(&std::fs::read("/etc/ld.so.cache").unwrap());
        let libc = find(&libraries, "libc.so.6").unwrap();
        assert!(libc.path.starts_with('/') && libc.path.ends_with("/libc.so.6"), "{libc:?}");
        assert!(std::path::Path::new(&libc.path).exists());
        assert_eq!(find(&libraries, "libc.so").map(|found| found.name.as_str()), Some("libc.so.6"));
    }

    #[test]
    fn a_name_without_version_means_the_newest() {
        let libraries =
            ["libssl.so.1.1", "libssl.so.3", "libssl.so.1.0.2", "libfoo.so.1.9", "libfoo.so.1.10"].map(library);
        let found = |name| find(&libraries, name).map(|library| library.name.as_str());
        assert_eq!(found("libssl.so"), Some("libssl.so.3"));
        assert_eq!(found("libfoo.so"), Some("libfoo.so.1.10"));
        assert_eq!(found("libssl.so.1.1"), Some("libssl.so.1.1"));
        assert_eq!(found("libssl"), None);
        let copies =
            ["/opt", "/lib"].map(|folder| Library { path: format!("{folder}/libz.so.1"), ..library("libz.so.1") });
        assert_eq!(find(&copies, "libz.so").map(|library| library.path.as_str()), Some("/opt/libz.so.1"));
    }

    #[test]
    fn a_broken_cache_is_read_as_far_as_it_goes() {
        let good = std::fs::read("/etc/ld.so.cache").unwrap();
        let all = parse(&good).len();
        for length in (0..good.len()).step_by(61) {
            assert!(parse(&good[..length]).len() <= all);
        }
        let mut wild = good.clone();
        wild[20..24].fill(0xff);
        for at in (HEADER_SIZE..wild.len().min(4096)).step_by(ENTRY_SIZE) {
            wild[at + 4..at + 8].fill(0xff);
        }
        assert!(parse(&wild).len() <= all);
        assert!(parse(b"nonsense").is_empty());
    }
}
