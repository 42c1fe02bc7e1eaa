//! The one extension of ours: its ops, its built-in modules, its state.

use std::sync::Arc;

use deno_core::Extension;
use deno_web::{BlobStore, InMemoryBroadcastChannel};

use crate::ops;
use crate::ops::bpf::BpfState;

deno_core::extension!(
    yeet,
    deps = [deno_webidl, deno_web],
    ops = [
        ops::bpf::batch::op_bpf_map_clear,
        ops::bpf::batch::op_bpf_map_delete_batch,
        ops::bpf::batch::op_bpf_map_delete_batch_async,
        ops::bpf::batch::op_bpf_map_drain_batch,
        ops::bpf::batch::op_bpf_map_lookup_batch,
        ops::bpf::batch::op_bpf_map_update_batch,
        ops::bpf::batch::op_bpf_map_update_batch_async,
        ops::bpf::iter::op_bpf_iter_close,
        ops::bpf::iter::op_bpf_iter_next,
        ops::bpf::iter::op_bpf_iter_open,
        ops::bpf::keyed::op_bpf_map_delete,
        ops::bpf::keyed::op_bpf_map_lookup,
        ops::bpf::keyed::op_bpf_map_update,
        ops::bpf::keyless::op_bpf_bloom_contains,
        ops::bpf::keyless::op_bpf_bloom_insert,
        ops::bpf::keyless::op_bpf_queue_peek,
        ops::bpf::keyless::op_bpf_queue_pop,
        ops::bpf::keyless::op_bpf_queue_push,
        ops::bpf::object::op_bpf_discard,
        ops::bpf::object::op_bpf_open,
        ops::bpf::object::op_bpf_resolve,
        ops::bpf::object::op_bpf_start,
        ops::bpf::object::op_bpf_stop,
        ops::bpf::program::op_bpf_attach,
        ops::bpf::program::op_bpf_detach,
        ops::bpf::program::op_bpf_programs,
        ops::bpf::program::op_bpf_run,
        ops::bpf::ring::op_bpf_ring_close,
        ops::bpf::ring::op_bpf_ring_next,
        ops::bpf::ring::op_bpf_ring_stats,
        ops::bpf::ring::op_bpf_ring_subscribe,
        ops::bpf::scan::op_bpf_scan_close,
        ops::bpf::scan::op_bpf_scan_next,
        ops::bpf::scan::op_bpf_scan_open,
        ops::bpf::section::op_bpf_section_read,
        ops::bpf::section::op_bpf_section_store,
        ops::process::op_exit,
        ops::process::op_park,
        ops::process::op_signal_handled,
        ops::process::op_signal_wait,
        ops::process::op_timers_live,
        ops::stdio::op_print_text,
    ],
    state = |state| {
        state.put(BpfState::default());
    },
);

/// Every extension in the order in which the snapshot was made; a snapshot can only be restored with the same ones.
pub(crate) fn all() -> Vec<Extension> {
    vec![
        deno_webidl::deno_webidl::init(),
        deno_web::deno_web::init(Arc::new(BlobStore::default()), None, false, InMemoryBroadcastChannel::default()),
        yeet::init(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every op, one a line, with what it reaches outside of V8. An op that is not in it is one that nobody has thought about.
    const OPS: &str = include_str!("ops.list");

    #[test]
    fn every_op_is_listed_with_what_it_reaches() {
        let listed: Vec<(&str, &str)> = OPS
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| line.split_once(": ").unwrap_or((line, "")))
            .collect();
        let mut there: Vec<&str> = all().iter().flat_map(|extension| extension.ops.iter().map(|op| op.name)).collect();
        there.sort_unstable();
        let names: Vec<&str> = listed.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, there, "runtime/src/ops.list against the extensions' ops");
        let reaches = ["nothing", "clock", "bpf", "object file", "working directory", "output", "process"];
        for (name, reach) in listed {
            assert!(reaches.contains(&reach), "{name} reaches `{reach}`, which is none of {reaches:?}");
        }
    }
}
