//! `yeet inspect`.

use std::process::ExitCode;

use yeet_runtime::Tool;

use crate::args::Inspect;
use crate::object;

pub(crate) fn run(inspect: &Inspect) -> ExitCode {
    let tool = if inspect.json { Tool::InspectJson } else { Tool::Inspect };
    match object::describe(&inspect.object, tool) {
        Ok(text) => object::print(&text),
        Err(code) => code,
    }
}
