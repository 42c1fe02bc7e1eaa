//! Bloom filters, queues and stacks.

use yeet_bpf::Kind;
use yeet_bpf::map::{Map, MapType};

use crate::support::create;

#[test]
fn bloom_filters_have_no_false_negatives() {
    let map = create(MapType::BloomFilter, 0, 8, 1000);
    assert_eq!((map.info().key_size, map.info().value_size, map.info().max_entries), (0, 8, 1000));
    assert!(!map.contains(&[1; 8]).expect("contains"), "an empty filter has nothing");
    for number in 0..1000_u64 {
        map.insert(&number.to_ne_bytes()).expect("insert");
        map.insert(&number.to_ne_bytes()).expect("again");
    }
    assert!((0..1000_u64).all(|number| map.contains(&number.to_ne_bytes()).expect("contains")));
    let wrong = (1000..11_000_u64).filter(|number| map.contains(&number.to_ne_bytes()).expect("contains")).count();
    assert!(wrong < 2000, "{wrong} of 10,000 are false positives");
}

fn fill(map: &Map) {
    for number in 0..5_u32 {
        map.push(&number.to_ne_bytes()).expect("push");
    }
    let error = map.push(&[9; 4]).expect_err("full");
    assert_eq!((error.kind(), error.facts().errno), (Kind::E2BIG, Some(libc::E2BIG)), "{error}");
}

fn empty(map: &Map) -> Vec<u32> {
    let (mut numbers, mut peeked, mut popped) = (Vec::new(), [0; 4], [0; 4]);
    while map.peek(&mut peeked).expect("peek") {
        assert!(map.pop(&mut popped).expect("pop"));
        assert_eq!(peeked, popped);
        numbers.push(u32::from_ne_bytes(popped));
    }
    assert!(!map.pop(&mut popped).expect("pop"));
    numbers
}

#[test]
fn a_queue_is_first_in_first_out() {
    let map = create(MapType::Queue, 0, 4, 5);
    for _ in 0..3 {
        fill(&map);
        assert_eq!(empty(&map), [0, 1, 2, 3, 4]);
    }
}

#[test]
fn a_stack_is_last_in_first_out() {
    let map = create(MapType::Stack, 0, 4, 5);
    for _ in 0..3 {
        fill(&map);
        assert_eq!(empty(&map), [4, 3, 2, 1, 0]);
    }
}

#[test]
fn operations_of_another_kind_are_refused() {
    let bloom = create(MapType::BloomFilter, 0, 4, 10);
    let queue = create(MapType::Queue, 0, 4, 10);
    let hash = create(MapType::Hash, 4, 4, 10);
    let mut value = [0; 4];
    let errors = [
        bloom.push(&value).err(),
        bloom.lookup(&[], &mut value).err(),
        bloom.clear().err(),
        queue.insert(&value).err(),
        queue.contains(&value).err(),
        queue.update(&[], &value).err(),
        queue.drain_batch(None).err(),
        hash.push(&value).err(),
        hash.pop(&mut value).err(),
        hash.insert(&value).err(),
    ];
    for error in errors {
        assert_eq!(error.expect("an error").kind(), Kind::InvalidMapKind);
    }
}
