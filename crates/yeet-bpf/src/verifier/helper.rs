//! A call of a helper that is newer than the kernel.

use super::log::Log;
use crate::diagnose::since;

/// What helps where the verifier knows a helper by its number only (`invalid func unknown#174`). Which one it is and since when there is one
/// is then said here.
pub(super) fn missing(log: &Log<'_>) -> Option<String> {
    let (_, rest) = log.cause.as_deref()?.split_once("invalid func unknown#")?;
    let number = rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let (name, since) = since::helper(number)?;
    Some(format!(
        "this kernel does not have the helper bpf_{name}(), which came with Linux {since}: do without, or call it only \
         if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_{name}))"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_helper_becomes_its_name_and_age() {
        let log = "0: (bf) r6 = r1\n; cookie = bpf_get_attach_cookie(ctx);\n1: (85) call unknown#195896080\ninvalid func unknown#174\n";
        let hint = missing(&Log::parse(log)).unwrap();
        assert!(hint.contains("bpf_get_attach_cookie(), which came with Linux 5.15"), "{hint}");
        assert_eq!(missing(&Log::parse("1: (85) call unknown#9999\ninvalid func unknown#9999\n")), None);
        assert_eq!(missing(&Log::parse("1: (85) call x\nunknown func bpf_loop#181\n")), None);
    }
}
