//! Ring buffers.
