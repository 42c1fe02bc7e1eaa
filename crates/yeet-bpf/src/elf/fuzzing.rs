//! Parts of the gate by themselves: a mutant of a whole object seldom gets as far as these.

use super::btf::{self, Stage};
use super::{SourceLines, btf_ext};

/// Does this BTF pass, as the compiler's or as libbpf's?
pub fn passes_btf(bytes: &[u8], is_opened: bool) -> bool {
    btf::check(bytes, if is_opened { Stage::Opened } else { Stage::Raw }).is_ok()
}

/// Does this BTF.ext pass beside good BTF?
pub fn passes_btf_ext(good_btf: &[u8], bytes: &[u8]) -> bool {
    btf::check(good_btf, Stage::Raw).and_then(|types| btf_ext::check(bytes, &types)).is_ok()
}

/// Reads the line table of an image, which need not have passed.
pub fn read_lines(image: &[u8], program: &str) {
    let lines = SourceLines::read(image, program);
    for instruction in [0, 1, u64::MAX] {
        let _ = lines.of_instruction(instruction);
    }
    let _ = lines.of_text("return 0;");
}
