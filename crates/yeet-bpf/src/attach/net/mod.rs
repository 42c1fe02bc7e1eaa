//! Network interfaces: XDP and the traffic-control chain.

mod clsact;
mod filters;
mod interfaces;
mod tcx;
mod xdp;

pub(super) use clsact::Filter;
pub(super) use tcx::attach as attach_tcx;
pub(crate) use tcx::has_tcx;
pub(super) use xdp::attach as attach_xdp;

use std::os::fd::{AsFd, OwnedFd};

use super::namespace::{self, NetNs};
use super::spec::{Interface, Namespace};
use super::{Attached, Outcome};
use crate::error::{Error, Kind, Result};
use interfaces::NamedInterface;

/// Attaches to each interface that was asked for. Where all were, those that refuse are skipped and said; where some were named, the first
/// refusal is the error. `attach` is given the beginning of the sentence about its failure.
fn attach_each(
    what: &str,
    ns: &Namespace,
    wanted: Option<&[Interface]>,
    attach: impl Fn(&str, &NamedInterface, &OwnedFd) -> Result<Attached> + Send + Sync,
) -> Result<Outcome> {
    let NetNs { fd, place, doubt, .. } = namespace::open_net(ns, what)?;
    namespace::inside(fd.as_fd(), what, || {
        let chosen = interfaces::choose(what, wanted)?;
        let mut outcome = Outcome::default();
        let mut refusals = Vec::new();
        for interface in &chosen {
            let what = format!("{what} to interface {} ({}){place}", interface.name, interface.index);
            match attach(&what, interface, &fd) {
                Ok(mut attached) => {
                    attached.target += &place;
                    outcome.attached.push(attached);
                }
                Err(refusal) if wanted.is_none() => refusals.push(refusal),
                Err(refusal) => return Err(refusal),
            }
        }
        if outcome.attached.is_empty() {
            return Err(match refusals.into_iter().next() {
                Some(first) => first,
                None => Error::new(Kind::AttachFailed, format!("{what}: the namespace has no network interface")),
            });
        }
        outcome.warnings.extend(doubt);
        outcome.warnings.extend(refusals.iter().map(|refusal| format!("skipped: {refusal}")));
        Ok(outcome)
    })
}
