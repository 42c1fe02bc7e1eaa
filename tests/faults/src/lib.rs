//! Makes one chosen system call of a program fail, and watches what comes of it.
//!
//! A seccomp filter stops the program at the calls that are wanted and asks this process (seccomp_unotify(2)), which lets each go on or
//! answers it with an errno. That reaches static binaries and raw system calls as well, which a preloaded library does not. The same stops
//! serve to look at the program at moments that it names itself by writing a line.

mod filter;
mod memory;
mod notify;
mod run;

pub use filter::{Call, deny};
pub use run::{End, Fault, Outcome, run};
