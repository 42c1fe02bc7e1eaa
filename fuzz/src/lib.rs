//! What the fuzz targets share. `cargo xtask fuzz` builds and runs them; docs/reliability.md says what they promise.

pub mod elf;
pub mod kernel;
pub mod libbpf;
pub mod mutate;
pub mod random;
