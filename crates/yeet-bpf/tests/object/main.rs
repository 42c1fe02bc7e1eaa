//! Opening and loading: what an object declares, its data sections, and that nothing stays behind.

#[path = "../object_support/mod.rs"]
mod support;

mod description;
mod failures;
mod lifecycle;
mod opening;
mod programs;
mod sections;
