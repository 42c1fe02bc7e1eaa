//! Makes what the binary carries (the V8 snapshots with the built-in modules, the licence texts, the commit) and says how it is linked.

mod commit;
mod licences;
mod link;

use std::path::{Path, PathBuf};

use yeet_runtime::snapshot::{self, BuiltIn};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let out = std::env::var("OUT_DIR")?;
    let out = Path::new(&out);
    for (what, name) in [(BuiltIn::Globals, "globals.snapshot"), (BuiltIn::All, "all.snapshot")] {
        let snapshot = snapshot::create(what)?;
        write(&out.join(name), &snapshot.bytes, &snapshot.files)?;
    }
    let tools = snapshot::tools()?;
    write(&out.join("yeet.tools"), tools.code.as_bytes(), &tools.files)?;
    licences::compress(out)?;
    commit::name();
    link::describe(out)
}

fn write(path: &Path, bytes: &[u8], made_of: &[PathBuf]) -> Result<()> {
    for file in made_of {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    Ok(std::fs::write(path, bytes)?)
}
