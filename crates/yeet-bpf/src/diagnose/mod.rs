//! Finding the one cause behind an error that the kernel gives for many.

mod environment;
mod io_error;
pub(crate) mod load;
mod permission;
mod privileges;
pub(crate) mod since;

pub use environment::{Capability, Environment};
pub(crate) use io_error::io_error;
pub use permission::{Cause, Need, cause};
pub(crate) use permission::{permission_denied, refusal};
pub use privileges::privileges_dropped;
