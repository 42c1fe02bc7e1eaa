//! `needs`: kernel features without which a case is skipped, and the proof that the skip is right.
//!
//! A probe must say that the feature is missing, *and* the kernel must be older than the first that has it or be listed with
//! a reason in `tests/kernel-gaps.toml`. A missing feature without that second half fails the case: coverage is never lost in
//! silence.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// How a feature is found.
#[derive(Debug, Clone, Copy)]
enum Probe {
    /// The kernel has this function (`/proc/kallsyms`).
    Symbol(&'static str),
    /// The kernel no longer has this function.
    NoSymbol(&'static str),
    /// There is a PMU of this name.
    Pmu(&'static str),
    /// The kernel can redirect its functions, which is what fentry, fexit and LSM programs attach with.
    FunctionTracing,
    /// The BPF LSM is active.
    Lsm,
}

/// A kernel feature: its name in `needs`, the probe, and the first mainline release that has it (none: hardware or configuration).
struct Feature(&'static str, Probe, Option<(u32, u32)>);

const FEATURES: [Feature; 29] = [
    Feature("attach-cookie", Probe::Symbol("bpf_get_attach_cookie_trace"), Some((5, 15))),
    Feature("batch-ops", Probe::Symbol("generic_map_lookup_batch"), Some((5, 6))),
    Feature("bloom-filter", Probe::Symbol("bloom_map_alloc"), Some((5, 16))),
    Feature("bpf-loop", Probe::Symbol("bpf_loop"), Some((5, 17))),
    Feature("cgroup-link", Probe::Symbol("cgroup_bpf_link_attach"), Some((5, 7))),
    Feature("fentry", Probe::FunctionTracing, Some((5, 5))),
    Feature("hardware-counters", Probe::Pmu("cpu"), None),
    Feature("hash-lookup-and-delete", Probe::Symbol("htab_map_lookup_and_delete_elem"), Some((5, 14))),
    Feature("iter-cgroup", Probe::Symbol("bpf_iter_attach_cgroup"), Some((6, 1))),
    Feature("iter-map-elem", Probe::Symbol("bpf_iter_attach_map"), Some((5, 9))),
    Feature("iter-task-pid", Probe::Symbol("bpf_iter_attach_task"), Some((6, 1))),
    Feature("kprobe", Probe::Pmu("kprobe"), Some((4, 17))),
    Feature("kprobe-session", Probe::Symbol("bpf_session_is_return"), Some((6, 10))),
    Feature("kprobe-multi", Probe::Symbol("register_fprobe_ips"), Some((5, 18))),
    Feature("lsm-sleepable", Probe::Symbol("bpf_lsm_is_sleepable_hook"), Some((5, 11))),
    Feature("lsm", Probe::Lsm, Some((5, 7))),
    // Before, a map of 4 GiB or more was refused.
    Feature("memcg-accounting", Probe::NoSymbol("bpf_map_charge_init"), Some((5, 11))),
    Feature("netfilter-link", Probe::Symbol("bpf_nf_link_attach"), Some((6, 4))),
    Feature("percpu-hash-batch", Probe::Symbol("htab_percpu_map_lookup_batch"), Some((5, 6))),
    // The cookie itself leaves no function behind; this one came with it.
    Feature("raw-tp-cookie", Probe::Symbol("bpf_session_cookie"), Some((6, 10))),
    Feature("ringbuf", Probe::Symbol("ringbuf_map_alloc"), Some((5, 8))),
    Feature("snprintf", Probe::Symbol("bpf_snprintf"), Some((5, 13))),
    Feature("struct-ops-link", Probe::Symbol("bpf_struct_ops_link_create"), Some((6, 4))),
    Feature("syscall-program", Probe::Symbol("bpf_prog_test_run_syscall"), Some((5, 14))),
    Feature("task-storage", Probe::Symbol("task_storage_map_alloc"), Some((5, 11))),
    Feature("tcx", Probe::Symbol("tcx_link_attach"), Some((6, 6))),
    Feature("uprobe", Probe::Pmu("uprobe"), Some((4, 17))),
    Feature("uprobe-multi", Probe::Symbol("bpf_uprobe_multi_link_attach"), Some((6, 6))),
    // It leaves no function of its own; this one is of the same release.
    Feature("xdp-run-ctx", Probe::Symbol("bpf_get_attach_cookie_trace"), Some((5, 15))),
];

/// What comes of a case's `needs`.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Run,
    /// Proved: why the feature is missing here.
    Skip(String),
    /// The case fails with this message.
    Unproved(String),
}

/// The file with the known gaps of certain kernels.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gaps {
    #[serde(default)]
    gap: Vec<Gap>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gap {
    features: Vec<String>,
    /// The kernel's release (`uname -r`), where `*` stands for anything.
    kernel: String,
    reason: String,
}

impl Gaps {
    /// Reads `kernel-gaps.toml`. No file means no gaps.
    pub fn read(path: &Path) -> Result<Gaps> {
        if !path.exists() {
            return Ok(Gaps::default());
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Gaps::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    fn parse(text: &str) -> Result<Gaps> {
        let gaps: Gaps = toml::from_str(text)?;
        for gap in &gaps.gap {
            ensure!(!gap.reason.trim().is_empty(), "the gap of kernel `{}` has no reason", gap.kernel);
            for name in &gap.features {
                ensure!(known(name).is_some(), "`{name}` is not a feature; known are {}", names());
            }
        }
        Ok(gaps)
    }

    fn reason(&self, feature: &str, release: &str) -> Option<&str> {
        let gap =
            self.gap.iter().find(|gap| gap.features.iter().any(|name| name == feature) && glob(&gap.kernel, release));
        gap.map(|gap| gap.reason.as_str())
    }
}

/// Judges the features that a case needs on this kernel.
pub fn judge(needs: &[String], gaps: &Gaps) -> Verdict {
    let release = release();
    for name in needs {
        let Some(feature) = known(name) else {
            return Verdict::Unproved(format!("`needs` has `{name}`, which is not a feature; known are {}", names()));
        };
        let found = probe(feature.1);
        match verdict(name, feature.2, found, release, gaps) {
            Verdict::Run => {}
            other => return other,
        }
    }
    Verdict::Run
}

/// Judges the features that a case shows the absence of. The probe is proof enough.
pub fn judge_absence(lacks: &[String]) -> Verdict {
    for name in lacks {
        let Some(feature) = known(name) else {
            return Verdict::Unproved(format!("`lacks` has `{name}`, which is not a feature; known are {}", names()));
        };
        if probe(feature.1).is_ok() {
            return Verdict::Skip(format!("shows what happens without {name}, which {} has", release()));
        }
    }
    Verdict::Run
}

/// `found` is what the probe says: `Err` holds why the feature is missing.
fn verdict(name: &str, since: Option<(u32, u32)>, found: Result<(), String>, release: &str, gaps: &Gaps) -> Verdict {
    let Err(missing) = found else { return Verdict::Run };
    if let Some((major, minor)) = since
        && version(release).is_some_and(|version| version < (major, minor))
    {
        return Verdict::Skip(format!(
            "needs {name}: {missing}; this is {release}, the feature is there since {major}.{minor}"
        ));
    }
    match gaps.reason(name, release) {
        Some(reason) => Verdict::Skip(format!("needs {name}: {missing}; known gap of {release}: {reason}")),
        None => Verdict::Unproved(format!(
            "needs {name}, and here {missing}; but {release} should have it{}. Enable it, or list this kernel with a reason in tests/kernel-gaps.toml",
            since.map_or(String::new(), |(major, minor)| format!(" (since {major}.{minor})"))
        )),
    }
}

fn known(name: &str) -> Option<&'static Feature> {
    FEATURES.iter().find(|feature| feature.0 == name)
}

fn names() -> String {
    FEATURES.map(|feature| feature.0).join(", ")
}

fn probe(probe: Probe) -> Result<(), String> {
    match probe {
        Probe::Symbol(name) => symbol(name),
        Probe::NoSymbol(name) => match symbol(name) {
            Ok(()) => Err(format!("the kernel has the function {name}")),
            Err(_) => Ok(()),
        },
        Probe::Pmu(name) => {
            let path = format!("/sys/bus/event_source/devices/{name}");
            if Path::new(&path).exists() { Ok(()) } else { Err(format!("there is no {path}")) }
        }
        Probe::FunctionTracing => function_tracing(),
        Probe::Lsm => {
            function_tracing()?;
            let path = "/sys/kernel/security/lsm";
            let active = fs::read_to_string(path).map_err(|error| format!("{path} cannot be read ({error})"))?;
            if active.split(',').any(|name| name.trim() == "bpf") {
                Ok(())
            } else {
                Err(format!("{path} has no `bpf`"))
            }
        }
    }
}

fn function_tracing() -> Result<(), String> {
    let path = "/sys/kernel/tracing/available_filter_functions";
    let read = fs::File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut [0; 64]));
    match read {
        Ok(1..) => Ok(()),
        Ok(0) => Err(format!("{path} is empty")),
        Err(error) => Err(format!("{path} cannot be read ({error})")),
    }
}

/// The kernel's list is read once for all features: it has more than a hundred thousand lines, which take seconds in a guest.
fn symbol(name: &str) -> Result<(), String> {
    static FOUND: OnceLock<Option<BTreeSet<&'static str>>> = OnceLock::new();
    let Some(found) = FOUND.get_or_init(|| symbols(&fs::read_to_string("/proc/kallsyms").unwrap_or_default())) else {
        return Err("/proc/kallsyms is empty or cannot be read".into());
    };
    if found.contains(name) { Ok(()) } else { Err(format!("the kernel has no function {name}")) }
}

/// Those of the features' functions that the list has; `None` where it is empty. A line is an address, a letter, a name and maybe a module.
fn symbols(list: &str) -> Option<BTreeSet<&'static str>> {
    let wanted: BTreeSet<&'static str> = FEATURES
        .iter()
        .filter_map(|feature| match feature.1 {
            Probe::Symbol(name) | Probe::NoSymbol(name) => Some(name),
            _ => None,
        })
        .collect();
    let name = |line: &str| {
        let rest = line.splitn(3, ' ').nth(2)?;
        wanted.get(rest.split('\t').next()?).copied()
    };
    (!list.is_empty()).then(|| list.lines().filter_map(name).collect())
}

/// `uname -r`.
fn release() -> &'static str {
    static RELEASE: OnceLock<String> = OnceLock::new();
    RELEASE.get_or_init(|| fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned())
}

fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn glob(pattern: &str, text: &str) -> bool {
    let source = regex::escape(pattern).replace(r"\*", ".*");
    regex::Regex::new(&format!("^{source}$")).is_ok_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps() -> Gaps {
        Gaps::parse("[[gap]]\nfeatures = ['kprobe']\nkernel = '6.18.*-fc-*'\nreason = 'built without kprobes'\n")
            .unwrap()
    }

    #[test]
    fn a_feature_that_is_there_runs_the_case() {
        assert_eq!(verdict("kprobe", Some((4, 17)), Ok(()), "4.4.0", &gaps()), Verdict::Run);
    }

    #[test]
    fn a_kernel_older_than_the_feature_proves_the_skip() {
        let Verdict::Skip(why) = verdict("tcx", Some((6, 6)), Err("absent".into()), "6.1.0-18-amd64", &gaps()) else {
            panic!()
        };
        assert!(why.contains("absent") && why.contains("since 6.6"), "{why}");
    }

    #[test]
    fn a_listed_gap_proves_the_skip() {
        let Verdict::Skip(why) = verdict("kprobe", Some((4, 17)), Err("absent".into()), "6.18.44-fc-v669", &gaps())
        else {
            panic!()
        };
        assert!(why.contains("built without kprobes"), "{why}");
    }

    #[test]
    fn anything_else_is_a_failure() {
        for (name, since, release) in [
            ("kprobe", Some((4, 17)), "6.18.44-arch1"),
            ("tcx", Some((6, 6)), "6.6.0"),
            ("tcx", Some((6, 6)), "7.0.1"),
            ("hardware-counters", None, "5.4.0"),
        ] {
            let verdict = verdict(name, since, Err("absent".into()), release, &gaps());
            assert!(matches!(verdict, Verdict::Unproved(_)), "{name} {release} {verdict:?}");
        }
        assert!(matches!(judge(&["warp".into()], &gaps()), Verdict::Unproved(why) if why.contains("not a feature")));
        assert!(matches!(judge_absence(&["warp".into()]), Verdict::Unproved(why) if why.contains("not a feature")));
    }

    #[test]
    fn functions_are_found_in_the_kernels_list() {
        let list = "ffffffff81000000 T _stext\nffffffff81000010 t tcx_link_attach\n\
                    ffffffffc0000000 t bpf_nf_link_attach\t[nf]\nffffffff81000020 T bpf_loop.cold\n";
        assert_eq!(symbols(list), Some(BTreeSet::from(["bpf_nf_link_attach", "tcx_link_attach"])));
        assert_eq!(symbols(""), None);
    }

    #[test]
    fn gaps_are_checked() {
        let error = |text: &str| format!("{:#}", Gaps::parse(text).unwrap_err());
        assert!(error("[[gap]]\nfeatures = ['x']\nkernel = '6'\nreason = 'y'").contains("`x` is not a feature"));
        assert!(error("[[gap]]\nfeatures = ['lsm']\nkernel = '6'\nreason = ' '").contains("no reason"));
    }
}
