//! The ops: what TypeScript can ask of native code.

pub(crate) mod bpf;
pub(crate) mod process;
pub(crate) mod stdio;
