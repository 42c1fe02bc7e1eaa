//! What `yeet types` and `yeet inspect` share.

use std::path::Path;
use std::process::ExitCode;

use yeet_runtime::{Failure, Tool, printable};

use crate::BAD_INPUT;
use crate::run::SNAPSHOTS;

static TOOLS: &str = include_str!(concat!(env!("OUT_DIR"), "/yeet.tools"));

/// What `tool` says of the object; where there is nothing to say, the error has been printed.
pub(crate) fn describe(object: &Path, tool: Tool) -> Result<String, ExitCode> {
    yeet_runtime::describe(SNAPSHOTS.all, TOOLS, object, tool).map_err(|failure| match failure {
        Failure::Missing(message) => fail(&message, ExitCode::from(BAD_INPUT)),
        Failure::Unfit(message) => fail(&message, ExitCode::FAILURE),
    })
}

/// Prints `text` as it is. A reader who has seen enough is no error.
pub(crate) fn print(text: &str) -> ExitCode {
    use std::io::Write as _;
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            fail(&format!("cannot write to standard output: {error}"), ExitCode::FAILURE)
        }
        _ => ExitCode::SUCCESS,
    }
}

pub(crate) fn fail(message: &str, code: ExitCode) -> ExitCode {
    eprintln!("error: {}", printable(message));
    code
}
