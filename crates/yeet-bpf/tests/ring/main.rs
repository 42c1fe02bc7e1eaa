//! The pump against a real producer in the kernel. Needs root.

mod delivery;
mod lifecycle;
mod loss;
mod perf;
mod records;
mod support;
