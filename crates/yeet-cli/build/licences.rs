//! The licence texts of everything in the binary, packed for `yeet licenses`.

use std::io::Write as _;
use std::path::Path;

use crate::Result;

/// Written by `cargo xtask licences`.
const TEXT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/licences/licences.txt");

pub(crate) fn compress(out: &Path) -> Result<()> {
    println!("cargo:rerun-if-changed={TEXT}");
    let text = std::fs::read(TEXT).map_err(|error| format!("cannot read {TEXT}: {error}"))?;
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&text)?;
    std::fs::write(out.join("licences.z"), packed.finish()?)?;
    Ok(())
}
