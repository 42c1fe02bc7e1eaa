//! The binary is static and lies at a fixed address: it needs no file of the machine it runs on, and a start loads and relocates nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;

/// What Rust's standard library and libbpf take from the system, and the archives that stand for each.
const LIBRARIES: [(&str, &[&str]); 9] = [
    ("elf", &["elf"]),
    ("z", &["z"]),
    ("gcc_s", &["gcc_eh"]),
    ("util", &["util"]),
    ("rt", &["rt"]),
    ("pthread", &["pthread"]),
    ("m", &["m"]),
    ("dl", &["dl"]),
    // These three need each other.
    ("c", &["c", "gcc", "gcc_eh"]),
];

/// libelf of Debian 13 and later reads compressed sections with it.
const OPTIONAL: (&str, &str) = ("elf", "zstd");

/// Tells Cargo how to link.
pub(crate) fn describe(out: &Path) -> Result<()> {
    println!("cargo:rustc-link-search=native={}", archives(out)?.display());
    argument("-static");
    argument("-no-pie");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "x86_64") {
        // The order file holds the names of x86-64 code, and only there Rust brings the linker that reads it. What a start runs stands side
        // by side: see crates/xtask/src/order.rs.
        let order = concat!(env!("CARGO_MANIFEST_DIR"), "/startup.order");
        println!("cargo:rerun-if-changed={order}");
        argument(&format!("-Wl,--symbol-ordering-file={order},--no-warn-symbol-ordering"));
        // Functions and constants with the same bytes become one. Nothing in here tells two of them apart by their address.
        argument("-Wl,--icf=all,--ignore-data-address-equality,-O2");
    }
    Ok(())
}

fn argument(argument: &str) {
    println!("cargo:rustc-link-arg-bins={argument}");
}

/// A folder with an archive for each library. Rust asks the linker for shared ones, and the linker takes what the first folder has that
/// holds either. The switch that Rust has for this, `+crt-static`, cannot be set for one crate, and procedural macros do not build with it.
fn archives(out: &Path) -> Result<PathBuf> {
    let folder = out.join("archives");
    std::fs::create_dir_all(&folder)?;
    for (name, parts) in LIBRARIES {
        let mut files = parts.iter().map(|part| archive(part)).collect::<Result<Vec<_>>>()?;
        if name == OPTIONAL.0 {
            files.extend(archive(OPTIONAL.1).ok());
        }
        std::fs::write(folder.join(format!("lib{name}.a")), format!("GROUP({})\n", files.join(" ")))?;
    }
    Ok(folder)
}

/// Where the C compiler finds `lib{name}.a`.
fn archive(name: &str) -> Result<String> {
    let file = format!("lib{name}.a");
    let compiler = compiler();
    let output = Command::new(&compiler)
        .arg(format!("-print-file-name={file}"))
        .output()
        .map_err(|error| format!("cannot run {compiler}: {error}; install gcc"))?;
    let path = String::from_utf8(output.stdout)?.trim().to_owned();
    // A compiler that does not find it prints the bare name.
    if Path::new(&path).is_absolute() {
        Ok(path)
    } else {
        Err(format!("{compiler} finds no {file}, which yeet is linked with; `cargo xtask setup` installs it").into())
    }
}

/// The one that links: Cargo's setting for the target, or the machine's own.
fn compiler() -> String {
    std::env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned())
}
