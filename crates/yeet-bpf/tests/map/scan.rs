//! Walks: complete, each entry once, and they end whatever happens meanwhile.

use std::collections::HashMap;
use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use yeet_bpf::Kind;
use yeet_bpf::map::{Map, MapType, Scan};

use crate::support::{Shape, create, numbered};

fn walk(map: &Arc<Map>, batch_size: Option<u32>) -> HashMap<Vec<u8>, u32> {
    let mut met = HashMap::new();
    let mut scan = Scan::new(Arc::clone(map), batch_size);
    while let Some(page) = scan.next_page().expect("scan") {
        assert!(page.count > 0);
        for key in page.keys.chunks_exact(map.info().key_size as usize) {
            *met.entry(key.to_vec()).or_insert(0) += 1;
        }
    }
    assert!(scan.next_page().expect("scan").is_none(), "a walk that has ended stays ended");
    met
}

#[test]
fn a_hundred_thousand_keys_each_once() {
    for kind in [MapType::Hash, MapType::PercpuHash, MapType::LruHash, MapType::Array, MapType::PercpuArray] {
        // An LRU map may evict before it is quite full.
        let entries = if kind == MapType::LruHash { 200_000 } else { 100_000 };
        let map = create(kind, 4, 8, entries);
        let (keys, values, count) = numbered(&map, 0..100_000);
        map.update_batch(&keys, &values, count).expect("update");
        let met = walk(&map, None);
        let expected = if kind.is_percpu() || kind != MapType::LruHash { 100_000 } else { met.len() };
        assert_eq!(met.len(), expected, "{kind}");
        assert!(met.len() >= 100_000, "{kind}");
        assert!(met.values().all(|&times| times == 1), "{kind}");
    }
}

#[test]
fn tries_of_any_page_size() {
    let map = create(MapType::LpmTrie, 8, 8, 20_000);
    let keys: Vec<u8> = (0..20_000_u32)
        .flat_map(|number| [32_u32.to_ne_bytes(), number.reverse_bits().to_be_bytes()].concat())
        .collect();
    map.update_batch(&keys, &vec![1; 8 * 20_000], 20_000).expect("update");
    for batch_size in [Some(1), Some(7), Some(4096), Some(u32::MAX), None] {
        let met = walk(&map, batch_size);
        assert_eq!(met.len(), 20_000);
        assert!(met.values().all(|&times| times == 1));
    }
}

#[test]
fn pages_smaller_than_a_bucket_grow() {
    // One bucket: every page below the number of entries is too small.
    let map = Shape::new(MapType::Hash, 4, 8, 1).create("tiny");
    map.update(&[1; 4], &[1; 8]).expect("update");
    assert_eq!(walk(&map, Some(1)).len(), 1);
    let map = create(MapType::Hash, 4, 8, 50_000);
    let (keys, values, count) = numbered(&map, 0..50_000);
    map.update_batch(&keys, &values, count).expect("update");
    assert_eq!(walk(&map, Some(1)).len(), 50_000);
}

#[test]
fn empty_maps_have_no_page() {
    for (kind, key) in [(MapType::Hash, 4), (MapType::LruPercpuHash, 4), (MapType::LpmTrie, 8)] {
        assert!(walk(&create(kind, key, 8, 100), None).is_empty());
    }
}

#[test]
fn maps_without_keys_cannot_be_walked() {
    let error = Scan::new(create(MapType::Queue, 0, 8, 10), None).next_page().expect_err("no keys");
    assert_eq!(error.kind(), Kind::InvalidMapKind);
    assert_eq!(error.message(), "cannot walk 'some_map': it is a map of type 'queue', not one with keys");
}

/// Kinds without batch calls go key by key: here a device map, whose keys are as free as a hash's.
#[test]
fn kinds_without_batch_calls_go_key_by_key() {
    const LOOPBACK: u32 = 1;
    let map = create(MapType::DevmapHash, 4, 4, 500);
    let keys: Vec<u8> = (0..500_u32).flat_map(|number| (7 * number).to_ne_bytes()).collect();
    map.update_batch(&keys, &LOOPBACK.to_ne_bytes().repeat(500), 500).expect("update");
    for batch_size in [Some(1), Some(64), None] {
        let met = walk(&map, batch_size);
        assert_eq!(met.len(), 500);
        assert!(met.values().all(|&times| times == 1));
    }
    assert_eq!(map.lookup_batch(Some(10)).expect("lookup_batch").count, 10);
    let error = map.update_batch(&[9; 4], &LOOPBACK.to_ne_bytes(), 1).expect_err("full");
    assert_eq!((error.kind(), error.facts().applied), (Kind::E2BIG, Some(0)), "{error}");
    let error = map.delete_batch(&[keys[..8].to_vec(), vec![9; 4]].concat(), 3).expect_err("the last key is missing");
    assert_eq!((error.kind(), error.facts().applied), (Kind::NotFound, Some(2)), "{error}");
    assert_eq!(map.clear().expect("clear"), 498);
    assert_eq!(map.drain_batch(None).expect("an empty map has nothing to drain").count, 0);
}

/// Arrays without batch calls go by index, and empty slots are left out.
#[test]
fn arrays_without_batch_calls_go_by_index() {
    let object = libbpf_rs::ObjectBuilder::default()
        .open_file(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/map/section.bpf.o"))
        .and_then(libbpf_rs::OpenObject::load)
        .expect("load");
    let program = object.progs().find(|program| program.name() == "count").expect("program");
    let map = create(MapType::ProgArray, 4, 4, 1000);
    for index in [3, 500, 999_u32] {
        map.update(&index.to_ne_bytes(), &program.as_fd().as_raw_fd().to_ne_bytes()).expect("update");
    }
    for batch_size in [Some(1), Some(64), None] {
        let mut met: Vec<_> = walk(&map, batch_size)
            .into_keys()
            .map(|key| u32::from_ne_bytes(key.try_into().expect("4 bytes")))
            .collect();
        met.sort_unstable();
        assert_eq!(met, [3, 500, 999]);
    }
}

/// Walks while other keys come and go; the stable ones have to be met exactly once each time. Returns how many walks there were, and how
/// many stable keys they missed together; none is ever met twice.
fn churn(map: Arc<Map>, key: fn(u32) -> Vec<u8>, least: u32) -> (u32, u32) {
    let value = vec![1; map.value_stride()];
    for number in 0..1000 {
        map.update(&key(number), &value).expect("update");
    }
    let done = AtomicBool::new(false);
    let (mut walks, mut missed) = (0, 0);
    thread::scope(|scope| {
        // A failed assertion must end the writers too, or the scope would wait for them for ever.
        let _stop = OnDrop(&done);
        for first in [1000, 1500] {
            let (map, value, done) = (&map, &value, &done);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    for number in first..first + 500 {
                        map.update(&key(number), value).expect("update");
                    }
                    for number in first..first + 500 {
                        map.delete(&key(number)).expect("delete");
                    }
                }
            });
        }
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(2) || walks < least {
            let met = walk(&map, [None, Some(1), Some(64)][walks as usize % 3]);
            for number in 0..1000 {
                match met.get(&key(number)) {
                    Some(times) => assert_eq!(*times, 1, "stable key {number} in walk {walks}"),
                    None => missed += 1,
                }
            }
            walks += 1;
        }
    });
    (walks, missed)
}

/// Sets the flag when it goes out of scope.
struct OnDrop<'a>(&'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn churn_in_a_hash() {
    let (_, missed) = churn(create(MapType::Hash, 4, 8, 4000), |number| number.to_ne_bytes().to_vec(), 10);
    assert_eq!(missed, 0);
}

#[test]
fn churn_in_a_percpu_hash() {
    let (_, missed) = churn(create(MapType::PercpuHash, 4, 8, 4000), |number| number.to_ne_bytes().to_vec(), 10);
    assert_eq!(missed, 0);
}

/// The kernel finds the next key of a trie without a lock, and loses a key where the branch above it is rebuilt meanwhile. That is rare: about
/// one key in a hundred walks of a thousand, with two threads that do nothing but insert and delete.
#[test]
fn churn_in_a_trie() {
    let key = |number: u32| [32_u32.to_ne_bytes(), number.reverse_bits().to_be_bytes()].concat();
    let (walks, missed) = churn(create(MapType::LpmTrie, 8, 8, 4000), key, 5);
    assert!(missed <= walks, "{missed} keys missed in {walks} walks");
}
