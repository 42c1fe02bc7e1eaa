//! Builds the Rust targets: coverage for libFuzzer, AddressSanitizer in them and in libbpf.

use std::path::PathBuf;

use anyhow::Result;

use super::target::work;
use crate::command::{cargo, check};
use crate::count::Counts;
use crate::workspace::root;

/// Named, so that build scripts and procedural macros are built without sanitizers.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// The coverage that libFuzzer reads, and the sanitizer, which stable Rust has but does not offer.
const RUST_FLAGS: [&str; 8] = [
    "--cfg=fuzzing",
    "-Zsanitizer=address",
    "-Cforce-frame-pointers=yes",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// The same for libbpf. Rust brings the runtime that both share.
const C_FLAGS: &str = "-fsanitize=address,fuzzer-no-link -fno-omit-frame-pointer -gline-tables-only -O1";

pub(super) fn run(counts: &mut Counts) -> Result<()> {
    let manifest = root().join("fuzz/Cargo.toml");
    let mut command = cargo(&["build", "--locked", "--release", "--bins", "--target", TRIPLE, "--manifest-path"]);
    command
        .arg(manifest)
        .arg("--target-dir")
        .arg(work())
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", RUST_FLAGS.join(" "))
        .env(format!("CC_{}", TRIPLE.replace('-', "_")), "clang")
        .env(format!("CFLAGS_{}", TRIPLE.replace('-', "_")), C_FLAGS);
    check(&mut command, counts)
}

pub(super) fn binary(target: &str) -> PathBuf {
    work().join(TRIPLE).join("release").join(target)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::workspace::root;

    fn versions(lock: &str, name: &str) -> BTreeSet<String> {
        let text = std::fs::read_to_string(root().join(lock)).unwrap();
        let lock: toml::Table = toml::from_str(&text).unwrap();
        let packages = lock["package"].as_array().unwrap().iter();
        let of_name = packages.filter(|package| package["name"].as_str() == Some(name));
        of_name.map(|package| package["version"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_is_fuzzed_is_what_the_product_links() {
        for name in ["libbpf-sys", "libbpf-rs", "object", "regex", "lzma-rust2", "cpp_demangle", "clap"] {
            let (product, fuzzed) = (versions("Cargo.lock", name), versions("fuzz/Cargo.lock", name));
            // The product's tools may link another version besides.
            assert!(
                !fuzzed.is_empty() && fuzzed.is_subset(&product),
                "{name} {fuzzed:?}: copy Cargo.lock to fuzz/, build there"
            );
        }
    }
}
