//! The ops behind `yeet:bpf`. Point access to a map is a synchronous fast op around one system call; what may take long (opening,
//! verifying, walks, large batches, stopping) runs on a worker thread and resolves a promise.

pub(crate) mod attach;
pub(crate) mod batch;
pub(crate) mod error;
pub(crate) mod iter;
pub(crate) mod keyed;
pub(crate) mod keyless;
pub(crate) mod object;
pub(crate) mod page;
pub(crate) mod program;
pub(crate) mod ring;
pub(crate) mod scan;
pub(crate) mod section;
pub(crate) mod slots;
pub(crate) mod state;
pub(crate) mod wire;
pub(crate) mod worker;

pub(crate) use state::BpfState;
