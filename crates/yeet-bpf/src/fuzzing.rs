//! The ways in of the fuzz targets (`fuzz/`), which no other build has. More of them are in `attach` and `elf`.

use std::path::PathBuf;

use crate::error::Result;
use crate::object::{Opened, open_image};

/// What [`crate::object::open`] does with the bytes of a file.
pub fn open(image: &[u8]) -> Result<Opened> {
    open_image(PathBuf::from("/fuzz/object.bpf.o"), image.to_vec())
}
