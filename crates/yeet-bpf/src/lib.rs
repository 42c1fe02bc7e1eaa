//! Loads, attaches and reads eBPF objects.
//!
//! No JavaScript and no V8 in here: maps speak bytes, ring buffers speak frames, and the BTF that gives both a meaning is handed out
//! as it came. [`object::open`] is the way in: what it opens is started, and what was started owns everything that came of it and gives
//! it back when it is stopped or dropped.

pub mod attach;
pub mod diagnose;
pub mod doctor;
pub mod elf;
pub mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod iter;
pub mod map;
pub mod object;
mod printable;
mod prints;
pub mod ring;
pub mod run;
mod sys;
mod verifier;
mod version;

pub use printable::printable;

pub use error::{Error, Kind, Result};
pub use version::libbpf_version;
