//! Makes what the binary carries (the V8 snapshot with the built-in modules, the licence texts, the commit) and says how it is linked.

mod commit;
mod licences;
mod link;

use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let out = std::env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let snapshot = yeet_runtime::snapshot::create()?;
    for file in &snapshot.files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    std::fs::write(out.join("yeet.snapshot"), snapshot.bytes)?;
    licences::compress(out)?;
    commit::name();
    link::describe(out)
}
