//! Tables of functions that the kernel calls: not their programs attach but the map that holds them.

use std::io;
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, Link, MapCore, Object};
use libbpf_sys as sys;

use super::{Attached, Hold};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::prints;

/// Attaches every table of the object. Each comes with the name of its map.
pub(crate) fn attach_all(object: &Object) -> Result<Vec<Attached>> {
    let mut all = Vec::new();
    for map in object.maps() {
        let raw = map.as_libbpf_object().as_ptr();
        // SAFETY: the map belongs to a loaded object; these only read.
        let is_table =
            unsafe { sys::bpf_map__type(raw) == sys::BPF_MAP_TYPE_STRUCT_OPS && sys::bpf_map__autocreate(raw) };
        if is_table {
            let name = map.name().to_string_lossy().into_owned();
            all.push(attach(raw, name)?);
        }
    }
    Ok(all)
}

fn attach(map: *mut sys::bpf_map, name: String) -> Result<Attached> {
    let (made, prints) = prints::collect(|| {
        // SAFETY: the map belongs to a loaded object.
        let link = unsafe { sys::bpf_map__attach_struct_ops(map) };
        NonNull::new(link).ok_or_else(io::Error::last_os_error)
    });
    match made {
        Ok(link) => Ok(Attached {
            // SAFETY: libbpf just made this link and gave it to us.
            hold: Hold::Link { link: unsafe { Link::from_ptr(link) } },
            how: "struct_ops".to_owned(),
            target: name,
        }),
        Err(error) => {
            let errno = error.raw_os_error().unwrap_or(0);
            let what = format!("failed to attach the function table '{name}'");
            let reason = match errno {
                libc::EPERM | libc::EACCES => {
                    return Err(permission_denied(&what, Need::AttachNetwork).with_errno(errno).with_map(name));
                }
                libc::EEXIST => "the kernel has a table of that name already; stop the one who made it, or give this one another name".to_owned(),
                libc::EINVAL => "the kernel misses functions or a name in it".to_owned(),
                _ => prints.summary(),
            };
            let message = format!("{what}: {reason} ({})", errno_name(errno));
            Err(Error::new(Kind::AttachFailed, message).with_errno(errno).with_map(name))
        }
    }
}
