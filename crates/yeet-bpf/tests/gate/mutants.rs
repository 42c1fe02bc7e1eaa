//! Random damage: whatever the gate lets through is opened and described, or refused, without a crash.

use std::fs;

use yeet_bpf::Kind;
use yeet_bpf::object;

use crate::support::fixture;

const MUTANTS: u32 = 4000;

/// xorshift64: the same damage on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    /// A byte, or one of the values at the edges of numbers.
    fn value(&mut self) -> [u8; 4] {
        match self.below(6) {
            0 => u32::MAX.to_le_bytes(),
            1 => 0u32.to_le_bytes(),
            2 => 0x7fff_ffffu32.to_le_bytes(),
            3 => (self.below(64) as u32).to_le_bytes(),
            _ => (self.below(1 << 32) as u32).to_le_bytes(),
        }
    }
}

fn damage(image: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = random.below(image.len());
        let (value, width) = (random.value(), [1, 2, 4][random.below(3)]);
        let end = (at + width).min(image.len());
        image[at..end].copy_from_slice(&value[..end - at]);
    }
    if random.below(20) == 0 {
        let length = random.below(image.len());
        image.truncate(length);
    }
}

#[test]
fn damaged_objects_open_or_are_refused() {
    let folder = std::env::temp_dir().join(format!("yeet-mutants-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("mutant.bpf.o");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut opened, mut refused) = (0, 0);
    for name in ["sections.bpf.o", "hooks.bpf.o", "rejected.bpf.o", "lanes.bpf.o"] {
        let good = fs::read(fixture(name)).unwrap();
        for _ in 0..MUTANTS / 4 {
            let mut image = good.clone();
            damage(&mut image, &mut random);
            fs::write(&path, &image).unwrap();
            match object::describe(&path) {
                Ok(_) => opened += 1,
                Err(error) => {
                    assert_eq!(error.kind(), Kind::InvalidObject, "{error}");
                    assert!(error.message().contains("mutant.bpf.o"), "{error}");
                    refused += 1;
                }
            }
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    // Both must happen, or the damage is of no use as a test.
    assert!(opened > 100 && refused > 100, "{opened} opened, {refused} refused");
}
