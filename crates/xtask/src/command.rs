//! Runs other programs: shown as typed, output passed on line by line, ended when their time is up.

use std::io::{BufRead, BufReader, IsTerminal};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use nix::sys::signal::{Signal, killpg};

use crate::count::Counts;
use crate::signals;
use crate::workspace::root;

static DEADLINE: Mutex<Option<Instant>> = Mutex::new(None);

/// Programs started from now on are killed after `limit`.
pub(crate) fn limit_time(limit: Option<Duration>) {
    *DEADLINE.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = limit.map(|limit| Instant::now() + limit);
}

/// When the current stage of `ci` must be over, if one runs.
pub(crate) fn deadline() -> Option<Instant> {
    *DEADLINE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A command in the root of the repository.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// Cargo, with colours where a person reads.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), args);
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

/// A tool of the root's node_modules.
pub(crate) fn node_tool(name: &str, args: &[&str]) -> Result<Command> {
    let path = Path::new("node_modules/.bin").join(name);
    ensure!(root().join(&path).exists(), "{} is missing: run `cargo xtask setup` (or `npm ci`)", path.display());
    Ok(command(root().join(path), args))
}

/// Runs a command as one check.
pub(crate) fn check(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let status = stream(command, |_| {})?;
    counts.check(&shown(command), status.success());
    if !status.success() {
        println!("{} failed: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command that is one or more test suites and counts their tests. A failure outside any test (a build that fails)
/// counts as one; so does a success that ran nothing.
pub(crate) fn suite(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let mut own = Counts::default();
    let status = stream(command, |line| own.read_line(line))?;
    if !status.success() && own.failed == 0 {
        println!("{} failed outside any test: {status}", shown(command));
        own.fail(&format!("{} outside any test", shown(command)));
    } else if own.total() == 0 {
        println!("{} ran no test", shown(command));
        own.fail(&format!("{} without a test", shown(command)));
    }
    counts.add(own);
    Ok(())
}

/// Runs a command that must succeed and gives what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {}", shown(command)))?;
    ensure!(
        output.status.success(),
        "{} failed ({}): {}",
        shown(command),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let program = words[0].rsplit('/').next().unwrap_or_default();
    std::iter::once(program).chain(words[1..].iter().map(|word| &**word)).collect::<Vec<_>>().join(" ")
}

/// Runs the command, prints its output as it comes and gives every line to `line`.
pub(crate) fn stream(command: &mut Command, line: impl FnMut(&str)) -> Result<ExitStatus> {
    stream_until(command, deadline(), line)
}

/// Like [`stream`], for a program that may take `limit` at most, or less where the stage ends earlier.
pub(crate) fn stream_within(command: &mut Command, limit: Duration, line: impl FnMut(&str)) -> Result<ExitStatus> {
    let end = Instant::now() + limit;
    stream_until(command, Some(deadline().map_or(end, |deadline| deadline.min(end))), line)
}

fn stream_until(command: &mut Command, deadline: Option<Instant>, mut line: impl FnMut(&str)) -> Result<ExitStatus> {
    println!("$ {}", shown(command));
    let (read, write) = std::io::pipe()?;
    command.stdin(std::process::Stdio::null()).stdout(write.try_clone()?).stderr(write);
    let (mut child, running) = signals::spawn(command).with_context(|| format!("cannot run {}", shown(command)))?;
    // The command keeps the writing end until it is told otherwise, and with it the reader would wait for ever.
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let group = running.group;
    let done = Mutex::new(false);
    let changed = std::sync::Condvar::new();
    let mut late = false;
    let status = std::thread::scope(|scope| {
        let guard = deadline.map(|deadline| {
            let (done, changed) = (&done, &changed);
            scope.spawn(move || {
                let left = deadline.saturating_duration_since(Instant::now());
                let guard = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let waited = changed.wait_timeout_while(guard, left, |done| !*done);
                let late = waited.is_ok_and(|(_, timeout)| timeout.timed_out());
                if late {
                    let _ = killpg(group, Signal::SIGKILL);
                }
                late
            })
        });
        let mut reader = BufReader::new(read);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).unwrap_or(0) > 0 {
            let text = String::from_utf8_lossy(&bytes);
            print!("{text}");
            line(text.trim_end());
            bytes.clear();
        }
        let status = child.wait();
        *done.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = true;
        changed.notify_all();
        late = guard.is_some_and(|guard| guard.join().unwrap_or(false));
        status
    });
    if late {
        return Err(anyhow!("{} took longer than it may and was killed", shown(command)));
    }
    Ok(status?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        command("sh", &["-c", script])
    }

    fn suite_of(script: &str) -> Counts {
        let mut counts = Counts::default();
        suite(&mut shell(script), &mut counts).unwrap();
        counts
    }

    #[test]
    fn a_suite_counts_its_tests() {
        let counts = suite_of(
            "echo 'test result: ok. 2 passed; 0 failed; 1 ignored'; echo 'test result: ok. 3 passed; 0 failed' >&2",
        );
        assert_eq!((counts.passed, counts.failed, counts.skipped), (5, 0, 1));
    }

    #[test]
    fn a_failure_without_a_failed_test_counts() {
        assert_eq!(suite_of("echo 'test result: ok. 2 passed; 0 failed'; exit 101").failed, 1);
        assert_eq!(suite_of("exit 1").failed, 1);
        assert_eq!(suite_of("echo nothing").failed, 1);
        assert_eq!(suite_of("echo 'test result: FAILED. 2 passed; 3 failed'; exit 101").failed, 3);
    }

    #[test]
    fn a_program_that_cannot_start_is_named() {
        let error = stream(&mut command("no-such-program", &[]), |_| {}).unwrap_err();
        assert!(format!("{error:#}").starts_with("cannot run no-such-program"), "{error:#}");
    }

    #[test]
    fn time_limits_reach_the_whole_group() {
        let start = Instant::now();
        let deadline = Some(start + Duration::from_millis(300));
        // The inner sleep holds the pipe: the outer one ending is not enough.
        let error = stream_until(&mut shell("sleep 30 & sleep 30"), deadline, |_| {}).unwrap_err();
        assert!(error.to_string().contains("longer than it may"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
