//! Maps on the kernel of this machine. Needs root.
