//! `yeet licenses`.

use std::io::{BufWriter, ErrorKind, Write as _};
use std::process::ExitCode;

static TEXT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/licences.z"));

/// Prints the licence of yeet and of everything that is in the binary.
pub(crate) fn run() -> ExitCode {
    let mut stdout = BufWriter::new(std::io::stdout().lock());
    let printed = std::io::copy(&mut flate2::read::ZlibDecoder::new(TEXT), &mut stdout).and_then(|_| stdout.flush());
    match printed {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("error: cannot write the licences to standard output: {error}");
            ExitCode::FAILURE
        }
        // Whoever closed the pipe has read enough.
        _ => ExitCode::SUCCESS,
    }
}
