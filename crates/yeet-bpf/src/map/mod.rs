//! Maps as bytes.
