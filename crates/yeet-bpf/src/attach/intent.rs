//! What `start()` would do with a program where nobody says anything, in words, without asking the kernel.

use super::Lane;
use super::lane::hook;
use super::plan::by_section;
use super::refusals::ready_made_spec;
use crate::object::ProgramDecl;

/// How a program would attach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// In words.
    pub text: String,
    /// For a program that has to be told where: a spec to fill in, as JavaScript.
    pub spec: Option<String>,
}

impl Intent {
    pub fn of(program: &ProgramDecl) -> Self {
        let mut warnings = Vec::new();
        let mut without_spec = Vec::new();
        let step = by_section(program, &mut warnings, &mut without_spec);
        if !without_spec.is_empty() {
            return Self { text: "has to be told where".to_owned(), spec: Some(ready_made_spec(program, 0)) };
        }
        let text = match step {
            Err(error) => error.message().to_owned(),
            Ok(_) => match warnings.pop() {
                Some(warning) => warning,
                None => words(program),
            },
        };
        Self { text, spec: None }
    }
}

fn words(program: &ProgramDecl) -> String {
    let section = program.section.as_str();
    let hook = hook(section).unwrap_or_default();
    match program.lane {
        Lane::Auto => hook_words(section.split('/').next().unwrap_or_default(), hook),
        Lane::Iter => format!("nowhere: iterate() reads what it writes of {hook}"),
        Lane::Uprobe | Lane::Usdt => format!("{hook} in every process"),
        Lane::Xdp => "the driver of every network interface of the host".to_owned(),
        Lane::Tcx => {
            let direction = if section.ends_with("egress") { "egress" } else { "ingress" };
            format!("{direction} of every network interface of the host")
        }
        Lane::Cgroup => "the root control group and all below it".to_owned(),
        Lane::Netns => "the network namespace of the host".to_owned(),
        Lane::StructOps => "with its table of functions, as a whole".to_owned(),
        Lane::LoadOnly => "nowhere: it is loaded, and run() calls it".to_owned(),
        // These end in a warning, an error or a missing spec.
        Lane::Perf | Lane::Netfilter | Lane::NoTarget | Lane::Replace | Lane::Manual | Lane::Unknown => String::new(),
    }
}

/// `kind` is what stands before the first slash of the section.
fn hook_words(kind: &str, hook: &str) -> String {
    // Sleepable programs and those of many places have their own words behind a dot.
    let (kind, many) = (kind.split('.').next().unwrap_or_default(), kind.ends_with(".multi"));
    let functions = if many { "all kernel functions like" } else { "kernel function" };
    match kind {
        "tracepoint" | "tp" | "tp_btf" => format!("tracepoint {hook}"),
        "raw_tracepoint" | "raw_tp" => format!("raw tracepoint {hook}"),
        "kprobe" | "fentry" => format!("entry of {functions} {hook}"),
        "kretprobe" | "fexit" => format!("return of {functions} {hook}"),
        "fmod_ret" => format!("result of {functions} {hook}"),
        "ksyscall" => format!("entry of system call {hook}"),
        "kretsyscall" => format!("return of system call {hook}"),
        "lsm" => format!("LSM hook {hook}"),
        _ => hook.to_owned(),
    }
}
