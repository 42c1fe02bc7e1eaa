//! The gate in front of libbpf, which must not be given files that nobody checked.
//!
//! Everything that libbpf will follow (section, symbol and relocation tables, string offsets, BTF and BTF.ext) is followed here first, in
//! memory-safe code and in time linear in the file. What passes may still be refused by libbpf or by the kernel, but with an error.

mod btf;
mod btf_ext;
mod calls;
mod data;
pub(crate) mod empty;
mod functions;
#[cfg(fuzzing)]
pub mod fuzzing;
mod header;
mod lines;
mod relocations;
mod sections;
mod strings;
mod symbols;
mod work;

use crate::error::{Error, Kind, Result};

pub(crate) use btf::Stage;
pub(crate) use calls::Code;
pub(crate) use lines::SourceLines;

use sections::Sections;
use symbols::Symbols;

/// The largest object that is read, in bytes. The largest published objects are a few mebibytes.
pub const MAX_OBJECT_SIZE: u64 = 64 << 20;
/// Where libbpf compares or copies every one of these for every one of those, the product stays below a second's work and 256 MiB.
const MAX_PRODUCT: usize = 1 << 28;

/// Why an image was refused. The caller knows its path and adds it.
#[derive(Debug)]
pub(crate) struct Flaw(String);

impl Flaw {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    pub(crate) fn reason(&self) -> &str {
        &self.0
    }
}

pub(crate) type Checked<T = ()> = std::result::Result<T, Flaw>;

/// Returns a [`Flaw`] with a formatted reason.
macro_rules! refuse {
    ($($reason:tt)*) => { return Err($crate::elf::Flaw::new(format!($($reason)*))) };
}
use refuse;

/// An image that passed the gate, with its tables at hand.
pub(crate) struct Image<'a> {
    sections: Sections<'a>,
    symbols: Symbols<'a>,
    btf: &'a [u8],
    btf_ext: Option<&'a [u8]>,
}

impl<'a> Image<'a> {
    /// Checks the whole image. Takes milliseconds for an object of ordinary size.
    pub(crate) fn check(image: &'a [u8]) -> Checked<Self> {
        let header = header::check(image)?;
        let sections = Sections::check(image, header)?;
        let symbols = Symbols::check(&sections)?;
        let relocation_count = relocations::check(&sections, &symbols)?;
        functions::check(&sections, &symbols)?;

        let Some(btf) = sections.unique(".BTF")? else {
            refuse!("it has no BTF, so its types are unknown: build it with -g (clang -g -O2 -target bpf)");
        };
        let types = btf::check(btf, Stage::Raw)?;
        data::check(&sections, &types)?;
        let btf_ext = sections.unique(".BTF.ext")?;
        let ext_counts = match btf_ext {
            Some(btf_ext) => btf_ext::check(btf_ext, &types)?,
            None => btf_ext::Counts::default(),
        };
        work::check(&sections, &symbols, &types, relocation_count, &ext_counts)?;
        Ok(Self { sections, symbols, btf, btf_ext })
    }

    /// What `char LICENSE[] SEC("license")` says.
    pub(crate) fn license(&self) -> Option<String> {
        let bytes = self.sections.unique("license").ok()??;
        let text = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
        Some(String::from_utf8_lossy(text).into_owned())
    }

    /// Where in the image are types that old kernels refuse (see [`empty`]).
    pub(crate) fn empty_sections(&self, image: &[u8]) -> Vec<std::ops::Range<usize>> {
        empty::find(image, self.btf)
    }
}

/// Checks an image as [`crate::object::open`] does before it gives the image to libbpf. The error is [`Kind::InvalidObject`].
pub fn check(image: &[u8]) -> Result<()> {
    match Image::check(image) {
        Ok(_) => Ok(()),
        Err(flaw) => Err(Error::new(Kind::InvalidObject, format!("not a usable BPF object: {}", flaw.reason()))),
    }
}

/// Checks BTF after libbpf filled in the sizes and offsets of its data sections.
pub(crate) fn check_opened_btf(btf: &[u8]) -> Checked {
    btf::check(btf, Stage::Opened).map(|_| ())
}
