//! One BPF object, from the file to running programs: [`open`] reads and checks it, [`Opened::start`] loads and attaches it, and
//! [`Running`] owns what came of it until it is stopped or dropped.

mod decl;
mod description;
mod descriptors;
mod file;
mod load;
mod names;
mod program;
mod running;
mod sections;
mod spec;

use std::io;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, ObjectBuilder, OpenObject};

use crate::attach::kernel_version;
use crate::diagnose::io_error;
use crate::elf;
use crate::error::{Error, Kind, Result, errno_name};
use crate::prints;

pub use decl::{MapDecl, ProgramDecl};
pub use description::{Description, MapDescription, ProgramDescription, describe};
pub use names::resolve_map;
pub use program::{Attachment, ProgramState, RunStats};
pub(crate) use running::Maps;
pub use running::{Detached, Running};
pub use spec::{InitStore, SectionSpec, StartSpec};

/// An object that was read and checked. Nothing of it is in the kernel yet.
pub struct Opened {
    object: OpenObject,
    path: PathBuf,
    /// The file as it was read; a rejected program is explained from it.
    image: Vec<u8>,
    btf: Vec<u8>,
    maps: Vec<MapDecl>,
    programs: Vec<ProgramDecl>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("path", &self.path)
            .field("maps", &self.maps)
            .field("programs", &self.programs)
            .finish_non_exhaustive()
    }
}

/// Reads the object at `path`, once, and checks it. Needs no privileges.
///
/// Errors: [`Kind::NotFound`] where there is no such file, [`Kind::InvalidObject`] where it is not a BPF object that can be loaded,
/// [`Kind::PermissionDenied`] and [`Kind::Io`] where it cannot be read.
pub fn open(path: &Path) -> Result<Opened> {
    let path = file::resolve(path)?;
    let image = file::read(&path)?;
    open_image(path, image)
}

/// Checks what was read from `path` and lets libbpf take it apart.
pub(crate) fn open_image(path: PathBuf, mut image: Vec<u8>) -> Result<Opened> {
    let invalid = |reason: &str| {
        Error::new(Kind::InvalidObject, format!("cannot open {}: {reason}", path.display())).with_path(&path)
    };
    let checked = elf::Image::check(&image).map_err(|flaw| invalid(flaw.reason()))?;
    if kernel_version().is_some_and(|version| version < elf::empty::SINCE) {
        let empty = checked.empty_sections(&image);
        elf::empty::remove(&mut image, &empty);
    }

    let mut builder = ObjectBuilder::default();
    builder.name(names::object_name(&path)).map_err(|error| invalid(&error.to_string()))?;
    let (object, prints) = prints::collect(|| open_memory(&builder, &image));
    let object = object.map_err(|errno| match errno {
        libc::EMFILE | libc::ENFILE | libc::ENOMEM => {
            io_error(&format!("cannot open {}", path.display()), errno).with_path(&path)
        }
        // What its sections hold is copied into memory first.
        errno if prints.iter().any(|message| message.ends_with(&format!("content buffer: -{}", errno_name(errno)))) => {
            io_error(&format!("cannot open {}", path.display()), errno).with_path(&path)
        }
        _ => invalid(&prints.summary()),
    })?;

    let btf = raw_btf(&object).ok_or_else(|| invalid(&format!("its BTF cannot be used: {}", prints.summary())))?;
    elf::check_opened_btf(&btf).map_err(|flaw| invalid(flaw.reason()))?;
    let maps = object.maps().map(|map| MapDecl::read(map.as_libbpf_object())).collect();
    let programs = object.progs().map(|program| ProgramDecl::read(&program)).collect();
    Ok(Opened { object, path, image, btf, maps, programs })
}

impl Opened {
    /// Where the object was found: absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The raw `.BTF`, in which libbpf has filled in the sizes of the data sections and the offsets of their variables.
    pub fn btf(&self) -> &[u8] {
        &self.btf
    }

    /// Every map, data sections too, in the order of the file.
    pub fn maps(&self) -> &[MapDecl] {
        &self.maps
    }

    pub fn programs(&self) -> &[ProgramDecl] {
        &self.programs
    }

    /// Loads, verifies and attaches. Blocks for as long as the kernel's verifier takes: call it on a worker thread.
    ///
    /// All or nothing: where it fails, what it had attached is detached and what it had loaded is freed before it returns.
    pub fn start(self, spec: StartSpec) -> Result<Running> {
        load::start(self, spec)
    }
}

/// Lets libbpf take the image apart; the error is the errno.
fn open_memory(builder: &ObjectBuilder, image: &[u8]) -> Result<OpenObject, i32> {
    let options = builder.as_libbpf_object().as_ptr();
    // SAFETY: the image and the options outlive the call, and libbpf keeps no pointer into either.
    let object = unsafe { libbpf_sys::bpf_object__open_mem(image.as_ptr().cast(), image.len() as u64, options) };
    match NonNull::new(object) {
        // SAFETY: libbpf just opened this object and gave it to us.
        Some(object) => Ok(unsafe { OpenObject::from_ptr(object) }),
        None => Err(io::Error::last_os_error().raw_os_error().unwrap_or(0)),
    }
}

fn raw_btf(object: &OpenObject) -> Option<Vec<u8>> {
    let mut size = 0;
    // SAFETY: the object is open, so it and its BTF are valid; the raw data belongs to the BTF and is copied before anything changes it.
    unsafe {
        let btf = libbpf_sys::bpf_object__btf(object.as_libbpf_object().as_ptr());
        if btf.is_null() {
            return None;
        }
        let data = libbpf_sys::btf__raw_data(btf, &mut size);
        if data.is_null() {
            return None;
        }
        Some(std::slice::from_raw_parts(data.cast::<u8>(), size as usize).to_vec())
    }
}
