//! From an opened object to a running one.

use libbpf_rs::{AsRawLibbpf, Object, OpenObject};

use super::{Opened, ProgramDecl, Running, StartSpec, descriptors, sections};
use crate::attach::{self, Plan};
use crate::diagnose::load::{LoadFailure, explain};
use crate::error::Result;
use crate::prints;
use crate::verifier::LogBuffer;

pub(super) fn start(opened: Opened, spec: StartSpec) -> Result<Running> {
    let Opened { mut object, path, image, maps, programs, .. } = opened;
    let Plan { steps, warnings } = attach::plan(&programs, &spec.attach)?;
    descriptors::check(&path, steps.iter().filter(|step| step.loads()).count())?;
    sections::prepare(&mut object, &maps, &spec.sections)?;
    let log = LogBuffer::new();
    for ((mut program, decl), step) in object.progs_mut().zip(&programs).zip(&steps) {
        step.prepare(decl, &mut program);
        if let Some(log) = log.as_ref().filter(|_| step.loads()) {
            log.serve(&program);
        }
    }

    let (loaded, prints) = prints::collect(|| load(object));
    let object = loaded.map_err(|errno| {
        let loading: Vec<&ProgramDecl> =
            programs.iter().zip(&steps).filter(|(_, step)| step.loads()).map(|(decl, _)| decl).collect();
        let log = log.as_ref().map(LogBuffer::written).unwrap_or_default();
        explain(&LoadFailure {
            path: &path,
            image: &image,
            programs: &loading,
            maps: &maps,
            errno,
            prints: &prints,
            log,
        })
    })?;
    drop((image, log));

    let mut running = Running::new(object, programs, warnings);
    // Where a program cannot be attached, dropping `running` detaches the ones before it and frees the object.
    running.attach_all(&steps)?;
    Ok(running)
}

/// Loads the object; the error is the errno. libbpf has then freed again what it had made.
fn load(object: OpenObject) -> Result<Object, i32> {
    // SAFETY: the object is open and not yet loaded.
    match unsafe { libbpf_sys::bpf_object__load(object.as_libbpf_object().as_ptr()) } {
        // SAFETY: the pointer is that of an object that has just been loaded, and `take_ptr` gave its ownership away.
        0 => Ok(unsafe { Object::from_ptr(object.take_ptr()) }),
        error => Err(-error),
    }
}
