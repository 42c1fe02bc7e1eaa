//! Every keyed kind against a model: random operations, and after each sequence the same contents.

use std::collections::BTreeMap;
use std::sync::Arc;

use yeet_bpf::Kind;
use yeet_bpf::map::{Map, MapType, Scan};

use crate::support::{Shape, create, pairs};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// A kind with what its keys and its fullness are like.
struct Subject {
    map: Arc<Map>,
    model: Model,
    rng: fastrand::Rng,
    /// Makes the n-th key.
    key: fn(u8) -> Vec<u8>,
    /// Whether a full map refuses another key.
    bounded: bool,
}

impl Subject {
    fn value(&mut self) -> Vec<u8> {
        let map = &self.map;
        let (size, stride) = (map.info().value_size as usize, map.value_stride());
        // Between two CPUs' values lies padding that the kernel may give back as zeros.
        let slot = if stride == size { size } else { size.next_multiple_of(8) };
        let mut value = vec![0; stride];
        for cpu in value.chunks_exact_mut(slot) {
            self.rng.fill(&mut cpu[..size]);
        }
        value
    }

    fn random_key(&mut self) -> Vec<u8> {
        (self.key)(self.rng.u8(0..24))
    }

    fn full(&self) -> bool {
        self.bounded && self.model.len() == self.map.info().max_entries as usize
    }

    fn update(&mut self) {
        let (key, value) = (self.random_key(), self.value());
        let fits = self.model.contains_key(&key) || !self.full();
        match self.map.update(&key, &value) {
            Ok(()) => {
                assert!(fits, "the map took one too many");
                self.model.insert(key, value);
            }
            Err(error) => {
                assert_eq!((error.kind(), fits), (Kind::E2BIG, false), "{error}");
            }
        }
    }

    fn lookup(&mut self) {
        let key = self.random_key();
        let mut value = vec![0xEE; self.map.value_stride()];
        let found = self.map.lookup(&key, &mut value).expect("lookup");
        assert_eq!(found.then_some(&value), self.model.get(&key));
        if !found {
            assert!(value.iter().all(|&byte| byte == 0xEE), "a miss leaves the buffer alone");
        }
    }

    /// What a trie's lookup of a whole address finds: the value of the longest prefix.
    fn lookup_longest_prefix(&mut self) {
        let word = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().expect("4 bytes"));
        let address = self.random_key()[4..].to_vec();
        let mut value = vec![0; 8];
        let found = self.map.lookup(&[&32_u32.to_ne_bytes()[..], &address].concat(), &mut value).expect("lookup");
        let matching = |prefix: &[u8]| {
            let bits = u32::from_ne_bytes(prefix[..4].try_into().expect("4 bytes"));
            (bits == 0 || (word(&prefix[4..]) ^ word(&address)) >> (32 - bits) == 0).then_some(bits)
        };
        let best = self.model.iter().filter_map(|(key, value)| Some((matching(key)?, value))).max();
        assert_eq!(found.then_some(&value), best.map(|(_, value)| value));
    }

    fn delete(&mut self) {
        let key = self.random_key();
        match (self.map.delete(&key), self.model.remove(&key)) {
            (Ok(()), Some(_)) => {}
            (Err(error), None) => assert_eq!(error.kind(), Kind::NotFound),
            (result, expected) => panic!("{result:?} for {expected:?}"),
        }
    }

    fn update_batch(&mut self) {
        let count = self.rng.u32(0..6);
        let pairs: Vec<_> = (0..count).map(|_| (self.random_key(), self.value())).collect();
        let (keys, values): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
        let result = self.map.update_batch(&keys.concat(), &values.concat(), count);
        let mut applied = 0;
        for (key, value) in pairs {
            if !self.model.contains_key(&key) && self.full() {
                break;
            }
            self.model.insert(key, value);
            applied += 1;
        }
        match result {
            Ok(()) => assert_eq!(applied, count),
            Err(error) => {
                assert_eq!((error.kind(), error.facts().applied), (Kind::E2BIG, Some(applied.into())), "{error}")
            }
        }
    }

    fn delete_batch(&mut self) {
        let count = self.rng.u32(0..4);
        let keys: Vec<_> = (0..count).map(|_| self.random_key()).collect();
        let result = self.map.delete_batch(&keys.concat(), count);
        let applied = keys.iter().take_while(|key| self.model.remove(*key).is_some()).count();
        match result {
            Ok(()) => assert_eq!(applied, count as usize),
            Err(error) => {
                assert_eq!((error.kind(), error.facts().applied), (Kind::NotFound, Some(applied as u64)), "{error}")
            }
        }
    }

    fn drain(&mut self) {
        let count = self.rng.u32(0..5);
        let page = self.map.drain_batch(Some(count)).expect("drain");
        assert_eq!(page.count, self.model.len().min(count as usize));
        for (key, value) in pairs(&self.map, &page) {
            assert_eq!(self.model.remove(&key), Some(value));
        }
    }

    /// The whole contents, by every way there is.
    fn compare(&mut self) {
        let page_size = self.rng.bool().then(|| self.rng.u32(1..40));
        let mut scan = Scan::new(Arc::clone(&self.map), page_size);
        let mut all = Vec::new();
        while let Some(page) = scan.next_page().expect("scan") {
            assert!(page.count > 0);
            all.extend(pairs(&self.map, &page));
        }
        assert_eq!(all.len(), self.model.len());
        assert_eq!(all.into_iter().collect::<Model>(), self.model);
        let page = self.map.lookup_batch(None).expect("lookup_batch");
        assert_eq!(pairs(&self.map, &page).into_iter().collect::<Model>(), self.model);
        let some = self.map.lookup_batch(Some(3)).expect("lookup_batch");
        assert_eq!(some.count, self.model.len().min(3));
    }

    fn run(mut self, sequences: u32) {
        for _ in 0..sequences {
            for _ in 0..20 {
                match self.rng.u8(0..10) {
                    0..=3 => self.update(),
                    4..=5 => self.lookup(),
                    6 => self.delete(),
                    7 => self.update_batch(),
                    8 => self.delete_batch(),
                    _ => self.drain(),
                }
            }
            self.compare();
            if self.rng.u8(0..20) == 0 {
                assert_eq!(self.map.clear().expect("clear"), self.model.len() as u64);
                self.model.clear();
            }
        }
    }
}

fn plain_key(number: u8) -> Vec<u8> {
    vec![number, 7, 7, 7, number, 0]
}

/// A prefix length and four bytes, of which the trie keeps the prefix: nested prefixes, and the empty one.
fn lpm_key(number: u8) -> Vec<u8> {
    let bits: u32 = [0, 8, 16, 24, 31, 32][usize::from(number % 6)];
    let address = u32::from_be_bytes([10, number / 6, number / 12, number]);
    let kept = if bits == 0 { 0 } else { address & (u32::MAX << (32 - bits)) };
    [bits.to_ne_bytes(), kept.to_be_bytes()].concat()
}

fn subject(map: Arc<Map>, key: fn(u8) -> Vec<u8>, bounded: bool) -> Subject {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    Subject { map, model: Model::new(), rng: fastrand::Rng::with_seed(seed), key, bounded }
}

const SEQUENCES: u32 = 10_000;

#[test]
fn hash() {
    subject(create(MapType::Hash, 6, 11, 16), plain_key, true).run(SEQUENCES);
}

#[test]
fn hash_without_preallocation() {
    let map = Shape::new(MapType::Hash, 6, 8, 16).flags(libbpf_sys::BPF_F_NO_PREALLOC).create("some_map");
    subject(map, plain_key, true).run(SEQUENCES / 4);
}

#[test]
fn percpu_hash() {
    subject(create(MapType::PercpuHash, 6, 5, 16), plain_key, true).run(SEQUENCES);
}

/// Large enough that nothing is evicted, so that the model stays simple; eviction has a test of its own.
#[test]
fn lru_hash() {
    subject(create(MapType::LruHash, 6, 8, 4096), plain_key, false).run(SEQUENCES);
}

#[test]
fn lru_percpu_hash() {
    subject(create(MapType::LruPercpuHash, 6, 12, 4096), plain_key, false).run(SEQUENCES);
}

#[test]
fn lpm_trie() {
    let mut subject = subject(create(MapType::LpmTrie, 8, 8, 16), lpm_key, true);
    for _ in 0..SEQUENCES {
        for _ in 0..20 {
            match subject.rng.u8(0..10) {
                0..=4 => subject.update(),
                5 => subject.update_batch(),
                6 => subject.delete(),
                7 => subject.delete_batch(),
                _ => subject.lookup_longest_prefix(),
            }
        }
        subject.compare();
    }
}

fn array(kind: MapType) {
    let map = create(kind, 4, 12, 10);
    let mut subject = subject(map, |number| u32::from(number % 10).to_ne_bytes().to_vec(), false);
    for index in 0..10_u32 {
        subject.model.insert(index.to_ne_bytes().to_vec(), vec![0; subject.map.value_stride()]);
    }
    for _ in 0..SEQUENCES {
        for _ in 0..20 {
            match subject.rng.u8(0..4) {
                0 | 1 => subject.update(),
                2 => subject.lookup(),
                _ => subject.update_batch(),
            }
        }
        subject.compare();
    }
}

#[test]
fn arrays() {
    array(MapType::Array);
}

#[test]
fn percpu_arrays() {
    array(MapType::PercpuArray);
}

#[test]
fn lru_maps_evict_silently() {
    for kind in [MapType::LruHash, MapType::LruPercpuHash] {
        let map = create(kind, 4, 8, 64);
        let value = vec![1; map.value_stride()];
        for number in 0..1000_u32 {
            map.update(&number.to_ne_bytes(), &value).expect("an LRU map is never full");
        }
        let left = map.lookup_batch(None).expect("lookup_batch").count;
        assert!((1..=64).contains(&left), "{left}");
    }
}
