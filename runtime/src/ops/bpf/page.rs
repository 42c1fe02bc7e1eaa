//! Many entries in one buffer, as js/bpf/page.ts reads them.

use yeet_bpf::map::Page;

const HEADER: usize = 8;

/// A u32 count, a u32 zero, the keys, zeroes up to a multiple of 8, the values. Nothing at all for no entries.
pub(crate) fn pack(page: &Page) -> Vec<u8> {
    let Some(count) = u32::try_from(page.count).ok().filter(|&count| count > 0) else {
        return Vec::new();
    };
    let values = (HEADER + page.keys.len()).next_multiple_of(8);
    let mut bytes = Vec::with_capacity(values + page.values.len());
    bytes.extend(u64::from(count).to_le_bytes());
    bytes.extend(&page.keys);
    bytes.resize(values, 0);
    bytes.extend(&page.values);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_start_aligned() {
        let page = Page { count: 3, keys: vec![1, 2, 3], values: vec![4, 5, 6] };
        assert_eq!(pack(&page), [3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 4, 5, 6]);
        assert!(pack(&Page::default()).is_empty());
    }
}
