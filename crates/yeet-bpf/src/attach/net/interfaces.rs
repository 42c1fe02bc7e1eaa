//! The network interfaces of the namespace that this thread is in.

use std::ffi::{CStr, CString};
use std::io;

use super::super::similar::similar;
use super::super::spec::Interface;
use crate::error::{Error, Kind, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedInterface {
    pub(super) index: u32,
    pub(super) name: String,
}

impl NamedInterface {
    /// Is it there still?
    pub(super) fn is_there(&self) -> bool {
        let mut name = [0; libc::IFNAMSIZ];
        // SAFETY: the kernel writes a name of at most this length.
        !unsafe { libc::if_indextoname(self.index, name.as_mut_ptr()) }.is_null()
    }
}

/// The interfaces that were asked for, each once, in the order asked; all for `None`.
pub(super) fn choose(what: &str, wanted: Option<&[Interface]>) -> Result<Vec<NamedInterface>> {
    let all = list().map_err(|error| {
        Error::new(Kind::Io, format!("{what}: the network interfaces cannot be listed: {error}")).with_source(&error)
    })?;
    let Some(wanted) = wanted else { return Ok(all) };
    let mut chosen: Vec<NamedInterface> = Vec::with_capacity(wanted.len());
    for one in wanted {
        let index = match one {
            Interface::Index(index) => Some(*index),
            Interface::Name(name) => index_of(name),
        };
        let Some(found) = all.iter().find(|interface| index == Some(interface.index)) else {
            return Err(unknown(what, one, &all));
        };
        if !chosen.contains(found) {
            chosen.push(found.clone());
        }
    }
    Ok(chosen)
}

/// By its name, or by an alternative one that its administrator gave it (Linux 5.5).
fn index_of(name: &str) -> Option<u32> {
    // The kernel would look for what stands before a colon, and for the beginning of a longer name.
    if name.contains(':') || name.len() >= libc::IFNAMSIZ {
        return None;
    }
    let name = CString::new(name).ok()?;
    // SAFETY: the name lives during the call and ends with a zero.
    Some(unsafe { libc::if_nametoindex(name.as_ptr()) }).filter(|index| *index != 0)
}

fn list() -> io::Result<Vec<NamedInterface>> {
    // SAFETY: the list ends with an entry without index and name, is read before it is freed, and freed once.
    unsafe {
        let first = libc::if_nameindex();
        if first.is_null() {
            return Err(io::Error::last_os_error());
        }
        let mut interfaces = Vec::new();
        let mut next = first;
        while (*next).if_index != 0 && !(*next).if_name.is_null() {
            let name = CStr::from_ptr((*next).if_name).to_string_lossy().into_owned();
            interfaces.push(NamedInterface { index: (*next).if_index, name });
            next = next.add(1);
        }
        libc::if_freenameindex(first);
        Ok(interfaces)
    }
}

fn unknown(what: &str, wanted: &Interface, all: &[NamedInterface]) -> Error {
    let known: Vec<_> = all.iter().map(|interface| format!("{} ({})", interface.name, interface.index)).collect();
    let (asked, close) = match wanted {
        Interface::Index(index) => (format!("with index {index}"), None),
        Interface::Name(name) => {
            let names = all.iter().map(|interface| interface.name.as_str());
            (format!("'{name}'"), similar(name, names, 1).first().map(|close| format!(" (did you mean '{close}'?)")))
        }
    };
    let message = format!(
        "{what}: there is no network interface {asked}{}; the namespace has: {}",
        close.unwrap_or_default(),
        known.join(", ")
    );
    Error::new(Kind::NotFound, message).with_errno(libc::ENODEV)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_there_or_not() {
        let loopback = NamedInterface { index: 1, name: "lo".to_owned() };
        assert!(loopback.is_there());
        assert!(!NamedInterface { index: 0x7fff_fff0, ..loopback }.is_there());
    }
}
