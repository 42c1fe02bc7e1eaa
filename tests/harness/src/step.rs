//! Runs one step: starts the process, sends signals and runs triggers at their moments, measures, and collects what went wrong.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use nix::sys::signal::{Signal, kill};
use nix::unistd::User;

use crate::guest::in_guest;
use crate::leftovers;
use crate::manifest::{SendSignal, Step, Trigger};
use crate::process::{Ended, OUTPUT_LIMIT, Running, State, Watch};

/// After a kill everything is gone at once, save for a process the kernel itself holds up.
const AFTER_KILL: Duration = Duration::from_secs(10);

/// Where and with what a step runs.
pub struct Place<'a> {
    pub dir: &'a Path,
    pub yeet: &'a Path,
    pub root: &'a Path,
}

/// What a step did.
#[derive(Debug)]
pub struct Outcome {
    /// As one would type it.
    pub command: String,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub ended: Ended,
    /// The output is not whole: comparing it says nothing.
    pub cut: bool,
    /// Failures besides exit code and output, one sentence each.
    pub problems: Vec<String>,
}

/// Runs `step`. `Err` means that it could not be run at all.
pub fn run(step: &Step, place: &Place<'_>) -> Result<Outcome> {
    let mark = leftovers::mark();
    let (command, shown) = command(step, place, &mark)?;
    let started = Instant::now();
    let deadline = started + step.timeout();
    let process = Running::spawn(command, step).with_context(|| shown.clone())?;
    let problems = Problems::default();
    drive(step, place, &mark, &process, deadline, &problems);
    if process.watch.wait(Instant::now() + AFTER_KILL, exited).is_none() {
        return Err(anyhow!("{shown}: process {} does not end even after SIGKILL", process.pid));
    }
    for left in leftovers::end(&mark, process.pid) {
        problems.add(format!("left process {} behind: {}", left.pid, left.command));
    }
    let watch = process.watch.clone();
    let ended = process.finish()?;
    let mut state = watch.lock();
    if state.too_much_output {
        problems.add(format!("printed more than {} MiB and was killed", OUTPUT_LIMIT >> 20));
    }
    if let Some(limit) = step.max_rss_mib
        && ended.max_rss_kib > limit * 1024
    {
        problems.add(format!(
            "used {:.1} MiB of memory at its peak, more than {limit} MiB",
            ended.max_rss_kib as f64 / 1024.0
        ));
    }
    let (stdout, stderr) = (std::mem::take(&mut state.stdout), std::mem::take(&mut state.stderr));
    Ok(Outcome {
        command: shown,
        stdout,
        stderr,
        cut: state.too_much_output,
        ended,
        problems: problems.0.into_inner().unwrap_or_default(),
    })
}

/// Lets the process run to its end, or to that of its time.
fn drive(step: &Step, place: &Place<'_>, mark: &str, process: &Running, deadline: Instant, problems: &Problems) {
    // What has failed already need not run out its time.
    let note = |result: Result<()>| {
        if let Err(error) = result {
            problems.add(format!("{error:#}"));
            process.kill();
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| note(signals(step, process, deadline)));
        for trigger in step.trigger.as_slice() {
            let note = &note;
            scope.spawn(move || note(fire(trigger, step, place, mark, &process.watch, deadline)));
        }
        if process.watch.wait(deadline, exited).is_none() {
            problems.add(format!("did not end within {:.1} s and was killed", step.timeout().as_secs_f64()));
            process.kill();
        }
    });
}

fn exited(state: &State) -> Option<()> {
    state.exited.then_some(())
}

/// Failures found by several threads.
#[derive(Default)]
struct Problems(Mutex<Vec<String>>);

impl Problems {
    fn add(&self, problem: String) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(problem);
    }
}

/// The command, and how it is shown in reports.
fn command(step: &Step, place: &Place<'_>, mark: &str) -> Result<(Command, String)> {
    let words: Vec<String> = match &step.run {
        Some(run) => run.iter().map(|word| place.fill(word)).collect(),
        None => {
            let args = step.args.clone().unwrap_or_else(|| vec!["run".into(), "main.ts".into()]);
            let args = args.iter().map(|word| place.fill(word));
            std::iter::once(place.yeet.to_string_lossy().into_owned()).chain(args).collect()
        }
    };
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).current_dir(place.dir).env_clear().envs(environment(place, mark));
    let mut shown = format!("cd {} &&", place.dir.display());
    for (name, value) in &step.env {
        let value = place.fill(value);
        shown += &format!(" {name}={value:?}");
        command.env(name, value);
    }
    if let Some(name) = &step.user {
        let user = User::from_name(name)?.with_context(|| format!("there is no user `{name}`"))?;
        use std::os::unix::process::CommandExt;
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        shown += &format!(" sudo -u {name}");
    }
    for word in &words {
        let plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./=:,+@%".contains(&b));
        shown += &if plain { format!(" {word}") } else { format!(" '{}'", word.replace('\'', r"'\''")) };
    }
    Ok((command, shown))
}

/// The same small environment everywhere, so that a case does not depend on who runs it.
fn environment(place: &Place<'_>, mark: &str) -> Vec<(&'static str, String)> {
    let path =
        std::env::var("PATH").unwrap_or_else(|_| "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".into());
    let tools = place.yeet.parent().map(PathBuf::from).unwrap_or_default();
    vec![
        ("PATH", format!("{}:{path}", tools.display())),
        ("YEET", place.yeet.display().to_string()),
        ("HOME", place.dir.display().to_string()),
        ("LANG", "C.UTF-8".into()),
        ("TERM", "xterm-256color".into()),
        ("TZ", "UTC".into()),
        (leftovers::VARIABLE, mark.into()),
    ]
}

impl Place<'_> {
    /// Puts paths in the place of `{dir}`, `{root}` and `{yeet}`.
    pub fn fill(&self, text: &str) -> String {
        let text = text.replace("{dir}", &self.dir.to_string_lossy());
        text.replace("{root}", &self.root.to_string_lossy()).replace("{yeet}", &self.yeet.to_string_lossy())
    }

    /// The other way round, for text that becomes an expectation.
    pub fn unfill(&self, text: &str) -> String {
        let text = text.replace(&*self.dir.to_string_lossy(), "{dir}");
        text.replace(&*self.yeet.to_string_lossy(), "{yeet}").replace(&*self.root.to_string_lossy(), "{root}")
    }
}

/// The end of `text` in stdout at or after `from`.
fn find(state: &State, text: &str, from: usize) -> Option<usize> {
    let at = state.stdout[from..].windows(text.len().max(1)).position(|window| window == text.as_bytes())?;
    Some(from + at + text.len())
}

/// Waits for `text` on stdout; `Err` where the process ends first. Past the deadline the step fails anyway: `None`.
fn wait_for(watch: &Watch, text: &str, from: usize, deadline: Instant, purpose: &str) -> Result<Option<usize>> {
    let found = watch.wait(deadline, |state| match find(state, text, from) {
        Some(end) => Some(Ok(end)),
        None if state.exited => Some(Err(anyhow!("ended before it printed {text:?}, which {purpose} waits for"))),
        None => None,
    });
    found.transpose()
}

fn signals(step: &Step, process: &Running, deadline: Instant) -> Result<()> {
    let mut from = 0;
    for SendSignal { send, after_stdout, after_ms } in &step.signals {
        if let Some(text) = after_stdout {
            let Some(end) = wait_for(&process.watch, text, from, deadline, send.as_str())? else { return Ok(()) };
            from = end;
        }
        let measure = step.cpu_max_percent.filter(|_| after_stdout.is_some() && after_ms.is_some() && !in_guest());
        let before = measure.map(|_| Running::cpu_time(process.pid)).transpose()?;
        let ready = Instant::now();
        if let Some(ms) = after_ms {
            let until = (ready + Duration::from_millis(*ms)).min(deadline);
            if process.watch.wait(until, exited).is_some() {
                return Err(anyhow!("ended before {send} was sent"));
            }
        }
        if let (Some(limit), Some(before)) = (measure, before) {
            let used = Running::cpu_time(process.pid)?.saturating_sub(before).as_secs_f64();
            let percent = 100.0 * used / ready.elapsed().as_secs_f64();
            if percent > limit {
                return Err(anyhow!("used {percent:.2} % of a CPU before {send} was sent, more than {limit} %"));
            }
        }
        send_to(process, *send)?;
    }
    Ok(())
}

fn send_to(process: &Running, signal: Signal) -> Result<()> {
    // The process is not reaped yet, so its id cannot be another's.
    kill(process.pid, signal).with_context(|| format!("cannot send {signal}"))
}

fn fire(trigger: &Trigger, step: &Step, place: &Place<'_>, mark: &str, watch: &Watch, deadline: Instant) -> Result<()> {
    let shown = trigger.run.join(" ");
    if let Some(text) = &trigger.after_stdout
        && wait_for(watch, text, 0, deadline, &format!("the trigger `{shown}`"))?.is_none()
    {
        return Ok(());
    }
    let words: Vec<String> = trigger.run.iter().map(|word| place.fill(word)).collect();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).current_dir(place.dir).env_clear().envs(environment(place, mark));
    command.envs(step.env.iter().map(|(name, value)| (name, place.fill(value))));
    // Into a file: a pipe that nobody empties would stop a trigger that prints much.
    let output = tempfile::tempfile()?;
    let streams = (output.try_clone()?, output.try_clone()?);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(streams.0)
        .stderr(streams.1)
        .spawn()
        .with_context(|| format!("the trigger `{shown}`"))?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Err(anyhow!("the trigger `{shown}` did not end in time"));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    if status.success() {
        return Ok(());
    }
    use std::io::{Read, Seek};
    let (mut file, mut text) = (output, Vec::new());
    file.rewind()?;
    file.read_to_end(&mut text)?;
    Err(anyhow!("the trigger `{shown}` failed ({status}): {}", String::from_utf8_lossy(&text).trim()))
}
