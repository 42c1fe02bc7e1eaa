//! A program that the kernel's verifier rejected: from a log of thousands of lines to the line of C and the usual remedy.

mod buffer;
mod helper;
mod hints;
mod log;

use crate::elf::SourceLines;
use crate::error::{Error, Kind};
use crate::object::ProgramDecl;
pub(crate) use buffer::LogBuffer;
use log::Log;

/// How many lines of the log a message carries.
const TAIL_LINES: usize = 12;

/// What is known of a rejection.
pub(crate) struct Rejection<'a> {
    pub(crate) program: &'a ProgramDecl,
    /// The object's file.
    pub(crate) image: &'a [u8],
    pub(crate) errno: i32,
    /// The verifier's log, whole.
    pub(crate) log: &'a str,
}

pub(crate) fn explain(rejection: &Rejection<'_>) -> Error {
    let Rejection { program, image, errno, log: text } = *rejection;
    let log = Log::parse(text);
    let mut message = format!(
        "the kernel's verifier rejected program '{}' (SEC(\"{}\")): {}",
        program.name,
        program.section,
        log.cause.as_deref().unwrap_or("it gave no reason")
    );
    if let Some(place) = place(&log, &SourceLines::read(image, &program.name)) {
        message.push_str("\n  at ");
        message.push_str(&place);
    }
    if let Some(hint) = helper::missing(&log).or_else(|| hints::find(&log).map(str::to_owned)) {
        message.push_str("\n  hint: ");
        message.push_str(&hint);
    }
    let tail = log.tail(TAIL_LINES);
    if !tail.is_empty() {
        message.push_str(&format!("\nlast lines of the verifier's log ({} in all):", log.line_count));
        for line in tail {
            message.push_str("\n  ");
            message.push_str(line);
        }
    }
    Error::new(Kind::VerifierRejected, message).with_program(&program.name).with_errno(errno).with_log(text)
}

/// `FILE:LINE: text` of the failing instruction. Recent kernels write it into the log; else it is found in the object's line table.
fn place(log: &Log<'_>, lines: &SourceLines) -> Option<String> {
    if let Some(source) = &log.source {
        if let Some((file, line)) = source.place {
            return Some(format!("{file}:{line}: {}", source.text));
        }
        if let Some(known) = lines.of_text(source.text) {
            return Some(format!("{}:{}: {}", known.file_name(), known.line, known.text));
        }
    }
    let known = lines.of_instruction(log.instruction?)?;
    Some(format!("{}:{}: {}", known.file_name(), known.line, known.text))
}
