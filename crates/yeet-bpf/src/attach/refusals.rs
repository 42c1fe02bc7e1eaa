//! What is said of a program that cannot be attached as asked, before the kernel is asked.

use super::AttachSpec;
use super::lane::{Lane, hook};
use super::similar::similar;
use crate::error::{Error, Kind, shortened};
use crate::object::ProgramDecl;

pub(super) fn mismatch(program: &ProgramDecl, spec: &AttachSpec) -> Error {
    let fitting = match program.lane {
        Lane::Xdp => "kind \"xdp\"",
        Lane::Tcx => "kind \"tcx\"",
        Lane::Cgroup => "kind \"cgroup\"",
        Lane::Netns => "kind \"netns\"",
        Lane::Uprobe => "kind \"uprobe\"",
        Lane::Usdt => "kind \"usdt\"",
        Lane::Netfilter => "kind \"netfilter\"",
        Lane::Perf => "kind \"perf\"",
        Lane::Iter => "kind \"iter\"",
        Lane::Unknown => return unknown_section(program),
        Lane::Manual => {
            let section = &program.section;
            let reason = format!(
                "a program of SEC(\"{section}\") is installed by its user, in a map for instance; {{ autoattach: false }} loads it"
            );
            return invalid(program, &reason);
        }
        _ => "null, since its section says where",
    };
    let message = format!(
        "program '{}' cannot be attached as kind \"{}\": it is {} (SEC(\"{}\")), for which attach() takes {fitting}",
        program.name,
        spec.kind().unwrap_or_default(),
        program.described(),
        program.section
    );
    Error::new(Kind::KindMismatch, message).with_program(&program.name)
}

/// `known` are the programs that the object has.
pub(crate) fn no_such_program<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let known: Vec<_> = known.collect();
    let suggestion = similar(name, known.iter().copied(), 1)
        .first()
        .map(|close| format!(" (did you mean '{close}'?)"))
        .unwrap_or_default();
    let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has: {}", known.join(", ")) };
    let message = format!("the object has no program '{}'{suggestion}; {known}", shortened(name));
    Error::new(Kind::InvalidOpts, message).with_program(name)
}

/// Lists them all, each with a line to copy.
pub(super) fn missing_specs(programs: &[&ProgramDecl]) -> Error {
    let lines: Vec<String> = programs
        .iter()
        .enumerate()
        .map(|(at, program)| {
            let spec = ready_made_spec(program, at);
            format!("  .attach(\"{}\", {spec})  // SEC(\"{}\")", program.name, program.section)
        })
        .collect();
    let message = format!(
        "{} to be told where to attach; before start() add\n{}\nor leave a program out with .attach(\"{}\", false)",
        if programs.len() == 1 { "one program needs".to_owned() } else { format!("{} programs need", programs.len()) },
        lines.join("\n"),
        programs[0].name
    );
    Error::new(Kind::InvalidOpts, message).with_program(&programs[0].name)
}

/// A spec for a program that has to be told where, to be filled in. Those for the programs of one object can stand side by side.
pub(super) fn ready_made_spec(program: &ProgramDecl, at: usize) -> String {
    match program.lane {
        Lane::Perf => {
            "{ kind: \"perf\", event: { kind: \"software\", name: \"cpu_clock\" }, sample: { freq: 99 } }".to_owned()
        }
        Lane::Iter => "{ kind: \"iter\", map: \"MAP\" }".to_owned(),
        Lane::Usdt => "{ kind: \"usdt\", binary: \"PATH\", provider: \"PROVIDER\", name: \"NAME\" }".to_owned(),
        Lane::Netfilter => {
            format!("{{ kind: \"netfilter\", pf: \"inet4\", hook: \"local_in\", priority: {at} }}")
        }
        _ => {
            // A section like SEC("uprobe/SSL_read") tells the symbol, though not where to find it.
            let symbol = hook(&program.section).unwrap_or("FUNCTION");
            format!("{{ kind: \"uprobe\", binary: \"LIBRARY_OR_PATH\", symbol: \"{symbol}\" }}")
        }
    }
}

/// A section that names the kind of hook alone.
pub(super) fn no_target(program: &ProgramDecl) -> Error {
    let reason = format!(
        "SEC(\"{}\") names no target: write it as {}, or leave the program out with .attach(\"{}\", false)",
        program.section,
        example(&program.section),
        program.name
    );
    invalid(program, &reason)
}

fn example(section: &str) -> String {
    let hook = match section {
        "tracepoint" | "tp" => "sched/sched_switch",
        "raw_tracepoint" | "raw_tp" | "tp_btf" | "raw_tracepoint.w" | "raw_tp.w" => "sched_switch",
        "lsm" | "lsm.s" => "file_open",
        "iter" | "iter.s" => "task",
        _ => "do_unlinkat",
    };
    format!("SEC(\"{section}/{hook}\")")
}

pub(super) fn unknown_section(program: &ProgramDecl) -> Error {
    let message = format!(
        "program '{}' cannot be loaded: SEC(\"{}\") is not a section that libbpf knows{}",
        program.name,
        program.section,
        known_sections(&program.section)
    );
    Error::new(Kind::InvalidObject, message).with_program(&program.name)
}

fn known_sections(section: &str) -> String {
    const SECTIONS: [&str; 24] = [
        "tracepoint",
        "tp",
        "raw_tp",
        "raw_tracepoint",
        "tp_btf",
        "kprobe",
        "kretprobe",
        "ksyscall",
        "fentry",
        "fexit",
        "fmod_ret",
        "lsm",
        "iter",
        "uprobe",
        "uretprobe",
        "usdt",
        "perf_event",
        "xdp",
        "tcx/ingress",
        "tcx/egress",
        "tc",
        "socket",
        "syscall",
        "struct_ops",
    ];
    let kind = section.split('/').next().unwrap_or_default();
    match similar(kind, SECTIONS, 1).first() {
        Some(close) => format!(" (did you mean SEC(\"{close}…\")?)"),
        None => format!("; it knows for instance: {}", SECTIONS.join(", ")),
    }
}

pub(super) fn invalid(program: &ProgramDecl, reason: &str) -> Error {
    Error::new(Kind::InvalidOpts, format!("program '{}' cannot be attached: {reason}", program.name))
        .with_program(&program.name)
}

#[cfg(test)]
mod tests {
    use super::super::XdpSpec;
    use super::*;

    fn program(name: &str, section: &str, lane: Lane) -> ProgramDecl {
        ProgramDecl {
            name: name.to_owned(),
            section: section.to_owned(),
            prog_type: "xdp".to_owned(),
            attach_type: None,
            autoload: true,
            lane,
        }
    }

    #[test]
    fn ready_made_lines_can_stand_side_by_side() {
        let programs = ["first", "second"].map(|name| program(name, "netfilter", Lane::Netfilter));
        let error = missing_specs(&programs.iter().collect::<Vec<_>>());
        assert!(error.message().contains("priority: 0") && error.message().contains("priority: 1"), "{error}");
    }

    #[test]
    fn a_spec_does_not_hide_what_is_wrong_with_the_section() {
        let spec = AttachSpec::Xdp(XdpSpec::default());
        let unknown = mismatch(&program("p", "xdp_foo", Lane::Unknown), &spec);
        assert_eq!(unknown.kind(), Kind::InvalidObject);
        assert!(unknown.message().contains("is not a section that libbpf knows"), "{unknown}");
        let manual = mismatch(&program("p", "xdp/devmap", Lane::Manual), &spec);
        assert!(
            manual.message().contains("installed by its user") && manual.message().contains("autoattach"),
            "{manual}"
        );
        let other = mismatch(&program("p", "tc", Lane::Tcx), &spec);
        assert_eq!(other.kind(), Kind::KindMismatch);
        assert!(other.message().contains("it is an xdp program (SEC"), "{other}");
    }
}
