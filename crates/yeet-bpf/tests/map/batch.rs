//! Batches: how far they came when they fail, and how much they take.

use std::collections::BTreeSet;
use std::thread;

use yeet_bpf::Kind;
use yeet_bpf::map::MapType;

use crate::support::{create, numbered, pairs};

#[test]
fn twenty_pairs_in_ten_slots() {
    for kind in [MapType::Hash, MapType::PercpuHash] {
        let map = create(kind, 4, 8, 10);
        let (keys, values, count) = numbered(&map, 0..20);
        let error = map.update_batch(&keys, &values, count).expect_err("the map is too small");
        assert_eq!(error.kind(), Kind::E2BIG);
        assert_eq!(error.facts().applied, Some(10));
        assert_eq!(error.facts().map.as_deref(), Some("some_map"));
        assert_eq!(
            error.message(),
            "cannot update 'some_map': the map is full (max_entries 10); delete entries first or raise max_entries in the object \
             (E2BIG); the batch stopped after 10 of 20 entries"
        );
        assert_eq!(map.lookup_batch(None).expect("lookup_batch").count, 10);
    }
}

#[test]
fn a_full_trie_says_the_same() {
    let map = create(MapType::LpmTrie, 8, 8, 3);
    let keys: Vec<u8> = (0..5_u32).flat_map(|number| [32_u32.to_ne_bytes(), number.to_be_bytes()].concat()).collect();
    let error = map.update_batch(&keys, &[1; 40], 5).expect_err("the map is too small");
    assert_eq!((error.kind(), error.facts().applied), (Kind::E2BIG, Some(3)), "{error}");
}

#[test]
fn delete_stops_at_the_first_missing_key() {
    let map = create(MapType::Hash, 4, 8, 100);
    let (keys, values, count) = numbered(&map, 0..10);
    map.update_batch(&keys, &values, count).expect("update");
    let (keys, _, count) = numbered(&map, [0, 1, 2, 50, 3]);
    let error = map.delete_batch(&keys, count).expect_err("key 50 is missing");
    assert_eq!((error.kind(), error.facts().applied), (Kind::NotFound, Some(3)), "{error}");
    assert_eq!(map.lookup_batch(None).expect("lookup_batch").count, 7);
}

#[test]
fn an_index_outside_an_array_stops_the_batch_before_it_begins() {
    let map = create(MapType::Array, 4, 8, 10);
    let (keys, values, count) = numbered(&map, [1, 2, 10]);
    let error = map.update_batch(&keys, &values, count).expect_err("index 10");
    assert_eq!((error.kind(), error.facts().applied), (Kind::InvalidValue, Some(0)));
    assert!(error.message().contains("index 10 is outside 'some_map' (max_entries 10)"), "{error}");
    let mut value = [0; 8];
    assert!(map.lookup(&1_u32.to_ne_bytes(), &mut value).expect("lookup"));
    assert_eq!(value, [0; 8]);
}

#[test]
fn empty_batches_do_nothing() {
    let map = create(MapType::Hash, 4, 8, 10);
    map.update_batch(&[], &[], 0).expect("update");
    map.delete_batch(&[], 0).expect("delete");
    assert_eq!(map.lookup_batch(Some(0)).expect("lookup").count, 0);
    assert_eq!(map.drain_batch(Some(0)).expect("drain").count, 0);
    assert_eq!(map.drain_batch(None).expect("drain").count, 0);
}

#[test]
fn lookup_and_drain_give_at_most_what_was_asked_for() {
    for kind in [MapType::Hash, MapType::LruHash, MapType::PercpuHash, MapType::LruPercpuHash] {
        let map = create(kind, 4, 8, 2000);
        for asked in [1, 2, 3, 7, 100, 999, 1000, 1001, u32::MAX] {
            let (keys, values, count) = numbered(&map, 0..1000);
            map.update_batch(&keys, &values, count).expect("update");
            let expected = asked.min(1000) as usize;
            assert_eq!(map.lookup_batch(Some(asked)).expect("lookup").count, expected);
            let drained = map.drain_batch(Some(asked)).expect("drain");
            assert_eq!(drained.count, expected);
            let mut seen: BTreeSet<_> = pairs(&map, &drained).into_iter().collect();
            let rest = map.drain_batch(None).expect("drain");
            assert_eq!(rest.count, 1000 - expected);
            seen.extend(pairs(&map, &rest));
            let all: BTreeSet<_> =
                keys.chunks(4).zip(values.chunks(map.value_stride())).map(|(k, v)| (k.to_vec(), v.to_vec())).collect();
            assert_eq!(seen, all);
        }
    }
}

#[test]
fn an_asked_for_count_of_billions_costs_no_memory() {
    let map = create(MapType::Hash, 4, 65_536, 100);
    let (keys, values, count) = numbered(&map, 0..3);
    map.update_batch(&keys, &values, count).expect("update");
    let page = map.lookup_batch(Some(u32::MAX)).expect("lookup");
    assert_eq!(page.count, 3);
    assert!(page.values.capacity() <= 1 << 20, "{}", page.values.capacity());
    assert_eq!(map.drain_batch(Some(u32::MAX)).expect("drain").count, 3);
}

#[test]
fn drains_from_many_threads_take_each_entry_once() {
    let map = create(MapType::Hash, 4, 8, 20_000);
    let (keys, values, count) = numbered(&map, 0..20_000);
    map.update_batch(&keys, &values, count).expect("update");
    let taken: Vec<Vec<u8>> = thread::scope(|scope| {
        let drains: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut keys = Vec::new();
                    loop {
                        let page = map.drain_batch(Some(37)).expect("drain");
                        if page.count == 0 {
                            return keys;
                        }
                        keys.extend(page.keys.chunks_exact(4).map(<[u8]>::to_vec));
                    }
                })
            })
            .collect();
        drains.into_iter().flat_map(|drain| drain.join().expect("join")).collect()
    });
    assert_eq!(taken.len(), 20_000);
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>().len(), 20_000);
}

#[test]
fn tries_and_arrays_cannot_be_drained() {
    for (kind, key) in [(MapType::LpmTrie, 8), (MapType::Array, 4)] {
        let map = create(kind, key, 8, 10);
        map.update(&vec![0; key as usize], &[0; 8]).expect("update");
        let error = map.drain_batch(Some(1)).expect_err("the kernel has no such operation");
        assert_eq!(error.kind(), Kind::Unsupported, "{error}");
        assert!(error.message().contains("read the entries, then delete them"), "{error}");
    }
    let error = create(MapType::Array, 4, 8, 10).clear().expect_err("slots cannot be deleted");
    assert_eq!(error.kind(), Kind::Unsupported, "{error}");
}
