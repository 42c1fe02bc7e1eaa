//! The commands that README.md shows do what it says.
//!
//! A fenced `sh` block below a line `<!-- ci: events -->` is run here, while processes with a name of our own start again and
//! again, until it prints that name; then it is interrupted. `<!-- ci: tests -->` marks the command that runs all tests, which is
//! this one: it is only compared.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, Uid};

use crate::command;
use crate::count::Counts;
use crate::signals;
use crate::workspace::root;

/// From the first command to the first event, a build from nothing included.
const PATIENCE: Duration = Duration::from_secs(25 * 60);

/// From Ctrl-C to the end.
const END: Duration = Duration::from_secs(5);

/// The name of the processes that the example must show. The kernel keeps 15 characters of it.
const PROBE: &str = "readme-probe";

pub(crate) fn run(counts: &mut Counts) -> Result<()> {
    let text = std::fs::read_to_string(root().join("README.md")).context("cannot read README.md")?;
    let tests = block(&text, "tests")?;
    ensure!(
        tests.contains("cargo xtask ci"),
        "the block `<!-- ci: tests -->` of README.md does not run `cargo xtask ci`: {tests}"
    );
    counts.check("readme", true);
    let events = here(&block(&text, "events")?, Uid::effective().is_root());
    ensure!(
        !events.is_empty(),
        "the block `<!-- ci: events -->` of README.md runs nothing besides `git clone` and `cd`"
    );
    counts.check("readme", true);
    let shown = watch(&events)?;
    println!("README.md: the first command printed `{shown}`");
    counts.check("readme", true);
    Ok(())
}

/// The `sh` block below the mark of that name.
fn block(readme: &str, mark: &str) -> Result<String> {
    let mark = format!("<!-- ci: {mark} -->");
    let mut lines = readme.lines().skip_while(|line| line.trim() != mark).skip(1);
    match lines.find(|line| !line.trim().is_empty()) {
        None => bail!("README.md has no line `{mark}`"),
        Some(fence) if fence.trim() == "```sh" => {}
        Some(other) => bail!("below `{mark}` README.md has `{other}` instead of a fenced sh block"),
    }
    let block: Vec<&str> = lines.take_while(|line| line.trim() != "```").collect();
    Ok(block.join("\n"))
}

/// The same commands in a clone that exists already, without `git clone` and `cd`. Root needs no sudo, and may not have it.
fn here(block: &str, root: bool) -> String {
    let commands = block.lines().flat_map(|line| line.split("&&")).map(str::trim);
    let commands = commands
        .filter(|command| !command.is_empty() && !command.starts_with("git clone ") && !command.starts_with("cd "));
    let commands =
        commands.map(|command| if root { command.strip_prefix("sudo ").unwrap_or(command) } else { command });
    commands.collect::<Vec<_>>().join(" && ")
}

/// Runs the command until it shows one of our processes, ends it as Ctrl-C would, and gives the line.
fn watch(command: &str) -> Result<String> {
    println!("$ {command}");
    let dir = tempfile::tempdir()?;
    let probe = dir.path().join(PROBE);
    std::fs::copy("/bin/true", &probe).context("cannot copy /bin/true")?;
    let (read, write) = std::io::pipe()?;
    let mut shell = Command::new("bash");
    // One command needs no shell around it: the signal then reaches the program itself, and its exit code comes back.
    shell.args(["-c", command]).current_dir(root()).stdin(Stdio::null()).stdout(write.try_clone()?).stderr(write);
    let (mut child, running) = signals::spawn(&mut shell).context("cannot run bash")?;
    let group = running.group;
    drop(shell);
    let (lines, received) = channel();
    let reader = move || BufReader::new(read).lines().map_while(Result::ok).try_for_each(|line| lines.send(line));
    std::thread::Builder::new().name("readme".into()).spawn(reader)?;
    let result = first_event(&received, &probe, &mut child).and_then(|line| end(&mut child, group).map(|()| line));
    // Nothing of the command may outlive the check, however it went.
    let _ = killpg(group, Signal::SIGKILL);
    child.wait()?;
    result
}

/// Starts the probe again and again until a line has its name.
fn first_event(lines: &Receiver<String>, probe: &Path, child: &mut Child) -> Result<String> {
    let start = Instant::now();
    let deadline = command::deadline().map_or(start + PATIENCE, |stage| stage.min(start + PATIENCE));
    let mut last = Vec::new();
    while Instant::now() < deadline {
        Command::new(probe).status().with_context(|| format!("cannot run {}", probe.display()))?;
        match lines.recv_timeout(Duration::from_millis(50)) {
            Ok(line) if line.contains(PROBE) => return Ok(line),
            Ok(line) => {
                println!("{line}");
                last.push(line);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                bail!(
                    "the first command of README.md ended ({}) before it showed a process that was started: {}",
                    child.wait()?,
                    last.join("\n")
                )
            }
        }
    }
    bail!("the first command of README.md showed no process that was started in {:.0} s", start.elapsed().as_secs_f64())
}

fn end(child: &mut Child, group: Pid) -> Result<()> {
    killpg(group, Signal::SIGINT)?;
    let deadline = Instant::now() + END;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            ensure!(
                interrupted(status),
                "the first command of README.md ended with {status} after Ctrl-C, not with 130"
            );
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    bail!("the first command of README.md does not end within {} s after Ctrl-C", END.as_secs())
}

/// Exit code 130; or death by the signal itself, which is how `cargo run` and a shell pass it on.
fn interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.code() == Some(130) || status.signal() == Some(libc::SIGINT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str =
        "# x\n\n<!-- ci: events -->\n\n```sh\ngit clone a b && cd b\nsudo run this\n```\n<!-- ci: tests -->\ntext\n";

    #[test]
    fn blocks_are_found_below_their_mark() {
        assert_eq!(block(README, "events").unwrap(), "git clone a b && cd b\nsudo run this");
        assert!(block(README, "tests").unwrap_err().to_string().contains("has `text` instead"));
        assert!(block(README, "none").unwrap_err().to_string().contains("no line `<!-- ci: none -->`"));
    }

    #[test]
    fn a_clone_is_not_cloned_again() {
        assert_eq!(here("git clone a b && cd b\nsudo run this", true), "run this");
        assert_eq!(here("cd b && make\n./x", false), "make && ./x");
    }

    #[test]
    fn a_command_that_shows_the_probe_passes() {
        // Stands for a tool that prints processes as they start.
        let tool = "trap 'exit 130' INT; while :; do echo saw readme-probe; sleep 0.1; done";
        assert_eq!(watch(tool).unwrap(), "saw readme-probe");
    }

    #[test]
    fn a_command_that_ends_or_ignores_the_signal_fails() {
        assert!(watch("echo hello").unwrap_err().to_string().contains("before it showed a process"));
        assert!(
            watch("trap 'exit 0' INT; echo readme-probe; sleep 9 & wait")
                .unwrap_err()
                .to_string()
                .contains("not with 130")
        );
        assert!(watch("trap '' INT; echo readme-probe; sleep 9").unwrap_err().to_string().contains("does not end"));
    }
}
