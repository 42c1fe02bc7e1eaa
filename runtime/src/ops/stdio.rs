use deno_core::{OpState, op2};

use crate::lifecycle;
use crate::stdio::{STDERR, STDOUT, error_line, write_all};

/// Writes a console line. A reader that has gone away ends the run quietly; any other failure to write ends it with a message, since output
/// that is lost silently is worse than no output.
#[op2(fast)]
pub(crate) fn op_print_text(state: &mut OpState, #[string] text: &str, to_stderr: bool) {
    let Err(error) = write_all(if to_stderr { STDERR } else { STDOUT }, text.as_bytes()) else {
        return;
    };
    if to_stderr {
        return;
    }
    if error.raw_os_error() == Some(libc::EPIPE) {
        lifecycle::exit(state, 0);
    }
    error_line(&format!("error: cannot write to stdout: {error}"));
    lifecycle::exit(state, 1);
}
