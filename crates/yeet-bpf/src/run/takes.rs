//! What the kernel takes to run a program of each type by hand.

use super::RunSpec;

const ETHERNET_HEADER: usize = 14;

/// What programs of a type take and give back. Errors of the kernel say none of this: all are EINVAL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Takes {
    /// A packet, which they need.
    pub(super) data: bool,
    pub(super) ctx: Ctx,
    pub(super) repeat: bool,
    pub(super) cpu: bool,
    /// The packet comes back.
    pub(super) gives_data: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ctx {
    No,
    /// Read only.
    In,
    /// Comes back in a buffer of its own.
    InOut,
    /// The kernel writes into the one that it was given.
    InPlace,
    /// As `InOut`, and there is nothing to run on without.
    Needed,
}

/// `None` for a type whose programs the kernel runs only through their hooks.
pub(super) fn of(prog_type: &str) -> Option<Takes> {
    let packet = Takes { data: true, ctx: Ctx::InOut, repeat: true, cpu: false, gives_data: true };
    Some(match prog_type {
        "xdp" | "socket_filter" | "sched_cls" | "sched_act" | "cgroup_skb" | "lwt_in" | "lwt_out" | "lwt_xmit"
        | "flow_dissector" => packet,
        "netfilter" => Takes { ctx: Ctx::No, gives_data: false, ..packet },
        "sk_lookup" => Takes { data: false, ctx: Ctx::Needed, gives_data: false, ..packet },
        "raw_tracepoint" | "raw_tracepoint_writable" => {
            Takes { data: false, ctx: Ctx::In, repeat: false, cpu: true, gives_data: false }
        }
        "syscall" => Takes { data: false, ctx: Ctx::InPlace, repeat: false, cpu: false, gives_data: false },
        _ => return None,
    })
}

impl Takes {
    /// `Err` says which option is wrong, and why.
    pub(super) fn check(&self, spec: &RunSpec) -> Result<(), String> {
        match spec.data.as_ref().map(Vec::len) {
            Some(_) if !self.data => return Err("it takes no data".to_owned()),
            None if self.data => return Err("data is missing; it sees a packet, of at least 14 bytes".to_owned()),
            Some(length) if length < ETHERNET_HEADER => {
                return Err(format!(
                    "data has {length} bytes, but a packet has at least {ETHERNET_HEADER}, those of its Ethernet header"
                ));
            }
            _ => {}
        }
        if spec.ctx.is_none() && self.ctx == Ctx::Needed {
            return Err("ctx is missing".to_owned());
        }
        let refused = [
            ("ctx", spec.ctx.is_some() && self.ctx == Ctx::No),
            ("repeat", spec.repeat.is_some() && !self.repeat),
            ("cpu", spec.cpu.is_some() && !self.cpu),
        ];
        match refused.iter().find(|(_, refused)| *refused) {
            Some((option, _)) => Err(format!("it takes no {option}")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_is_checked_against_the_type() {
        let check = |prog_type: &str, spec: RunSpec| of(prog_type).unwrap().check(&spec);
        let packet = || RunSpec { data: Some(vec![0; 14]), ..RunSpec::default() };
        let ctx = || RunSpec { ctx: Some(vec![0; 8]), ..RunSpec::default() };
        assert_eq!(check("xdp", packet()), Ok(()));
        assert_eq!(check("syscall", ctx()), Ok(()));
        assert_eq!(check("sk_lookup", ctx()), Ok(()));
        assert_eq!(check("raw_tracepoint", RunSpec { cpu: Some(0), ..ctx() }), Ok(()));
        for (prog_type, spec, reason) in [
            ("xdp", ctx(), "data is missing"),
            ("xdp", RunSpec { data: Some(vec![0; 13]), ..packet() }, "data has 13 bytes"),
            ("xdp", RunSpec { cpu: Some(0), ..packet() }, "takes no cpu"),
            ("netfilter", RunSpec { ctx: Some(Vec::new()), ..packet() }, "takes no ctx"),
            ("sk_lookup", RunSpec::default(), "ctx is missing"),
            ("sk_lookup", packet(), "takes no data"),
            ("syscall", RunSpec { repeat: Some(2), ..ctx() }, "takes no repeat"),
            ("raw_tracepoint", packet(), "takes no data"),
        ] {
            assert!(check(prog_type, spec).unwrap_err().contains(reason), "{prog_type}: {reason}");
        }
        assert_eq!(of("tracing"), None);
    }
}
