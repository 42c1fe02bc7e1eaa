//! What a failed case prints.

use std::fmt::Write as _;

use crate::step::Outcome;

/// Of longer output the middle is left out.
const SHOWN: usize = 64 << 10;

/// Everything one needs to see: the command, what is wrong, and both outputs between rules.
pub fn failure(step: &str, outcome: &Outcome, problems: &[String]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{step}: {}", outcome.command);
    for problem in problems {
        let _ = writeln!(text, "✗ {}", problem.trim_end());
    }
    let _ = writeln!(text, "ended with {}", end(outcome));
    for (name, bytes) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
        let _ = writeln!(text, "──── {name}, {} bytes {}", bytes.len(), "─".repeat(60));
        text += &printed(bytes);
    }
    text + &"─".repeat(80)
}

fn end(outcome: &Outcome) -> String {
    use std::os::unix::process::ExitStatusExt;
    match outcome.ended.status.signal() {
        Some(number) => signal_name(number),
        None => format!("exit code {}", outcome.ended.status.code().unwrap_or(-1)),
    }
}

/// `SIGKILL` for 9.
pub fn signal_name(number: i32) -> String {
    nix::sys::signal::Signal::try_from(number).map_or_else(|_| format!("signal {number}"), |signal| signal.to_string())
}

fn printed(bytes: &[u8]) -> String {
    let mut text = if bytes.len() <= SHOWN {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        let (head, tail) = (&bytes[..SHOWN / 2], &bytes[bytes.len() - SHOWN / 2..]);
        let left_out = bytes.len() - SHOWN;
        format!("{}\n[… {left_out} bytes left out …]\n{}", String::from_utf8_lossy(head), String::from_utf8_lossy(tail))
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text += "⏎ (no newline at the end)\n";
    }
    text
}
