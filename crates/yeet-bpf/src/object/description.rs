//! All that an object's file says, for people and tools that look at it. Nothing is loaded.

use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use libbpf_rs::AsRawLibbpf;

use super::{MapDecl, Opened, ProgramDecl, open};
use crate::attach::Intent;
use crate::elf::{Code, Image};
use crate::error::Result;

/// An object as its file describes it.
#[derive(Clone, Debug)]
pub struct Description {
    /// Absolute.
    pub path: PathBuf,
    /// What `SEC("license")` says.
    pub license: Option<String>,
    /// As [`Opened::btf`].
    pub btf: Vec<u8>,
    pub maps: Vec<MapDescription>,
    pub programs: Vec<ProgramDescription>,
}

/// A map.
#[derive(Clone, Debug)]
pub struct MapDescription {
    pub decl: MapDecl,
    /// The contents that a data section starts with. `None` for other maps, and for `.bss`, which starts as zero.
    pub initial: Option<Vec<u8>>,
    /// For a map of maps, what those are like.
    pub inner: Option<MapDecl>,
}

/// A program.
#[derive(Clone, Debug)]
pub struct ProgramDescription {
    pub decl: ProgramDecl,
    /// What starting the object does with it where nobody says anything.
    pub intent: Intent,
    /// Without the functions that it calls.
    pub instructions: u64,
    /// Numbers of the kernel's `enum bpf_func_id`, ascending: of what it or a function below it calls.
    pub helpers: Vec<u32>,
    /// The kernel's functions that it or a function below it calls.
    pub kfuncs: Vec<String>,
}

/// Reads and checks the object at `path` and tells what is in it. Needs no privileges, and no kernel that knows BPF.
///
/// Errors: as [`open`].
pub fn describe(path: &Path) -> Result<Description> {
    let opened = open(path)?;
    // It was checked when it was opened.
    let image = Image::check(&opened.image).ok();
    let mut code = image.as_ref().map(Code::of);
    let programs = opened.programs.iter().map(|decl| {
        let (calls, instructions) = code.as_mut().map(|code| code.calls(&decl.name)).unwrap_or_default();
        ProgramDescription {
            intent: Intent::of(decl),
            decl: decl.clone(),
            instructions,
            helpers: calls.helpers.into_iter().collect(),
            kfuncs: calls.kfuncs.into_iter().collect(),
        }
    });
    let programs = programs.collect();
    Ok(Description {
        license: image.as_ref().and_then(Image::license),
        maps: maps(&opened),
        programs,
        btf: opened.btf.clone(),
        path: opened.path.clone(),
    })
}

fn maps(opened: &Opened) -> Vec<MapDescription> {
    let describe = |(map, decl): (libbpf_rs::OpenMap<'_>, &MapDecl)| {
        let starts_as_zero = decl.section.as_deref().is_some_and(|section| section.starts_with(".bss"));
        MapDescription {
            decl: decl.clone(),
            initial: map.initial_value().filter(|_| decl.section.is_some() && !starts_as_zero).map(<[u8]>::to_vec),
            inner: inner(&map),
        }
    };
    opened.object.maps().zip(&opened.maps).map(describe).collect()
}

fn inner(map: &libbpf_rs::OpenMap<'_>) -> Option<MapDecl> {
    // SAFETY: the map belongs to an open object; libbpf gives null or another map of the same object.
    let inner = unsafe { libbpf_sys::bpf_map__inner_map(map.as_libbpf_object().as_ptr()) };
    NonNull::new(inner).map(MapDecl::read)
}
