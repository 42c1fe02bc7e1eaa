//! Strings that say where to attach, and the binaries that they lead to.

use super::{AttachSpec, Lane, plan};
use crate::object::ProgramDecl;

pub use super::uprobe::fuzzing::{libraries, names, read_binary, unpack};
pub use super::usdt::fuzzing::arguments;

/// Plans a program with this section, name and type, attached as its section says and in ways that may not fit.
pub fn section(section: &str, name: &str, prog_type: u32) {
    let program = ProgramDecl {
        name: name.to_owned(),
        section: section.to_owned(),
        prog_type: "kprobe".to_owned(),
        attach_type: None,
        autoload: true,
        lane: Lane::of(section, prog_type % 33, prog_type / 33),
    };
    let programs = std::slice::from_ref(&program);
    for spec in [AttachSpec::Auto, AttachSpec::Cookie(1), AttachSpec::Load, AttachSpec::Xdp(Default::default())] {
        if let Err(error) = plan(programs, &[(name.to_owned(), spec)]) {
            assert!(!error.message().is_empty());
        }
    }
    let _ = plan(programs, &[]);
}
