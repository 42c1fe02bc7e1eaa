//! Failures that have nothing to do with BPF.

use crate::error::{Error, Kind, errno_name};

/// For a call that fails only where something has run out.
pub(crate) fn io_error(what: &str, errno: i32) -> Error {
    let reason = match errno {
        libc::EMFILE | libc::ENFILE => "too many open files; raise the limit with ulimit -n".to_owned(),
        libc::ENOMEM => "not enough memory".to_owned(),
        other => errno_name(other),
    };
    Error::new(Kind::Io, format!("{what}: {reason}")).with_errno(errno)
}
