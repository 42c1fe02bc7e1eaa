//! The command line: words, each on its own line.
#![no_main]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use clap::Parser;
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/yeet-cli/src/args.rs"]
mod args;
#[path = "../../crates/yeet-cli/src/usage.rs"]
mod usage;

fuzz_target!(|line: &[u8]| {
    let words = line.split(|&byte| byte == b'\n').map(|word| OsString::from_vec(word.to_vec()));
    let words = std::iter::once(OsString::from("yeet")).chain(words);
    if let Err(error) = args::Args::try_parse_from(args::end_at_script(words)) {
        assert!(!usage::explain(error).is_empty());
    }
});
