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
fn every_fixture_passes() {
    let mut count = 0;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for folder in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "o"))
        {
            yeet_bpf::elf::check(&std::fs::read(&path).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            count += 1;
        }
    }
    assert!(count >= 8, "{count} objects");
}
