//! Data sections before load: their initial contents, and which of them stay writable.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};

use libbpf_rs::{OpenMapMut, OpenObject};

use super::{InitStore, MapDecl, SectionSpec, resolve_map};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result};

/// Applies the section specs to the open object.
pub(super) fn prepare(object: &mut OpenObject, maps: &[MapDecl], specs: &[SectionSpec]) -> Result<()> {
    for (at, spec) in specs.iter().enumerate() {
        let decl = section(maps, &spec.map)?;
        if specs[..at].iter().any(|earlier| resolve_map(maps, &earlier.map) == Some(decl)) {
            return Err(invalid(decl, "it is bound twice, by two of its names"));
        }
        check_kind(decl, spec)?;
        let index = maps.iter().position(|map| map == decl).unwrap_or_default();
        let Some(mut map) = object.maps_mut().nth(index) else { continue };
        initialise(&mut map, decl, &spec.init)?;
        // libbpf makes a section mappable only where one of its variables is not static.
        let flags = decl.flags | libbpf_sys::BPF_F_MMAPABLE;
        map.set_map_flags(flags).map_err(|error| invalid(decl, &format!("its flags cannot be set: {error}")))?;
        if decl.is_rodata() && !spec.freeze {
            keep_writable(&mut map, decl, flags)?;
        }
    }
    Ok(())
}

fn section<'a>(maps: &'a [MapDecl], name: &str) -> Result<&'a MapDecl> {
    match resolve_map(maps, name) {
        Some(decl) if decl.section.is_some() => Ok(decl),
        Some(decl) => Err(invalid(decl, "it is a map, not a data section")),
        None => {
            let known: Vec<_> = maps.iter().filter_map(|map| map.section.as_deref()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Err(Error::new(Kind::InvalidOpts, format!("the object has no data section '{name}'; it has: {known}"))
                .with_map(name))
        }
    }
}

fn check_kind(decl: &MapDecl, spec: &SectionSpec) -> Result<()> {
    if spec.freeze && !decl.is_rodata() {
        return Err(invalid(decl, "freeze applies to .rodata sections only, since programs write to the others"));
    }
    if decl.name == ".kconfig" && !spec.init.is_empty() {
        return Err(invalid(
            decl,
            "init does not apply to it: it is filled from the configuration of the running kernel",
        ));
    }
    Ok(())
}

fn initialise(map: &mut OpenMapMut<'_>, decl: &MapDecl, stores: &[InitStore]) -> Result<()> {
    if stores.is_empty() {
        return Ok(());
    }
    let Some(image) = map.initial_value_mut() else {
        return Err(invalid(decl, "it has no initial contents"));
    };
    for store in stores {
        check_store(decl, store, image.len())?;
    }
    for InitStore { offset, bytes, mask } in stores {
        let target = &mut image[*offset as usize..][..bytes.len()];
        match mask {
            None => target.copy_from_slice(bytes),
            Some(mask) => {
                for ((target, byte), mask) in target.iter_mut().zip(bytes).zip(mask) {
                    *target = *target & !mask | byte & mask;
                }
            }
        }
    }
    Ok(())
}

fn check_store(decl: &MapDecl, store: &InitStore, size: usize) -> Result<()> {
    let end = store.offset as usize + store.bytes.len();
    if end > size {
        return Err(invalid(decl, &format!("an initial value ends at byte {end}, behind its {size} bytes")));
    }
    if store.mask.as_ref().is_some_and(|mask| mask.len() != store.bytes.len()) {
        return Err(invalid(decl, "an initial value and its mask differ in length"));
    }
    Ok(())
}

/// libbpf freezes constant sections at load. Handing it a map of our own, made as it would make it and with the same contents, leaves the
/// freezing out; the verifier then reads the constants at run time instead of folding them.
fn keep_writable(map: &mut OpenMapMut<'_>, decl: &MapDecl, flags: u32) -> Result<()> {
    let contents = map.initial_value().unwrap_or_default().to_vec();
    if contents.len() < decl.value_size as usize {
        return Err(invalid(decl, "its initial contents are shorter than the section"));
    }
    let fd = create(decl, flags).map_err(|error| creation_failed(decl, &error))?;
    let key = 0u32;
    // SAFETY: the fd is the map just made: a key of 4 bytes, a value of `value_size` bytes, which `contents` has at least.
    let result = unsafe {
        libbpf_sys::bpf_map_update_elem(
            fd.as_raw_fd(),
            (&raw const key).cast(),
            contents.as_ptr().cast(),
            libbpf_sys::BPF_ANY.into(),
        )
    };
    if result < 0 {
        return Err(creation_failed(decl, &io::Error::from_raw_os_error(-result)));
    }
    map.reuse_fd(fd.as_fd()).map_err(|error| invalid(decl, &format!("its own map cannot be used: {error}")))
}

fn create(decl: &MapDecl, map_flags: u32) -> io::Result<OwnedFd> {
    let name = CString::new(decl.kernel_name.as_str())?;
    let options = libbpf_sys::bpf_map_create_opts {
        sz: size_of::<libbpf_sys::bpf_map_create_opts>() as u64,
        map_flags,
        ..Default::default()
    };
    // SAFETY: the name and the options live during the call, and the options tell their own size.
    let fd = unsafe {
        libbpf_sys::bpf_map_create(
            decl.map_type,
            name.as_ptr(),
            decl.key_size,
            decl.value_size,
            decl.max_entries,
            &options,
        )
    };
    match fd {
        // SAFETY: the kernel just gave this descriptor to us and to nobody else.
        0.. => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
        error => Err(io::Error::from_raw_os_error(-error)),
    }
}

fn creation_failed(decl: &MapDecl, error: &io::Error) -> Error {
    let what = format!("cannot create the map of section '{}'", decl.name);
    match error.raw_os_error() {
        Some(errno @ libc::EPERM) => permission_denied(&what, Need::Load).with_errno(errno).with_map(&decl.name),
        _ => Error::new(Kind::Io, format!("{what} ({} bytes): {error}", decl.value_size))
            .with_source(error)
            .with_map(&decl.name),
    }
}

fn invalid(decl: &MapDecl, reason: &str) -> Error {
    Error::new(Kind::InvalidOpts, format!("section '{}' cannot be bound so: {reason}", decl.name)).with_map(&decl.name)
}
