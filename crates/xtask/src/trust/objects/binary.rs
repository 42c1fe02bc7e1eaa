//! `yeet run` of a script that imports a broken object, beside one that imports nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::trust::{Row, Scope};
use crate::workspace::yeet;

/// Of one run.
struct Run {
    code: Option<i32>,
    stderr: String,
    /// What it computed: a busy machine may make it wait for longer.
    time: Duration,
    /// The most memory that it had, in KiB.
    memory: i64,
}

/// The extra time and memory of each run, and what it said.
pub(super) fn run(folder: &Path, scope: Scope) -> Result<Vec<Row>> {
    let every = if scope.short { 8 } else { 2 };
    let mut objects: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "o") {
            objects.push(path);
        }
    }
    objects.sort();
    ensure!(objects.len() >= 60, "the test of the gate left {} objects", objects.len());
    let sample: Vec<&PathBuf> = objects.iter().step_by(every).collect();

    let nothing = folder.join("nothing.ts");
    std::fs::write(&nothing, "console.log(1);\n")?;
    let empty: Vec<Run> = (0..5).map(|_| start(&nothing)).collect::<Result<_>>()?;
    let least = empty.iter().map(|run| run.time).min().unwrap_or_default();
    let memory = empty.iter().map(|run| run.memory).max().unwrap_or_default();

    let (mut wrong, mut slowest, mut largest) = (Vec::new(), Duration::ZERO, 0);
    for object in &sample {
        let name = object.file_name().unwrap_or_default().to_string_lossy();
        let script = folder.join("broken.ts");
        std::fs::write(&script, script_of(&name))?;
        let said = std::fs::read_to_string(object.with_extension("").with_extension("txt"))
            .with_context(|| format!("nothing says what is wrong with {name}"))?;
        let runs: Vec<Run> = (0..3).map(|_| start(&script)).collect::<Result<_>>()?;
        let is_told = |run: &Run| run.code == Some(1) && said.lines().all(|part| run.stderr.contains(part));
        if !runs.iter().all(|run| is_told(run) && run.stderr.contains("InvalidObject")) {
            wrong.push(format!("{name}: exit {:?}: {}", runs[0].code, runs[0].stderr.trim()));
        }
        slowest = slowest.max(runs.iter().map(|run| run.time).min().unwrap_or_default().saturating_sub(least));
        largest = largest.max(runs.iter().map(|run| run.memory).min().unwrap_or_default() - memory);
    }
    wrong.iter().for_each(|line| println!("{line}"));
    Ok(vec![
        Row {
            what: "a sample of them through `yeet run`: exit code 1 and the same words".to_owned(),
            figure: format!("{} of {}", sample.len() - wrong.len(), sample.len()),
            limit: "all".to_owned(),
            held: wrong.is_empty(),
        },
        Row {
            what: "CPU time of the slowest of these, beyond a script that imports nothing".to_owned(),
            figure: format!("{:.1} ms", slowest.as_secs_f64() * 1e3),
            limit: "< 50 ms".to_owned(),
            held: slowest < Duration::from_millis(50),
        },
        Row {
            what: "the one that takes most memory, beyond the same".to_owned(),
            figure: format!("{:.1} MiB", largest as f64 / 1024.0),
            limit: "< 64 MiB".to_owned(),
            held: largest < 64 << 10,
        },
    ])
}

fn script_of(object: &str) -> String {
    format!("import object from './{object}';\nawait object.start();\n")
}

fn start(script: &Path) -> Result<Run> {
    let stderr = tempfile::tempfile()?;
    let child = Command::new(yeet())
        .arg("run")
        .arg(script)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr.try_clone()?)
        .spawn()
        .with_context(|| format!("cannot run {}", yeet().display()))?;
    // SAFETY: a rusage is numbers alone; the pointers are to values of this function.
    let (pid, status, usage) = unsafe {
        let (mut status, mut usage) = (0, std::mem::zeroed::<libc::rusage>());
        (libc::wait4(child.id().cast_signed(), &mut status, 0, &mut usage), status, usage)
    };
    ensure!(pid > 0, "cannot wait for yeet: {}", std::io::Error::last_os_error());
    let time = |of: libc::timeval| Duration::new(of.tv_sec.unsigned_abs(), of.tv_usec as u32 * 1000);
    Ok(Run {
        code: libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)),
        stderr: text(stderr)?,
        time: time(usage.ru_utime) + time(usage.ru_stime),
        memory: usage.ru_maxrss,
    })
}

fn text(mut file: std::fs::File) -> Result<String> {
    use std::io::{Read, Seek};
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
