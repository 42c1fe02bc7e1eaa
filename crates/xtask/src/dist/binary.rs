//! What the finished binary must be.

use std::path::Path;

use anyhow::{Context as _, Result};
use object::elf;
use object::read::elf::{FileHeader as _, ProgramHeader as _};

/// Bytes. A release that grows past it takes a decision.
const LARGEST: usize = 55_000_000;

/// What is wrong with the file; nothing if it may be given away. `paths` are folders of this machine, which nobody else should read in it.
pub(super) fn faults(path: &Path, paths: &[String]) -> Result<Vec<String>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    judge(&bytes, paths).with_context(|| format!("{} is no ELF file", path.display()))
}

fn judge(bytes: &[u8], paths: &[String]) -> Result<Vec<String>> {
    let header = elf::FileHeader64::<object::Endianness>::parse(bytes)?;
    let endian = header.endian()?;
    let mut faults = Vec::new();
    for segment in header.program_headers(endian, bytes)? {
        match segment.p_type(endian) {
            elf::PT_INTERP => faults.push("it names a program interpreter (PT_INTERP)".to_owned()),
            elf::PT_DYNAMIC => {
                faults.push("it has a dynamic section, in which libraries can be needed (PT_DYNAMIC)".to_owned())
            }
            _ => {}
        }
    }
    if header.sections(endian, bytes)?.symbols(endian, bytes, elf::SHT_SYMTAB)?.iter().next().is_some() {
        faults.push("it is not stripped".to_owned());
    }
    if bytes.len() > LARGEST {
        faults.push(format!("it has {} bytes, more than {LARGEST}", bytes.len()));
    }
    for path in paths.iter().filter(|path| !path.is_empty()) {
        if let Some(at) = find(bytes, path.as_bytes()) {
            let end = bytes[at..].iter().position(|byte| !(b' '..=b'~').contains(byte)).unwrap_or(0).min(120);
            faults.push(format!("it holds a path of this machine: {}", String::from_utf8_lossy(&bytes[at..at + end])));
        }
    }
    Ok(faults)
}

fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    let (first, rest) = text.split_first()?;
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| byte == first) {
        let at = from + found;
        if bytes[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_libraries_has_faults() {
        let faults = faults(&std::env::current_exe().unwrap(), &[env!("CARGO_PKG_NAME").to_owned()]).unwrap();
        for part in ["PT_INTERP", "PT_DYNAMIC", "not stripped", "path of this machine: xtask"] {
            assert!(faults.iter().any(|fault| fault.contains(part)), "{part} is missing in {faults:?}");
        }
    }

    #[test]
    fn text_is_found_wherever_it_starts() {
        assert_eq!(find(b"ababc", b"abc"), Some(2));
        assert_eq!(find(b"ab", b"abc"), None);
    }
}
