//! What a caller may decide before an object is started.

use crate::attach::AttachSpec;

/// How to start an object. The default loads and attaches everything as its sections say.
#[derive(Clone, Debug, Default)]
pub struct StartSpec {
    /// The data sections that the caller will read and write.
    pub sections: Vec<SectionSpec>,
    /// Per program name, how it attaches. A program of `SEC("?…")` is loaded only when it is listed here.
    pub attach: Vec<(String, AttachSpec)>,
}

/// A data section (`.data`, `.bss`, `.rodata`, …) that the caller will use.
#[derive(Clone, Debug, Default)]
pub struct SectionSpec {
    /// By section or by the kernel's name.
    pub map: String,
    /// Written into the section before the programs are verified, in order.
    pub init: Vec<InitStore>,
    /// For `.rodata`: let the kernel freeze it, so that the verifier folds its constants. A frozen section cannot be written again.
    pub freeze: bool,
}

/// Bytes to store in a section.
#[derive(Clone, Debug, Default)]
pub struct InitStore {
    /// Bytes from the start of the section.
    pub offset: u32,
    pub bytes: Vec<u8>,
    /// For a bit field, as long as `bytes`: only the bits that are set here are stored.
    pub mask: Option<Vec<u8>>,
}
