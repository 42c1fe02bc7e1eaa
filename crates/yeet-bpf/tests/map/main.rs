//! Maps on the kernel of this machine. Needs root.

mod batch;
mod errors;
mod keyless;
mod model;
mod scan;
mod section;
mod support;
