//! How many CPUs the kernel may ever bring up: the length of every per-CPU value.

use std::fs;
use std::sync::OnceLock;

use crate::Result;
use crate::error::{Error, Kind};

const POSSIBLE: &str = "/sys/devices/system/cpu/possible";
const ONLINE: &str = "/sys/devices/system/cpu/online";

/// The number of possible CPUs (not of those online): what the kernel lays per-CPU values out for. Read once per process.
///
/// # Errors
/// `Io` when `/sys` is not mounted or says something that is not a list of CPUs.
pub fn possible_cpus() -> Result<u32> {
    static CACHED: OnceLock<u32> = OnceLock::new();
    if let Some(&count) = CACHED.get() {
        return Ok(count);
    }
    let count = u32::try_from(read(POSSIBLE)?.len()).unwrap_or(u32::MAX);
    Ok(*CACHED.get_or_init(|| count))
}

/// The numbers of the CPUs that are online now.
///
/// # Errors
/// As for [`possible_cpus`].
pub(crate) fn online_cpus() -> Result<Vec<u32>> {
    read(ONLINE)
}

fn read(path: &str) -> Result<Vec<u32>> {
    let text = fs::read_to_string(path).map_err(|source| {
        let fix = match source.raw_os_error() {
            Some(libc::EMFILE | libc::ENFILE) => "raise the limit with ulimit -n",
            _ => "per-CPU maps and buffers need /sys: mount -t sysfs nodev /sys",
        };
        Error::new(Kind::Io, format!("cannot read {path}: {source}; {fix}")).with_source(&source).with_path(path)
    })?;
    parse(&text).ok_or_else(|| {
        Error::new(Kind::Io, format!("{path} holds {:?}, which is not a list of CPUs such as \"0-3,8\"", text.trim()))
            .with_path(path)
    })
}

/// No kernel is built for more CPUs than this; a longer range is a damaged file.
const MOST: u32 = 1 << 16;

/// The CPUs of a kernel list such as `0-3,8`, in its order; `None` when it is no such list or empty.
fn parse(text: &str) -> Option<Vec<u32>> {
    let mut cpus = Vec::new();
    for range in text.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        if first > last || last >= MOST {
            return None;
        }
        cpus.extend(first..=last);
    }
    Some(cpus)
}

#[cfg(test)]
mod tests {
    use super::{parse, possible_cpus};

    #[test]
    fn lists_are_read() {
        assert_eq!(parse("0\n"), Some(vec![0]));
        assert_eq!(parse("0-3\n"), Some(vec![0, 1, 2, 3]));
        assert_eq!(parse("0-1,4,6-7"), Some(vec![0, 1, 4, 6, 7]));
        for bad in ["", "\n", "a", "3-1", "0-", "-1", "0,,1", "0-4294967295"] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn agrees_with_libbpf() {
        // SAFETY: takes nothing and returns a number.
        let expected = unsafe { libbpf_sys::libbpf_num_possible_cpus() };
        assert_eq!(possible_cpus().map(i64::from).ok(), Some(i64::from(expected)));
    }
}
