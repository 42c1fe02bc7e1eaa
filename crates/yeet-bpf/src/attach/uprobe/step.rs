//! What is decided about a user-space probe before load: the kernel wants to know then whether a program will share a link.

use libbpf_rs::{AsRawLibbpf, OpenProgramMut, Program};
use libbpf_sys as sys;

use super::feature::{SharedLinks, has_sessions, shared_links};
use super::pattern;
use crate::attach::UprobeSpec;
use crate::error::{Error, Kind, Result};
use crate::object::ProgramDecl;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UprobeStep {
    pub(super) targets: Vec<UprobeSpec>,
    /// Targets in one binary share a link.
    shared: bool,
}

impl UprobeStep {
    pub(in crate::attach) fn new(targets: Vec<UprobeSpec>, decl: &ProgramDecl) -> Result<Self> {
        let refuse = |kind, reason: String| {
            Error::new(kind, format!("program '{}' cannot be attached: {reason}", decl.name)).with_program(&decl.name)
        };
        for target in &targets {
            check(target, decl).map_err(|reason| refuse(Kind::InvalidOpts, reason))?;
        }
        let has_pid = targets.iter().any(|target| target.pid.is_some());
        let shared = choose(&decl.section, has_pid, shared_links())
            .map_err(|lacking| refuse(Kind::Unsupported, format!("SEC(\"{}\") needs {lacking}", decl.section)))?;
        if is_session(&decl.section) && !has_sessions() {
            let lacking = "session probes, which kernels have since 6.13 and this one has not";
            return Err(refuse(Kind::Unsupported, format!("SEC(\"{}\") needs {lacking}", decl.section)));
        }
        Ok(Self { targets, shared })
    }

    /// For a program that is attached later. Whether to one process or to all is not known yet, so it is loaded for what can do both.
    pub(in crate::attach) fn without_target(decl: &ProgramDecl) -> Result<Self> {
        let step = Self::new(Vec::new(), decl)?;
        let shared = is_shared(&decl.section) || shared_links() == SharedLinks::Full;
        Ok(Self { shared, ..step })
    }

    /// Tells libbpf, which has not loaded the program yet.
    pub(in crate::attach) fn prepare(&self, decl: &ProgramDecl, program: &mut OpenProgramMut<'_>) {
        if self.shared && !is_shared(&decl.section) {
            // SAFETY: the program belongs to an object that is open and not loaded.
            unsafe {
                let program = program.as_libbpf_object().as_ptr();
                sys::bpf_program__set_expected_attach_type(program, sys::BPF_TRACE_UPROBE_MULTI);
            }
        }
    }
}

fn check(target: &UprobeSpec, decl: &ProgramDecl) -> Result<(), String> {
    if target.symbol.is_some() && target.offset != 0 && is_return(&decl.section) {
        return Err(format!(
            "offset is {}, but a return probe sees the function as a whole and takes none",
            target.offset
        ));
    }
    if let Some(wanted) = &target.pattern {
        if target.symbol.is_some() || target.offset != 0 {
            return Err("match stands for whole functions; it goes neither with a symbol nor with an offset".to_owned());
        }
        pattern::compile(wanted)?;
    }
    Ok(())
}

/// Was the program loaded for shared links? It can then be attached in no other way.
pub(in crate::attach) fn is_loaded_shared(program: &Program<'_>) -> bool {
    matches!(expected_attach_type(program), sys::BPF_TRACE_UPROBE_MULTI | sys::BPF_TRACE_UPROBE_SESSION)
}

/// What the kernel was told at load.
pub(super) fn expected_attach_type(program: &Program<'_>) -> sys::bpf_attach_type {
    // SAFETY: the program belongs to a loaded object; this only reads.
    unsafe { sys::bpf_program__expected_attach_type(program.as_libbpf_object().as_ptr()) }
}

/// Will targets share a link? `Err` says what the section asks for in vain.
fn choose(section: &str, has_pid: bool, kernel: SharedLinks) -> Result<bool, &'static str> {
    match kernel {
        SharedLinks::Full => Ok(true),
        SharedLinks::WithoutPid if has_pid && is_shared(section) => {
            Err("shared links of one process, which kernels have since 6.10 and this one has not; leave out pid")
        }
        SharedLinks::WithoutPid => Ok(!has_pid),
        SharedLinks::None if is_shared(section) => {
            Err("shared links, which kernels have since 6.6 and this one has not; write it without .multi")
        }
        SharedLinks::None => Ok(false),
    }
}

/// `SEC("uprobe.multi")` and its kin, which are loaded for shared links and for nothing else.
fn is_shared(section: &str) -> bool {
    let kind = section.split('/').next().unwrap_or_default();
    kind.contains(".multi") || is_session(kind)
}

pub(super) fn is_session(section: &str) -> bool {
    section.starts_with("uprobe.session")
}

pub(super) fn is_return(section: &str) -> bool {
    section.starts_with("uretprobe")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_shared_where_the_kernel_does_it_right() {
        assert_eq!(choose("uprobe", true, SharedLinks::Full), Ok(true));
        assert_eq!(choose("uprobe", false, SharedLinks::WithoutPid), Ok(true));
        assert_eq!(choose("uprobe", true, SharedLinks::WithoutPid), Ok(false));
        assert_eq!(choose("uretprobe.s/x", false, SharedLinks::None), Ok(false));
        assert_eq!(choose("uprobe.multi.s", false, SharedLinks::WithoutPid), Ok(true));
    }

    #[test]
    fn sections_that_ask_for_more_than_the_kernel_has_are_refused() {
        assert!(choose("uprobe.multi", false, SharedLinks::None).unwrap_err().contains("since 6.6"));
        assert!(choose("uprobe.session.s", false, SharedLinks::None).unwrap_err().contains("since 6.6"));
        assert!(choose("uretprobe.multi/x", true, SharedLinks::WithoutPid).unwrap_err().contains("since 6.10"));
    }
}
