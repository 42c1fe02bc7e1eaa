//! The harness tried on a stand-in for yeet: `yeet run FILE` is here a shell that runs FILE.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use yeet_spec::discover::{self, Case, Plan};
use yeet_spec::{Context, case, manifest};

struct Bench {
    dir: TempDir,
    context: Context,
}

impl Bench {
    fn new() -> Bench {
        let dir = tempfile::tempdir().unwrap();
        let yeet = dir.path().join("bin/yeet");
        fs::create_dir_all(yeet.parent().unwrap()).unwrap();
        fs::write(&yeet, "#!/bin/sh\nshift\nexec sh \"$@\"\n").unwrap();
        fs::set_permissions(&yeet, fs::Permissions::from_mode(0o755)).unwrap();
        let spec = dir.path().join("tests/spec");
        let context = Context::new(yeet, spec, dir.path().into(), false);
        Bench { dir, context }
    }

    fn case(&self, files: &[(&str, &str)]) -> PathBuf {
        let case = self.context.spec.join("area/case");
        fs::create_dir_all(&case).unwrap();
        for (name, text) in files {
            fs::write(case.join(name), text).unwrap();
        }
        case
    }

    fn run(&self, case: &Path) -> Result<(), String> {
        let manifest = manifest::read(&case.join("test.toml")).map_err(|error| format!("{error:#}"))?;
        case::run(&self.context, case, &manifest)
    }
}

/// Runs a case of one manifest and one script.
fn run(toml: &str, script: &str) -> Result<(), String> {
    let bench = Bench::new();
    bench.run(&bench.case(&[("test.toml", toml), ("main.ts", script)]))
}

#[track_caller]
fn fails(toml: &str, script: &str, says: &[&str]) {
    let report = run(toml, script).unwrap_err();
    for text in says {
        assert!(report.contains(text), "the report lacks {text:?}:\n{report}");
    }
}

#[test]
fn a_silent_success_passes() {
    run("", "true").unwrap();
}

#[test]
fn output_and_exit_code_are_exact() {
    run("stdout = \"a\\n\"\nstderr = \"b\\n\"\nexit = 3", "echo a; echo b >&2; exit 3").unwrap();
    fails("", "echo a", &["stdout is not what the manifest expects", "+a", "──── stdout, 2 bytes", "main.ts"]);
    fails("", "echo b >&2", &["stderr is not what", "+b"]);
    fails("stdout = \"a\"", "echo a", &["-a", "+a", "No newline"]);
    fails("exit = 2", "exit 3", &["expected exit code 2, got exit code 3"]);
    fails("", "kill -KILL $$", &["expected exit code 0, got SIGKILL"]);
    run("exit = 'SIGKILL'", "kill -KILL $$").unwrap();
}

#[test]
fn patterns() {
    run("stdout_match = \"pid [NUM]\\n[WILD_LINES]\\nend\"", "echo pid $$; echo x; echo end").unwrap();
    fails("stdout_match = \"pid [NUM]\"", "echo pid x", &["stdout does not match", "`pid [NUM]`"]);
}

#[test]
fn expectation_files_and_bless() {
    let mut bench = Bench::new();
    let case = bench.case(&[("test.toml", ""), ("main.ts", "pwd; cat file"), ("file", "x\n")]);
    fs::write(case.join("stdout"), "{dir}\nx\n").unwrap();
    bench.run(&case).unwrap();
    fs::write(case.join("file"), "y\n").unwrap();
    assert!(bench.run(&case).unwrap_err().contains("-x\n+y"));
    bench.context.bless = true;
    bench.run(&case).unwrap();
    assert_eq!(fs::read_to_string(case.join("stdout")).unwrap(), "{dir}\ny\n");
    fs::write(case.join("main.ts"), "true").unwrap();
    bench.run(&case).unwrap();
    assert!(!case.join("stdout").exists(), "no output is no file");
    fs::write(case.join("main.ts"), "echo z; exit 1").unwrap();
    assert!(bench.run(&case).unwrap_err().contains("got exit code 1"));
    assert!(!case.join("stdout").exists(), "the output of a failed step is not blessed");
    fs::write(case.join("stdout"), "").unwrap();
    fs::write(case.join("stdout.match"), "").unwrap();
    assert!(bench.run(&case).unwrap_err().contains("keep one"));
}

#[test]
fn steps_run_in_order_in_one_folder() {
    let bench = Bench::new();
    let toml = "temp = true\n[[steps]]\nname = 'write'\nrun = ['sh', '-c', 'echo $A > made']\nenv = { A = '{dir}' }\n\
                [[steps]]\nrun = ['sh', '-c', 'yeet run show.ts']\nstdin = 'in'\n";
    let case = bench.case(&[("test.toml", toml), ("show.ts", "cat made; cat"), ("2.stdout", "{dir}\nin")]);
    bench.run(&case).unwrap();
    assert!(!case.join("made").exists(), "the case ran in a copy");
    fs::write(case.join("test.toml"), toml.replace("echo $A", "exit 1; echo")).unwrap();
    assert!(bench.run(&case).unwrap_err().starts_with("step write of 2"));
}

#[test]
fn other_files_come_along() {
    let bench = Bench::new();
    fs::write(bench.dir.path().join("shared.txt"), "shared\n").unwrap();
    let toml = "files = ['../../../../shared.txt']\nstdout = \"shared\\n\"";
    bench.run(&bench.case(&[("test.toml", toml), ("main.ts", "cat shared.txt")])).unwrap();
    let case = bench.case(&[("test.toml", "files = ['none']")]);
    assert!(bench.run(&case).unwrap_err().contains("`files` has `none`"));
}

#[test]
fn the_environment_is_fixed() {
    run("stdout = 'UTC C.UTF-8 . .'\nenv = { X = '.' }", "printf '%s' \"$TZ $LANG $X ${CARGO:-.}\"").unwrap();
}

#[test]
fn a_step_that_hangs_is_killed() {
    let start = std::time::Instant::now();
    fails("timeout_s = 0.5", "echo begun; sleep 60", &["did not end within 0.5 s", "begun", "ended with SIGKILL"]);
    fails("timeout_s = 0.5", "trap '' TERM INT; sleep 60 & wait", &["did not end within 0.5 s"]);
    assert!(start.elapsed().as_secs() < 15);
}

#[test]
fn a_process_left_behind_is_found_and_ended() {
    fails("", "sleep 61 & exit 0", &["left process", "sleep 61"]);
    fails("", "setsid sleep 62 >/dev/null 2>&1 & exit 0", &["left process", "sleep 62"]);
}

#[test]
fn endless_output_is_cut() {
    fails("stdout_match = '[WILD_LINES]'", "yes", &["more than 64 MiB", "bytes left out"]);
}

#[test]
fn signals_wait_for_output_and_time() {
    let script = "trap 'echo int' INT; trap 'echo term; exit 143' TERM; echo ready; while :; do sleep 0.05; done";
    let toml = "exit = 143\nstdout = \"ready\\nint\\nterm\\n\"\n\
                signals = [{ after_stdout = 'ready', send = 'SIGINT' }, { after_stdout = 'int', after_ms = 50, send = 'SIGTERM' }]";
    run(toml, script).unwrap();
    fails(
        "signals = [{ after_stdout = 'never', send = 'SIGINT' }]",
        "echo x",
        &["ended before it printed \"never\", which SIGINT waits for"],
    );
    fails("signals = [{ after_ms = 500, send = 'SIGINT' }]", "true", &["ended before SIGINT was sent"]);
}

#[test]
fn a_trigger_runs_once_the_script_is_ready() {
    let toml = |run: &str| {
        format!(
            "temp = true\nstdout = \"ready\\n\"\ntrigger = {{ after_stdout = 'ready', run = ['sh', '-c', '{run}'] }}"
        )
    };
    let script = "echo ready; until [ -e fired ]; do sleep 0.02; done";
    run(&toml("touch fired"), script).unwrap();
    fails(
        &toml("touch fired; echo broken; exit 4"),
        script,
        &["the trigger `sh -c touch fired; echo broken; exit 4` failed", "broken"],
    );
    fails(&toml("true"), "true", &["ended before it printed \"ready\", which the trigger"]);
}

#[test]
fn cpu_use_is_measured_between_ready_and_signal() {
    // Far apart, so that a busy machine changes nothing: a sleeping process uses none, a spinning one all that it gets.
    let toml = "cpu_max_percent = 2\nexit = 'SIGINT'\nstdout_match = '[WILD]'\n\
                signals = [{ after_stdout = 'ready', after_ms = 600, send = 'SIGINT' }]";
    run(toml, "echo ready; exec sleep 20").unwrap();
    fails(toml, "echo ready; while :; do :; done", &["% of a CPU before SIGINT was sent, more than 2 %"]);
}

#[test]
fn memory_is_measured() {
    run("max_rss_mib = 60", "true").unwrap();
    fails("max_rss_mib = 60", "exec dd if=/dev/zero of=/dev/null bs=80M count=1 status=none", &["MiB of memory"]);
}

#[test]
fn a_closed_stdout_is_seen_by_the_writer() {
    run("closed_stdout = true\nexit = 'SIGPIPE'", "sleep 0.1; echo x; echo y").unwrap();
    run("closed_stdout = 4\nexit = 'SIGPIPE'\nstdout_match = \"y\\ny\\n\"", "exec yes").unwrap();
}

#[test]
fn terminals() {
    let show = "for fd in 0 1 2; do if [ -t $fd ]; then echo $fd tty; else echo $fd no; fi; done; cat";
    run("tty = true\nstdin = \"in\\n\"\nstdout = \"0 tty\\n1 tty\\n2 tty\\nin\\n\"", show).unwrap();
    run("tty = ['stderr']\nstdout = \"0 no\\n1 no\\n2 tty\\n\"", show).unwrap();
    run("tty = ['stdout', 'stderr']\nstdout = \"a\"\nstderr = \"b\\n\"", "printf a; echo b >&2").unwrap();
}

#[test]
fn another_user() {
    if !nix::unistd::Uid::effective().is_root() {
        fails("user = 'nobody'", "true", &["cannot start"]);
        return;
    }
    run("user = 'nobody'\nstdout = \"nobody\\nmain.ts\\ntest.toml\\n\"", "id -un; ls").unwrap();
    fails("user = 'no-such-user'", "true", &["there is no user `no-such-user`"]);
}

#[test]
fn a_map_left_in_the_kernel_is_a_failure() {
    if !nix::unistd::Uid::effective().is_root() {
        return;
    }
    let pin = "/sys/fs/bpf/yeet_harness_selftest";
    let _ = fs::remove_file(pin);
    let create = format!("bpftool map create {pin} type array key 4 value 4 entries 1 name yeet_selftest");
    fails("kernel = true", &create, &["still has in the kernel", "map ", "yeet_selftest"]);
    fs::remove_file(pin).unwrap();
    run("kernel = true", &format!("{create}; rm {pin}")).unwrap();
}

#[test]
fn discovery() {
    let bench = Bench::new();
    fs::create_dir_all(&bench.context.spec).unwrap();
    assert!(format!("{:#}", discover::cases(&bench.context).unwrap_err()).contains("there is no test.toml below"));
    bench.case(&[("test.toml", "")]);
    for (name, file, text) in [
        ("forgotten", "main.ts", ""),
        ("mistaken", "test.toml", "a = 1"),
        ("needy", "test.toml", "needs = ['time-travel']"),
        ("spare", "test.toml", "lacks = ['ringbuf']"),
    ] {
        let dir = bench.context.spec.join("area").join(name);
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join(file), text).unwrap();
    }
    let cases = discover::cases(&bench.context).unwrap();
    let plans: Vec<_> = cases.iter().map(|case| (case.name.as_str(), &case.plan)).collect();
    let [
        ("area/case", Plan::Run(_)),
        ("area/forgotten", Plan::Fail(a)),
        ("area/mistaken", Plan::Fail(b)),
        ("area/needy", Plan::Fail(c)),
        ("area/spare", Plan::Skip(d)),
    ] = &plans[..]
    else {
        panic!("{plans:#?}")
    };
    assert!(
        a.contains("no test.toml") && b.contains("unknown field `a`") && c.contains("not a feature"),
        "{a}\n{b}\n{c}"
    );
    assert!(d.contains("without ringbuf"), "{d}");
    let for_guests: Vec<_> = cases.iter().map(Case::is_for_guests).collect();
    assert_eq!(for_guests, [false, true, true, true, true], "a case that loads no BPF says nothing about a kernel");
}
