//! Finding the one cause behind an error that the kernel gives for many.

mod environment;
pub(crate) mod load;
mod permission;
pub(crate) mod since;

pub use environment::{Capability, Environment};
pub(crate) use permission::permission_denied;
pub use permission::{Cause, Need, cause};
