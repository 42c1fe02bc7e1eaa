//! Every record arrives bit for bit, whatever its size and wherever the ring wraps.

use std::time::Duration;

use yeet_bpf::ring::{Pump, SubscribeOpts};

use crate::support::{Producer, Request, next_chunk, number, records};

const PATIENCE: Duration = Duration::from_secs(10);

/// Produces in rounds that fit the ring, reads each to its end and compares every byte.
fn roundtrip(ring: u32, request: Request, rounds: u64) {
    let producer = Producer::load(ring);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let everything = SubscribeOpts { capacity: usize::MAX, byte_cap: usize::MAX };
    let subscription = pump.subscribe(0, everything).expect("subscribe");
    let mut expected = 0;
    for _ in 0..rounds {
        let done = producer.produce(Request { first: expected, ..request });
        assert_eq!(done.dropped, 0, "the round fits the ring");
        let end = expected + done.produced;
        while expected < end {
            let chunk = next_chunk(&subscription, PATIENCE).expect("a chunk");
            assert_eq!((chunk.lagged, chunk.lag_cause), (0, None));
            for record in records(&chunk) {
                assert_eq!(number(record), expected);
                expected += 1;
            }
        }
    }
    pump.stop();
    let stats = subscription.stats();
    assert_eq!((stats.received, stats.delivered, stats.lagged, stats.queued), (expected, expected, 0, 0));
    assert_eq!(next_chunk(&subscription, PATIENCE), None);
}

#[test]
fn small_records_wrap_at_every_alignment() {
    // Sizes 16, 17, … 95: each round starts at another place of a one-page ring.
    for discard_every in [0, 1, 3] {
        let sizes = Request { count: 37, min_size: 16, max_size: 95, step: 1, discard_every, ..Request::default() };
        roundtrip(4096 * 2, sizes, 400);
    }
}

#[test]
fn large_records_wrap() {
    let sizes = Request { count: 7, min_size: 16, max_size: 60_000, step: 8_191, ..Request::default() };
    roundtrip(256 * 1024, sizes, 150);
}

#[test]
fn the_largest_record_wraps() {
    roundtrip(128 * 1024, Request { count: 1, min_size: 65_535, max_size: 65_536, step: 1, ..Request::default() }, 100);
}

#[test]
fn a_chunk_is_bounded() {
    let producer = Producer::load(4 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    for size in [16, 200, 1000, 60_000] {
        let count = if size > 1000 { 30 } else { 3000 };
        let done = producer.produce(Request::records(0, count, size));
        let mut seen = 0;
        while seen < done.produced {
            let chunk = next_chunk(&subscription, PATIENCE).expect("a chunk");
            assert!(chunk.records <= 1024, "{} records", chunk.records);
            assert!(chunk.bytes.len() <= 256 * 1024, "{} bytes", chunk.bytes.len());
            seen += u64::from(chunk.records);
        }
    }
    pump.stop();
}
