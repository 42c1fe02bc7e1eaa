//! The gate: whatever is wrong with a file, it is told in milliseconds and never crashes.

mod broken;
mod btf;
mod elf;
mod image;
mod libbpf;
mod memory;
mod mutants;

#[path = "../object_support/mod.rs"]
mod support;

#[test]
fn every_object_of_the_repository_passes() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut open = ["bench", "crates/yeet-bpf/tests", "examples", "tests"].map(|folder| root.join(folder)).to_vec();
    let mut count = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.to_string_lossy().ends_with(".bpf.o") && !path.ends_with("no_btf.bpf.o") {
            yeet_bpf::elf::check(&std::fs::read(&path).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            count += 1;
        }
    }
    assert!(count >= 30, "{count} objects");
}
