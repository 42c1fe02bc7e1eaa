//! Makes the V8 snapshot with the built-in modules, which `main.rs` carries in the binary.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let snapshot = yeet_runtime::snapshot::create()?;
    for file in &snapshot.files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("yeet.snapshot"), snapshot.bytes)?;
    Ok(())
}
