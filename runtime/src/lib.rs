//! The embedded V8 and everything that touches it: extension and snapshot, module loader, lifecycle of a run, signals, error formatting and
//! the ops behind the built-in modules. An op converts, borrows, calls one function and maps the error; the work is elsewhere.

mod built_in;
mod errors;
mod extension;
mod isolate;
mod lifecycle;
mod loader;
mod memory;
mod ops;
mod privileges;
mod signals;
pub mod snapshot;
mod stdio;
mod tools;
mod versions;

pub use yeet_bpf::{doctor, printable};

pub use lifecycle::{Main, Options, Snapshots, run};
pub use loader::find_main;
pub use privileges::User;
pub use tools::{Failure, Tool, describe};
pub use versions::{libbpf_version, v8_version};
