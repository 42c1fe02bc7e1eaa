//! Makes the V8 snapshots with the built-in modules, which the binary carries, and links it for a fast start.

use std::path::Path;

use yeet_runtime::snapshot::{self, BuiltIn};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::var("OUT_DIR")?;
    for (what, name) in [(BuiltIn::Globals, "globals.snapshot"), (BuiltIn::All, "all.snapshot")] {
        let snapshot = snapshot::create(what)?;
        for file in &snapshot.files {
            println!("cargo:rerun-if-changed={}", file.display());
        }
        std::fs::write(Path::new(&out).join(name), snapshot.bytes)?;
    }
    let tools = snapshot::tools()?;
    for file in &tools.files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    std::fs::write(Path::new(&out).join("yeet.tools"), tools.code)?;
    link_for_start();
    Ok(())
}

/// A binary at a fixed address needs no relocations, of which V8 has 80,000. What a start runs stands side by side: see
/// crates/xtask/src/order.rs. The list holds the names of x86-64 code, and only there Rust brings the linker that reads it.
fn link_for_start() {
    println!("cargo:rustc-link-arg-bins=-no-pie");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "x86_64") {
        let order = concat!(env!("CARGO_MANIFEST_DIR"), "/startup.order");
        println!("cargo:rerun-if-changed={order}");
        println!("cargo:rustc-link-arg-bins=-Wl,--symbol-ordering-file={order},--no-warn-symbol-ordering");
    }
}
