//! What SECURITY.md promises, by the tests that hold it.

use anyhow::Result;

use super::{Row, Scope};
use crate::command::{cargo, suite};
use crate::count::Counts;

struct Promise {
    what: &'static str,
    limit: &'static str,
    /// Arguments of `cargo test` that choose its tests.
    tests: &'static [&'static [&'static str]],
}

const SPEC: &str = "yeet-spec";

const PROMISES: [Promise; 4] = [
    Promise {
        what: "15 paths that stay in a process's root and 30 that would lead out of it, by `..`, links, magic links and folders",
        limit: "the 15 attach, the 30 are refused",
        tests: &[&["--package", "yeet-bpf", "--test", "attach", "--", "no_link_leads_out_of_a_process_s_root"]],
    },
    Promise {
        what: "a walk over every object that a script can reach",
        limit: "an explicit list, no way to files, network, processes or ops",
        tests: &[&["--package", SPEC, "--test", "spec", "--", "--exact", "globals/reachable"]],
    },
    Promise {
        what: "control characters in lines of C, names, paths and errors",
        limit: "none reaches the terminal",
        tests: &[
            &["--package", SPEC, "--test", "spec", "--", "--exact", "errors/escapes"],
            &["--package", "yeet-bpf", "--lib", "--", "control_characters_are_shown"],
        ],
    },
    Promise {
        what: "`--user`: user, groups, capabilities and `no_new_privs` of each thread; events, maps and runs afterwards",
        limit: "all changed, everything goes on, nothing new starts",
        tests: &[
            &["--package", SPEC, "--test", "spec", "--", "--exact", "run/user_dropped"],
            &["--package", SPEC, "--test", "spec", "--", "--exact", "run/user_refused"],
        ],
    },
];

pub(super) fn run(_: Scope) -> Result<Vec<Row>> {
    PROMISES.iter().map(one).collect()
}

fn one(promise: &Promise) -> Result<Row> {
    let mut counts = Counts::default();
    for tests in promise.tests {
        let mut arguments = vec!["test", "--locked", "--profile", "dev"];
        arguments.extend(*tests);
        suite(&mut cargo(&arguments), &mut counts)?;
    }
    Ok(Row {
        what: promise.what.to_owned(),
        figure: format!("{} of {} tests passed", counts.passed, counts.total()),
        limit: promise.limit.to_owned(),
        held: counts.failed == 0 && counts.passed == promise.tests.len() as u64,
    })
}
