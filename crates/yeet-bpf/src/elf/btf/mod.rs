//! BTF: the types of the object.

mod layout;
mod table;

use super::Checked;
use layout::Layouts;
pub(super) use table::{Types, kind};

/// Whose hands the BTF has gone through.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// As the compiler wrote it: data sections may still have size and offsets zero.
    Raw,
    /// After libbpf filled those in; now they must be true.
    Opened,
}

/// Checks the whole of `.BTF`: the header, every type, every reference, every layout.
pub(super) fn check(btf: &[u8], stage: Stage) -> Checked<Types<'_>> {
    let types = Types::parse(btf)?;
    types.check_references()?;
    let mut layouts = Layouts::new(&types);
    layouts.check_all(stage)?;
    Ok(types)
}
