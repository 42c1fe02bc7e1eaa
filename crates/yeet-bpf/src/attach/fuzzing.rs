//! Strings that say where to attach, and the binaries that they lead to.

use super::{AttachSpec, Lane, plan};
use crate::object::ProgramDecl;

pub use super::uprobe::fuzzing::{libraries, names, read_binary, unpack};
pub use super::usdt::fuzzing::arguments;

/// Plans a program with this section and name, as every type, attached as its section says and in ways that may not fit.
pub fn section(section: &str, name: &str) {
    for prog_type in 0..=32 {
        let attach_type = prog_type * 7 % 60;
        let program = ProgramDecl {
            name: name.to_owned(),
            section: section.to_owned(),
            prog_type: "kprobe".to_owned(),
            attach_type: None,
            autoload: true,
            lane: Lane::of(section, prog_type, attach_type),
        };
        for spec in [AttachSpec::Auto, AttachSpec::Cookie(1), AttachSpec::Load, AttachSpec::Xdp(Default::default())] {
            let plan = plan(std::slice::from_ref(&program), &[(name.to_owned(), spec)]);
            if let Err(error) = plan {
                assert!(!error.message().is_empty());
            }
        }
        let _ = plan(std::slice::from_ref(&program), &[]);
    }
}
