//! The shim on programs that every machine has. Takes root, as every test of seccomp without `no_new_privs` does.

use std::process::Command;
use std::time::Duration;

use yeet_faults::{Call, End, Fault, Outcome, run};

const LIMIT: Duration = Duration::from_secs(20);

fn shell(script: &str, fault: Option<Fault>) -> Outcome {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    run(command, Call::Openat, "/dev/null", fault, LIMIT).unwrap()
}

#[test]
fn the_nth_call_fails_and_no_other() {
    // Only what comes after the first /dev/null counts, itself included.
    let script = "exec 3</dev/null; (exec 3</etc/passwd) 2>/dev/null && echo one; exec 3</etc/group && echo two";
    let clean = shell(script, None);
    assert_eq!((clean.stdout.as_str(), clean.injected), ("one\ntwo\n", false));
    let lines = |nth| shell(script, Some(Fault { nth, errno: libc::EACCES })).stdout;
    assert_eq!(lines(1), "", "a shell ends where it cannot open what exec names");
    let outcomes: Vec<String> = (2..=clean.calls).map(lines).collect();
    assert!(outcomes.contains(&"two\n".to_owned()) && outcomes.contains(&"one\n".to_owned()), "{outcomes:?}");
}

#[test]
fn the_errno_and_the_path_are_told() {
    let failed = shell("exec 3</dev/null", Some(Fault { nth: 1, errno: libc::ENOSPC }));
    assert!(failed.injected && failed.what == "/dev/null", "{failed:?}");
    assert!(failed.stderr.contains("/dev/null"), "{failed:?}");
    assert!(matches!(failed.end, End::Code(1..)), "{failed:?}");
}

#[test]
fn descriptors_are_counted_at_marks() {
    let outcome = shell("echo mark a; exec 5</dev/null 6</dev/null; echo mark b; exec 5<&-; echo mark c", None);
    let at = |name: &str| outcome.descriptors[name];
    assert_eq!((at("b") - at("a"), at("b") - at("c")), (2, 1), "{outcome:?}");
}

#[test]
fn hangs_and_signals_are_told_apart() {
    let mut sleeping = Command::new("sleep");
    sleeping.arg("60");
    let hang = run(sleeping, Call::Bpf, "", None, Duration::from_millis(300)).unwrap();
    assert_eq!(hang.end, End::Hang);
    assert_eq!(shell("kill -SEGV $$", None).end, End::Signal(libc::SIGSEGV));
    assert_eq!(shell("exit 7", None).end, End::Code(7));
}
