//! Events by their names.

use std::fs;

use libbpf_sys as sys;

use super::super::similar::similar;
use super::super::spec::{PerfEvent, PerfSpec, Sample};

/// In the order of the kernel's numbers.
const SOFTWARE: [&str; 9] = [
    "cpu_clock",
    "task_clock",
    "page_faults",
    "context_switches",
    "cpu_migrations",
    "page_faults_min",
    "page_faults_maj",
    "alignment_faults",
    "emulation_faults",
];

/// In the order of the kernel's numbers.
const HARDWARE: [&str; 10] = [
    "cpu_cycles",
    "instructions",
    "cache_references",
    "cache_misses",
    "branch_instructions",
    "branch_misses",
    "bus_cycles",
    "stalled_cycles_frontend",
    "stalled_cycles_backend",
    "ref_cpu_cycles",
];

/// The kernel's number of an event; for an unknown name the reason.
pub(super) fn number(event: &PerfEvent) -> Result<u64, String> {
    let (kind, name, names) = match event {
        PerfEvent::Software(name) => ("software", name, &SOFTWARE[..]),
        PerfEvent::Hardware(name) => ("hardware", name, &HARDWARE[..]),
    };
    names.iter().position(|known| known == name).map(|at| at as u64).ok_or_else(|| {
        let close = similar(name, names.iter().copied(), 1).first().map(|close| format!(" (did you mean '{close}'?)"));
        let (other_kind, others) =
            if kind == "software" { ("hardware", &HARDWARE[..]) } else { ("software", &SOFTWARE[..]) };
        match others.contains(&name.as_str()) {
            true => format!(
                "event.name is '{name}', which is a {other_kind} event: {{ kind: \"{other_kind}\", name: \"{name}\" }}"
            ),
            false => format!(
                "event.name is '{name}'{}, but the {kind} events are {}",
                close.unwrap_or_default(),
                names.join(", ")
            ),
        }
    })
}

pub(super) fn label(event: &PerfEvent) -> String {
    match event {
        PerfEvent::Software(name) => format!("software event {name}"),
        PerfEvent::Hardware(name) => format!("hardware event {name}"),
    }
}

/// What the kernel is asked for; the spec was checked before.
pub(super) fn attributes(spec: &PerfSpec) -> sys::perf_event_attr {
    let mut attributes = sys::perf_event_attr {
        size: size_of::<sys::perf_event_attr>() as u32,
        type_: match spec.event {
            PerfEvent::Software(_) => sys::PERF_TYPE_SOFTWARE,
            PerfEvent::Hardware(_) => sys::PERF_TYPE_HARDWARE,
        },
        config: number(&spec.event).unwrap_or_default(),
        ..Default::default()
    };
    // It starts when the program is on it.
    attributes.set_disabled(1);
    match spec.sample {
        Sample::None => {}
        Sample::Freq(freq) => {
            attributes.set_freq(1);
            attributes.__bindgen_anon_1.sample_freq = freq;
        }
        Sample::Period(period) => attributes.__bindgen_anon_1.sample_period = period,
    }
    attributes
}

/// The frequency and the kernel's limit, if it is above that.
pub(super) fn excessive_frequency(sample: Sample) -> Option<(u64, u64)> {
    let Sample::Freq(freq) = sample else { return None };
    let limit = fs::read_to_string("/proc/sys/kernel/perf_event_max_sample_rate").ok()?.trim().parse().ok()?;
    (freq > limit).then_some((freq, limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_kernel_s_numbers() {
        let software = |name: &str| number(&PerfEvent::Software(name.to_owned()));
        let hardware = |name: &str| number(&PerfEvent::Hardware(name.to_owned()));
        assert_eq!(software("page_faults_maj"), Ok(sys::PERF_COUNT_SW_PAGE_FAULTS_MAJ.into()));
        assert_eq!(software("emulation_faults"), Ok(sys::PERF_COUNT_SW_EMULATION_FAULTS.into()));
        assert_eq!(hardware("ref_cpu_cycles"), Ok(sys::PERF_COUNT_HW_REF_CPU_CYCLES.into()));
        assert_eq!(hardware("bus_cycles"), Ok(sys::PERF_COUNT_HW_BUS_CYCLES.into()));
        assert!(software("cpu_clok").unwrap_err().contains("did you mean 'cpu_clock'?"));
        assert!(software("instructions").unwrap_err().contains("a hardware event"));
    }
}
