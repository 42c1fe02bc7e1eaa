//! A loaded and attached object.

use std::os::fd::{AsFd, OwnedFd};

use libbpf_rs::{AsRawLibbpf, Object};

use super::{MapDecl, ProgramDecl, resolve_map};
use crate::attach::{self, Hold, Step};
use crate::error::{Error, Kind, Result};

/// One place where a program is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The kernel's kind of link (`perf_event`, `raw_tracepoint`, `tracing`, …).
    pub how: String,
    /// What it is attached to (`sched/sched_process_exec`).
    pub target: String,
}

/// A program of a started object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramState {
    pub name: String,
    pub section: String,
    /// The kernel's name of its type.
    pub prog_type: String,
    /// The kernel's id; `None` for a program that was left out.
    pub id: Option<u32>,
    pub attached: Vec<Attachment>,
}

impl ProgramState {
    fn is_loaded_struct_ops(&self) -> bool {
        self.id.is_some() && self.prog_type == "struct_ops"
    }
}

/// A started object. It owns the links, programs and maps; stopping or dropping it gives them back.
pub struct Running {
    // Links go before the object whose programs they hold.
    links: Vec<Hold>,
    object: Option<Object>,
    maps: Vec<MapDecl>,
    programs: Vec<ProgramState>,
    warnings: Vec<String>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("maps", &self.maps).field("programs", &self.programs).finish_non_exhaustive()
    }
}

impl Running {
    pub(super) fn new(object: Object, programs: &[ProgramDecl], warnings: Vec<String>) -> Self {
        let maps = object.maps().map(|map| MapDecl::read(map.as_libbpf_object())).collect();
        let programs = programs
            .iter()
            .zip(object.progs())
            .map(|(decl, program)| ProgramState {
                name: decl.name.clone(),
                section: decl.section.clone(),
                prog_type: decl.prog_type.clone(),
                // A program that was not loaded has no descriptor, and then there is no id.
                id: (raw_fd(&program) >= 0).then(|| libbpf_rs::Program::id_from_fd(program.as_fd()).ok()).flatten(),
                attached: Vec::new(),
            })
            .collect();
        Self { links: Vec::new(), object: Some(object), maps, programs, warnings }
    }

    pub(super) fn attach(&mut self, decls: &[ProgramDecl], steps: &[Step]) -> Result<()> {
        let Some(object) = &self.object else { return Ok(()) };
        for (((program, decl), step), state) in object.progs_mut().zip(decls).zip(steps).zip(&mut self.programs) {
            let outcome = attach::run(step, decl, &program)?;
            self.warnings.extend(outcome.warnings);
            for attached in outcome.attached {
                state.attached.push(Attachment { how: attached.how, target: attached.target });
                self.links.push(attached.hold);
            }
        }
        for table in attach::attach_struct_ops(object)? {
            // libbpf does not tell which programs are in which table; an object mostly has one.
            for state in self.programs.iter_mut().filter(|state| state.is_loaded_struct_ops()) {
                state.attached.push(Attachment { how: table.how.clone(), target: table.target.clone() });
            }
            self.links.push(table.hold);
        }
        Ok(())
    }

    /// A descriptor of its own for a map, by its name in the file or the kernel's. It stays valid after [`Running::stop`].
    pub fn map_fd(&self, name: &str) -> Result<OwnedFd> {
        let Some(object) = &self.object else {
            return Err(
                Error::new(Kind::Stopped, format!("map '{name}' is gone: its object was stopped")).with_map(name)
            );
        };
        let Some(decl) = resolve_map(&self.maps, name) else {
            let known: Vec<_> = self.maps.iter().map(|map| map.name.as_str()).collect();
            return Err(Error::new(
                Kind::NotFound,
                format!("the object has no map '{name}'; it has: {}", known.join(", ")),
            )
            .with_map(name));
        };
        let map = object.maps().zip(&self.maps).find(|(_, other)| *other == decl);
        let Some((map, _)) = map else {
            return Err(Error::new(Kind::NotFound, format!("map '{name}' was not created")).with_map(name));
        };
        map.as_fd().try_clone_to_owned().map_err(|error| {
            Error::new(Kind::Io, format!("cannot duplicate the descriptor of map '{name}': {error}"))
                .with_source(&error)
                .with_map(name)
        })
    }

    /// The maps as the kernel made them.
    pub fn maps(&self) -> &[MapDecl] {
        &self.maps
    }

    /// Every program of the object, those left out too.
    pub fn programs(&self) -> &[ProgramState] {
        &self.programs
    }

    /// What a user should know though nothing failed, one sentence each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Detaches every program and frees the object. Stopping again does nothing. Maps live on while somebody holds a descriptor of them.
    pub fn stop(&mut self) -> Result<()> {
        attach::release(std::mem::take(&mut self.links));
        self.object = None;
        for program in &mut self.programs {
            program.attached.clear();
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Cannot fail, and there is nobody to tell.
        let _ = self.stop();
    }
}

fn raw_fd(program: &libbpf_rs::Program<'_>) -> i32 {
    // SAFETY: the program belongs to a loaded object; this only reads its descriptor.
    unsafe { libbpf_sys::bpf_program__fd(program.as_libbpf_object().as_ptr()) }
}
