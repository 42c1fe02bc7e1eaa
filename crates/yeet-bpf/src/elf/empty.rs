//! Data sections without a variable: clang puts constants that it makes up itself into `.rodata`, and writes the section into BTF all the same.
//! Kernels before 5.12 refuse the whole BTF for it; libbpf then goes on without, and maps that need BTF cannot be made.

use std::ops::Range;

use super::btf::{Types, kind};

/// The first kernel that takes them.
pub(crate) const SINCE: (u32, u32) = (5, 12);

/// `const void`, which every kernel takes and nothing refers to. Ids of other types stay as they are.
const NOTHING: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, kind::CONST as u8, 0, 0, 0, 0];

/// Where in the image the types of such sections are.
pub(super) fn find(image: &[u8], btf: &[u8]) -> Vec<Range<usize>> {
    let Ok(types) = Types::parse(btf) else { return Vec::new() };
    let empty = types.iter().filter(|one| one.kind() == kind::DATASEC && one.count() == 0);
    let start = |tail: &[u8]| tail.as_ptr().addr() - image.as_ptr().addr() - NOTHING.len();
    empty.map(|one| start(one.tail())..start(one.tail()) + NOTHING.len()).collect()
}

pub(crate) fn remove(image: &mut [u8], empty: &[Range<usize>]) {
    empty.iter().for_each(|place| image[place.clone()].copy_from_slice(&NOTHING));
}

#[cfg(test)]
mod tests {
    use super::super::Image;
    use super::*;

    #[test]
    fn the_section_goes_and_the_object_stays_whole() {
        let mut image = include_bytes!("../../../../tests/fixtures/spec/maps.bpf.o").to_vec();
        let places = Image::check(&image).unwrap().empty_sections(&image);
        assert_eq!(places.len(), 1);
        let length = image.len();
        remove(&mut image, &places);
        let checked = Image::check(&image).unwrap();
        assert!(checked.empty_sections(&image).is_empty());
        assert_eq!(image.len(), length);
    }
}
