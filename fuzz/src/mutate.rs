//! Damage that a gate has to think about: words inside sections, where bytes at random would mostly hit code.

use libfuzzer_sys::fuzzer_mutate;

use crate::elf;
use crate::random::Random;

/// Changes some words of some sections, or leaves the change to libFuzzer. Gives the new size.
pub fn object(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    let sections = elf::sections(&data[..size]);
    if sections.is_empty() || random.below(4) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    for _ in 0..=random.below(4) {
        let section = sections[random.below(sections.len())].clone();
        words(&mut data[section], &mut random);
    }
    size
}

/// The same for a table of words that is no file.
pub fn table(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    if size < 8 || random.below(2) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    for _ in 0..=random.below(4) {
        words(&mut data[..size], &mut random);
    }
    size
}

/// One change of one word, of two to eight bytes, at its natural alignment.
fn words(bytes: &mut [u8], random: &mut Random) {
    let width = [2, 4, 4, 4, 8][random.below(5)].min(bytes.len());
    let at = random.below(bytes.len() / width) * width;
    let mut old = [0; 8];
    old[..width].copy_from_slice(&bytes[at..at + width]);
    let old = u64::from_le_bytes(old);
    let new = match random.below(8) {
        0 => u64::MAX,
        1 => 0,
        2 => u64::MAX >> 1 >> (64 - 8 * width),
        3 => old.wrapping_add(1),
        4 => old.wrapping_sub(1),
        5 => old ^ 1 << random.below(8 * width),
        6 => {
            let from = random.below(bytes.len() / width) * width;
            let mut other = [0; 8];
            other[..width].copy_from_slice(&bytes[from..from + width]);
            u64::from_le_bytes(other)
        }
        _ => random.below(128) as u64,
    };
    bytes[at..at + width].copy_from_slice(&new.to_le_bytes()[..width]);
}
