//! Processes that lack one thing: `yeet doctor` and a refused `start()` name that one, and nothing stays behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use yeet_faults::{Call, deny};
use yeet_spec::kernel::{Ids, leaks};

use super::{Row, Scope};
use crate::workspace::{root, yeet};

/// Files of the repository that other users have to read, at the same places.
const FILES: [&str; 2] = ["tests/faults/scripts/privileges.ts", "tests/fixtures/spec/control.bpf.o"];

/// A process that lacks something.
struct Case {
    name: &'static str,
    /// Runs the rest of its arguments as that process.
    wrapper: &'static [&'static str],
    denies: Option<Call>,
    /// The doctor's exit code, and what one of its lines has to say.
    doctor: (i32, &'static str),
    /// The beginning of a line of the script, and what it has to go on with.
    start: &'static [(&'static str, &'static str)],
}

const OK: &[(&str, &str)] = &[("raw_tp", "ok"), ("tracepoint", "ok"), ("xdp", "ok")];

const CASES: [Case; 12] = [
    Case {
        name: "nobody",
        wrapper: &nobody("-all"),
        doctor: (
            1,
            "no script can load and attach: this process (uid 65534) lacks CAP_BPF, and kernel.unprivileged_bpf_disabled",
        ),
        start: &[("raw_tp", "lacks CAP_BPF"), ("tracepoint", "lacks CAP_BPF"), ("xdp", "lacks CAP_BPF")],
        ..ROOT
    },
    Case {
        name: "CAP_BPF only",
        wrapper: &nobody("-all,+bpf"),
        doctor: (1, "no script can load and attach: this process (uid 65534) lacks CAP_PERFMON"),
        start: &[
            ("raw_tp", "lacks CAP_PERFMON;"),
            ("tracepoint", "lacks CAP_PERFMON;"),
            ("xdp", "lacks CAP_NET_ADMIN;"),
        ],
        ..ROOT
    },
    Case {
        name: "and CAP_PERFMON",
        wrapper: &nobody("-all,+bpf,+perfmon"),
        doctor: (0, "this user may not read /sys/kernel/tracing"),
        start: &[
            ("raw_tp", "ok"),
            ("tracepoint", "this user may not read /sys/kernel/tracing;"),
            ("xdp", "lacks CAP_NET_ADMIN;"),
        ],
        ..ROOT
    },
    Case {
        name: "and CAP_NET_ADMIN",
        wrapper: &nobody("-all,+bpf,+perfmon,+net_admin"),
        doctor: (0, "uid 65534, CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN"),
        start: &[("raw_tp", "ok"), ("tracepoint", "this user may not read /sys/kernel/tracing;"), ("xdp", "ok")],
        ..ROOT
    },
    Case {
        name: "a user namespace",
        wrapper: &["unshare", "--user", "--map-root-user"],
        doctor: (1, "no script can load and attach: this process is in a user namespace"),
        start: &[
            ("raw_tp", "is in a user namespace"),
            ("tracepoint", "is in a user namespace"),
            ("xdp", "is in a user namespace"),
        ],
        ..ROOT
    },
    Case {
        name: "seccomp denies bpf(2)",
        denies: Some(Call::Bpf),
        doctor: (1, "no script can load and attach: a seccomp filter stands between"),
        start: &[("raw_tp", "a seccomp filter"), ("tracepoint", "a seccomp filter"), ("xdp", "a seccomp filter")],
        ..ROOT
    },
    Case {
        name: "RLIMIT_NOFILE=16",
        wrapper: &["prlimit", "--nofile=16:16"],
        doctor: (0, "16: each map, program and link takes one"),
        start: &[
            ("raw_tp", "too many open files; raise the limit with ulimit -n"),
            ("xdp", "too many open files; raise the limit"),
        ],
        ..ROOT
    },
    Case {
        name: "RLIMIT_MEMLOCK=64K",
        wrapper: &["prlimit", "--memlock=65536:65536"],
        doctor: (0, "64 KiB; this kernel does not charge BPF to it"),
        ..ROOT
    },
    Case {
        name: "no tracefs",
        wrapper: &without("umount -l /sys/kernel/tracing; umount -ql /sys/kernel/debug;"),
        doctor: (0, "not mounted; tracepoints cannot be looked up"),
        start: &[
            ("raw_tp", "ok"),
            ("tracepoint", "tracefs is not mounted, so tracepoints cannot be looked up; mount it: mount -t tracefs"),
            ("xdp", "ok"),
        ],
        ..ROOT
    },
    Case {
        name: "no bpffs",
        wrapper: &without("umount -l /sys/fs/bpf;"),
        doctor: (0, "not mounted; maps cannot be pinned"),
        ..ROOT
    },
    Case {
        name: "no /proc",
        wrapper: &without("umount -l /proc;"),
        doctor: (0, "/proc is not mounted; pids and namespaces cannot be named"),
        ..ROOT
    },
    Case {
        name: "a read-only root",
        wrapper: &without("mount -o remount,bind,ro /;"),
        doctor: (0, "a script can load programs and attach them"),
        ..ROOT
    },
];

/// Lacks nothing.
const ROOT: Case = Case { name: "root", wrapper: &[], denies: None, doctor: (0, ""), start: OK };

const fn nobody(capabilities: &'static str) -> [&'static str; 8] {
    [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--inh-caps",
        capabilities,
        "--ambient-caps",
        capabilities,
    ]
}

const fn without(change: &'static str) -> [&'static str; 6] {
    ["unshare", "--mount", "sh", "-c", "eval \"$0\" 2>/dev/null; exec \"$@\"", change]
}

pub(super) fn run(_: Scope) -> Result<Vec<Row>> {
    let stage = stage()?;
    CASES.iter().map(|case| one(case, stage.path())).collect()
}

/// A copy of what the cases need where every user can read it: a build folder often lies in a closed home.
fn stage() -> Result<TempDir> {
    let stage = tempfile::Builder::new().prefix("yeet-privileges-").tempdir()?;
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755));
    open(stage.path())?;
    fs::copy(yeet(), stage.path().join("yeet"))?;
    for file in FILES {
        let to = stage.path().join(file);
        fs::create_dir_all(to.parent().context("every file lies in a folder")?)?;
        fs::copy(root().join(file), to)?;
    }
    Ok(stage)
}

fn one(case: &Case, stage: &Path) -> Result<Row> {
    let before = Ids::now()?;
    let (code, doctor) = case.run(stage, &["doctor"])?;
    let mut wrong = Vec::new();
    if code != case.doctor.0 || !doctor.contains(case.doctor.1) {
        wrong.push(format!("doctor ends with {code} and says\n{doctor}"));
    }
    let (code, started) = case.run(stage, &["run", FILES[0]])?;
    for (way, reason) in case.start {
        let line = started.lines().find(|line| line.starts_with(&format!("{way} "))).unwrap_or_default();
        if code != 0 || !line.contains(reason) {
            wrong.push(format!("{way} is to say `{reason}`, and the script ends with {code} and says\n{started}"));
        }
    }
    let left = leaks(&before)?;
    wrong.extend(left.iter().map(ToString::to_string));
    wrong.iter().for_each(|line| println!("{}: {line}", case.name));
    Ok(Row {
        what: case.name.to_owned(),
        figure: match case.doctor.0 {
            0 => format!("works; doctor: {}", case.doctor.1),
            _ => case.doctor.1.to_owned(),
        },
        limit: "the one cause, from doctor and `start()`; nothing left".to_owned(),
        held: wrong.is_empty(),
    })
}

impl Case {
    /// The exit code and all that was printed.
    fn run(&self, stage: &Path, arguments: &[&str]) -> Result<(i32, String)> {
        let yeet = stage.join("yeet");
        let mut words = self.wrapper.iter().map(|word| (*word).to_owned()).chain([yeet.display().to_string()]);
        let mut command = Command::new(words.next().context("at least the binary")?);
        command.args(words).args(arguments).current_dir(stage);
        if let Some(call) = self.denies {
            // SAFETY: between fork and exec only a system call is made, besides one small allocation in a process with a single thread.
            unsafe { command.pre_exec(move || deny(call)) };
        }
        let output = command.output().with_context(|| format!("cannot run {:?}", self.wrapper.first()))?;
        ensure!(output.status.code().is_some(), "{}: {} by a signal: {}", self.name, arguments[0], output.status);
        let text = [output.stdout, output.stderr].concat();
        Ok((output.status.code().unwrap_or_default(), String::from_utf8_lossy(&text).into_owned()))
    }
}
