//! The one extension of ours: its ops, its built-in modules, its state.

use std::sync::Arc;

use deno_core::Extension;
use deno_web::{BlobStore, InMemoryBroadcastChannel};

use crate::ops;

deno_core::extension!(
    yeet,
    deps = [deno_webidl, deno_web],
    ops = [
        ops::process::op_exit,
        ops::process::op_park,
        ops::process::op_signal_handled,
        ops::process::op_signal_wait,
        ops::process::op_timers_live,
        ops::stdio::op_print_text,
    ],
    esm_entry_point = "ext:yeet/main.ts",
    esm = [
        dir "../js",
        "main.ts",
        "globals/args.ts",
        "globals/console.ts",
        "globals/timers.ts",
        "globals/web.ts",
        "globals/yeet.ts",
    ],
);

/// Every extension in the order in which the snapshot was made; a snapshot can only be restored with the same ones.
pub(crate) fn all() -> Vec<Extension> {
    vec![
        deno_webidl::deno_webidl::init(),
        deno_web::deno_web::init(Arc::new(BlobStore::default()), None, false, InMemoryBroadcastChannel::default()),
        yeet::init(),
    ]
}
