//! Walks: complete, each entry once, and they end whatever happens meanwhile.

use std::collections::HashMap;
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
    let keys: Vec<u8> = (0..20_000_u32).flat_map(|number| [32_u32.to_ne_bytes(), number.reverse_bits().to_be_bytes()].concat()).collect();
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

/// Walks while other keys come and go; the stable ones have to be met exactly once each time.
fn churn(map: Arc<Map>, key: fn(u32) -> Vec<u8>, least: u32) {
    let value = vec![1; map.value_stride()];
    for number in 0..1000 {
        map.update(&key(number), &value).expect("update");
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
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
        let mut walks = 0;
        while begin.elapsed() < Duration::from_secs(2) || walks < least {
            let met = walk(&map, [None, Some(1), Some(64)][walks as usize % 3]);
            for number in 0..1000 {
                assert_eq!(met.get(&key(number)), Some(&1), "stable key {number} in walk {walks}");
            }
            walks += 1;
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn churn_in_a_hash() {
    churn(create(MapType::Hash, 4, 8, 4000), |number| number.to_ne_bytes().to_vec(), 10);
}

#[test]
fn churn_in_a_percpu_hash() {
    churn(create(MapType::PercpuHash, 4, 8, 4000), |number| number.to_ne_bytes().to_vec(), 10);
}

#[test]
fn churn_in_a_trie() {
    let key = |number: u32| [32_u32.to_ne_bytes(), number.reverse_bits().to_be_bytes()].concat();
    churn(create(MapType::LpmTrie, 8, 8, 4000), key, 5);
}
