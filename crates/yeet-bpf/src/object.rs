//! Loading and attaching one object.
