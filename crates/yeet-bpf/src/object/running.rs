//! A loaded and attached object.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use libbpf_rs::{AsRawLibbpf, Object};

use super::program::{Program, ProgramState};
use super::{MapDecl, ProgramDecl, resolve_map};
use crate::attach::{self, AttachSpec, Attached, Hold, Lane, Step};
use crate::diagnose::io_error;
use crate::error::{Error, Kind, Result};
use crate::iter::Walk;
use crate::run::{Runnable, Runs};

/// A started object. It owns the links, programs and maps; stopping or dropping it gives them back.
pub struct Running {
    // Links go before the object whose programs they hold.
    programs: Vec<Program>,
    /// Tables of functions, which attach as a whole.
    tables: Vec<Attached>,
    object: Option<Object>,
    maps: Vec<MapDecl>,
    warnings: Vec<String>,
    runs: Runs,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("maps", &self.maps).field("programs", &self.programs()).finish_non_exhaustive()
    }
}

/// The maps of a loaded object, by name.
pub(crate) struct Maps<'a> {
    object: &'a Object,
    decls: &'a [MapDecl],
}

impl Maps<'_> {
    /// A descriptor of its own for a map, by its name in the file or the kernel's.
    pub(crate) fn fd(&self, name: &str) -> Result<OwnedFd> {
        let Some(decl) = resolve_map(self.decls, name) else {
            let known: Vec<_> = self.decls.iter().map(|map| map.name.as_str()).collect();
            return Err(Error::new(
                Kind::NotFound,
                format!("the object has no map '{name}'; it has: {}", known.join(", ")),
            )
            .with_map(name));
        };
        let place = self.decls.iter().position(|other| std::ptr::eq(other, decl));
        let Some(map) = place.and_then(|place| self.object.maps().nth(place)) else {
            return Err(Error::new(Kind::NotFound, format!("map '{name}' was not created")).with_map(name));
        };
        map.as_fd().try_clone_to_owned().map_err(|error| {
            let what = format!("cannot duplicate the descriptor of map '{name}'");
            io_error(&what, error.raw_os_error().unwrap_or(libc::EIO)).with_map(name)
        })
    }
}

impl Running {
    pub(super) fn new(object: Object, decls: Vec<ProgramDecl>, warnings: Vec<String>) -> Self {
        let maps = object.maps().map(|map| MapDecl::read(map.as_libbpf_object())).collect();
        let programs = decls
            .into_iter()
            .zip(object.progs())
            .map(|(decl, program)| Program {
                decl,
                // A program that was not loaded has no descriptor, and then there is no id.
                id: fd(&program).and_then(|fd| libbpf_rs::Program::id_from_fd(fd).ok()),
                places: Vec::new(),
            })
            .collect();
        Self { programs, tables: Vec::new(), object: Some(object), maps, warnings, runs: Runs::default() }
    }

    /// Carries out what was planned for each program.
    pub(super) fn attach_all(&mut self, steps: &[Step]) -> Result<()> {
        let Some(object) = &self.object else { return Ok(()) };
        let maps = Maps { object, decls: &self.maps };
        for ((loaded, program), step) in object.progs_mut().zip(&mut self.programs).zip(steps) {
            let outcome = attach::run(step, &program.decl, &loaded, &maps)?;
            // What concerns several programs is said once.
            for warning in outcome.warnings {
                if !self.warnings.contains(&warning) {
                    self.warnings.push(warning);
                }
            }
            program.places.extend(outcome.attached);
        }
        self.tables = attach::attach_struct_ops(object)?;
        Ok(())
    }

    /// Attaches a program once more, or one that [`AttachSpec::Load`] kept back. Returns what the user should know though nothing failed.
    ///
    /// All or nothing, as at the start: where one place of several is refused, those before it are given up again.
    pub fn attach(&mut self, name: &str, spec: &AttachSpec) -> Result<Vec<String>> {
        let index = self.find(name)?;
        let (object, program) = (self.object.as_ref().ok_or_else(|| stopped(name))?, &mut self.programs[index]);
        if program.id.is_none() {
            let message = format!(
                "program '{name}' was left out when the object started, so the kernel does not have it; \
                 .attach(\"{name}\", {{ autoattach: false }}) before start() loads a program without attaching it"
            );
            return Err(Error::new(Kind::InvalidOpts, message).with_program(name));
        }
        let step = attach::plan_late(&program.decl, spec)?;
        let maps = Maps { object, decls: &self.maps };
        let Some(loaded) = object.progs_mut().nth(index) else { return Err(stopped(name)) };
        let outcome = attach::run(&step, &program.decl, &loaded, &maps)?;
        program.places.extend(outcome.attached);
        Ok(outcome.warnings)
    }

    /// Refuses what could not be given back by a process that has lost its privileges meanwhile.
    ///
    /// # Errors
    /// `Unsupported` where a program is attached as a traffic-control filter: those outlive the process that set them.
    pub fn check_stops_unprivileged(&self) -> Result<()> {
        let is_filter = |place: &Attached| matches!(place.hold, Hold::Filter { .. });
        match self.programs.iter().find(|program| program.places.iter().any(is_filter)) {
            Some(Program { decl, .. }) => {
                let message = format!(
                    "program '{}' (SEC(\"{}\")) is attached as a traffic-control filter, which a process without privileges cannot take away again; use a kernel with TCX (6.6), or run without --user",
                    decl.name, decl.section
                );
                Err(Error::new(Kind::Unsupported, message).with_program(&decl.name))
            }
            None => Ok(()),
        }
    }

    /// Takes a program from every place where it is attached; the program stays loaded. Dropping what is returned detaches, which may take
    /// a while.
    pub fn detach(&mut self, name: &str) -> Result<Detached> {
        let index = self.find(name)?;
        let program = &mut self.programs[index];
        if program.decl.lane == Lane::StructOps {
            let message =
                format!("program '{name}' cannot be detached: its table of functions goes as a whole, with the object");
            return Err(Error::new(Kind::InvalidOpts, message).with_program(name));
        }
        Ok(Detached(std::mem::take(&mut program.places)))
    }

    /// A program to be run by hand.
    pub fn runnable(&self, name: &str) -> Result<Runnable> {
        let index = self.find(name)?;
        let object = self.object.as_ref().ok_or_else(|| stopped(name))?;
        let fd = object.progs().nth(index).and_then(|program| fd(&program)?.try_clone_to_owned().ok());
        let Some(fd) = fd else {
            let message = format!(
                "program '{name}' cannot be run: it was left out when the object started, so the kernel does not have it"
            );
            return Err(Error::new(Kind::InvalidOpts, message).with_program(name));
        };
        Ok(Runnable::new(name, &self.programs[index].decl.prog_type, fd, self.runs.clone()))
    }

    /// Begins to read an iterator: all its places, one after the other.
    pub fn walk(&self, name: &str) -> Result<Walk> {
        let program = &self.programs[self.find(name)?];
        let refuse = |reason: &str| {
            let message = format!("program '{name}' (SEC(\"{}\")) cannot be iterated: {reason}", program.decl.section);
            Error::new(Kind::InvalidOpts, message).with_program(name)
        };
        if program.decl.lane != Lane::Iter {
            return Err(refuse("it is not an iterator, such as SEC(\"iter/task\")"));
        }
        let links: Vec<_> = program.places.iter().filter_map(|place| place.hold.link_fd()).collect();
        if links.is_empty() {
            return Err(refuse("it is not attached"));
        }
        Walk::new(name, &links)
    }

    /// A descriptor of its own for a map, by its name in the file or the kernel's. It stays valid after [`Running::stop`].
    pub fn map_fd(&self, name: &str) -> Result<OwnedFd> {
        let Some(object) = &self.object else {
            return Err(
                Error::new(Kind::Stopped, format!("map '{name}' is gone: its object was stopped")).with_map(name)
            );
        };
        Maps { object, decls: &self.maps }.fd(name)
    }

    /// The maps as the kernel made them.
    pub fn maps(&self) -> &[MapDecl] {
        &self.maps
    }

    /// Every program of the object, those left out too, as they are now.
    pub fn programs(&self) -> Vec<ProgramState> {
        let loaded = self.object.iter().flat_map(|object| object.progs());
        let states = self.programs.iter().zip(loaded).map(|(program, loaded)| {
            let mut state = program.state(fd(&loaded));
            if program.decl.lane == Lane::StructOps && program.id.is_some() {
                // libbpf does not tell which programs are in which table; an object mostly has one.
                state.attached = self.tables.iter().map(Into::into).collect();
            }
            state
        });
        states.collect()
    }

    /// What a user should know though nothing failed, one sentence each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Ends runs by hand, detaches every program and frees the object. Stopping again does nothing. Maps live on while somebody holds a descriptor of them.
    pub fn stop(&mut self) -> Result<()> {
        self.runs.stop();
        let places = self.programs.iter_mut().flat_map(|program| std::mem::take(&mut program.places));
        attach::release(places.chain(std::mem::take(&mut self.tables)).collect());
        self.object = None;
        Ok(())
    }

    fn find(&self, name: &str) -> Result<usize> {
        if self.object.is_none() {
            return Err(stopped(name));
        }
        self.programs.iter().position(|program| program.decl.name == name).ok_or_else(|| {
            attach::no_such_program(name, self.programs.iter().map(|program| program.decl.name.as_str()))
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Cannot fail, and there is nobody to tell.
        let _ = self.stop();
    }
}

/// Where a program was attached until now.
#[must_use = "dropping it detaches"]
pub struct Detached(Vec<Attached>);

impl Drop for Detached {
    fn drop(&mut self) {
        attach::release(std::mem::take(&mut self.0));
    }
}

impl std::fmt::Debug for Detached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|place| &place.target)).finish()
    }
}

fn stopped(program: &str) -> Error {
    Error::new(Kind::Stopped, format!("program '{program}' is gone: its object was stopped")).with_program(program)
}

/// The descriptor of a program; `None` for one that is not loaded.
fn fd<'a>(program: &libbpf_rs::Program<'a>) -> Option<BorrowedFd<'a>> {
    // SAFETY: the program belongs to a loaded object; this only reads its descriptor.
    let fd = unsafe { libbpf_sys::bpf_program__fd(program.as_libbpf_object().as_ptr()) };
    // SAFETY: the object holds the descriptor open for as long as the program is borrowed from it.
    (fd >= 0).then(|| unsafe { BorrowedFd::borrow_raw(fd) })
}
