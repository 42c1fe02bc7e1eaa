//! Who gets which records, in which order.

use std::time::Duration;

use yeet_bpf::Kind;
use yeet_bpf::ring::{LagCause, Pump, RingSpec, SubscribeOpts, Subscription};

use crate::support::{Producer, Request, next_chunk, number, records, try_chunk, wait_received};

const PATIENCE: Duration = Duration::from_secs(10);

/// Reads until the record before `end` has come, and returns the first and how many.
fn read_to(subscription: &Subscription, end: u64) -> (u64, u64) {
    let (mut first, mut next) = (None, 0);
    loop {
        let chunk = next_chunk(subscription, PATIENCE).expect("a chunk");
        for record in records(&chunk) {
            let number = number(record);
            match first {
                None => first = Some(number),
                Some(_) => assert_eq!(number, next, "order"),
            }
            next = number + 1;
        }
        if next == end {
            let first = first.unwrap_or(end);
            return (first, end - first);
        }
    }
}

#[test]
fn records_before_the_first_subscription_wait_for_it() {
    let producer = Producer::load(1 << 20);
    let map = producer.map("events");
    assert_eq!(producer.produce(Request::records(0, 100, 64)).produced, 100);
    let mut pump = Pump::start(vec![map]).expect("start");
    assert_eq!(producer.produce(Request::records(100, 100, 64)).produced, 100);
    let first = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    wait_received(&first, 200);
    let second = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    assert_eq!(producer.produce(Request::records(200, 100, 64)).produced, 100);
    assert_eq!(read_to(&first, 300), (0, 300));
    assert_eq!(read_to(&second, 300), (200, 100));
    pump.stop();
}

#[test]
fn the_backlog_is_bounded_and_its_loss_is_told() {
    let producer = Producer::load(1 << 20);
    let backlog = SubscribeOpts { capacity: 10, ..SubscribeOpts::default() };
    let mut pump = Pump::start(vec![RingSpec { backlog, ..RingSpec::from(producer.map("events")) }]).expect("start");
    assert_eq!(producer.produce(Request::records(0, 1000, 64)).produced, 1000);
    pump.stop();
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    let chunk = next_chunk(&subscription, PATIENCE).expect("a chunk");
    assert_eq!((chunk.records, chunk.lagged, chunk.lag_cause), (10, 990, Some(LagCause::Entries)));
    assert_eq!(number(records(&chunk)[0]), 990);
    assert_eq!(next_chunk(&subscription, PATIENCE), None);
}

#[test]
fn a_smaller_subscription_cuts_the_backlog() {
    let producer = Producer::load(1 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    assert_eq!(producer.produce(Request::records(0, 500, 64)).produced, 500);
    pump.stop();
    let byte_cap = 3 * 72 + 5;
    let subscription = pump.subscribe(0, SubscribeOpts { capacity: 100, byte_cap }).expect("subscribe");
    let chunk = next_chunk(&subscription, PATIENCE).expect("a chunk");
    assert_eq!((chunk.records, chunk.lagged, chunk.lag_cause), (3, 497, Some(LagCause::Bytes)));
}

#[test]
fn a_record_larger_than_the_cap_is_told_as_lost() {
    let producer = Producer::load(1 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts { capacity: 100, byte_cap: 1000 }).expect("subscribe");
    assert_eq!(producer.produce(Request::records(0, 1, 2000)).produced, 1);
    let chunk = next_chunk(&subscription, PATIENCE).expect("a chunk");
    assert_eq!((chunk.records, chunk.lagged, chunk.lag_cause), (0, 1, Some(LagCause::Bytes)));
    assert!(chunk.bytes.is_empty());
    assert_eq!(producer.produce(Request::records(1, 1, 100)).produced, 1);
    let chunk = next_chunk(&subscription, PATIENCE).expect("a chunk");
    assert_eq!((chunk.records, chunk.lagged), (1, 0));
    pump.stop();
}

#[test]
fn nothing_comes_out_after_a_close_and_the_counts_stay() {
    let producer = Producer::load(1 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    let other = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    assert_eq!(producer.produce(Request::records(0, 2000, 64)).produced, 2000);
    wait_received(&subscription, 2000);
    let taken = u64::from(next_chunk(&subscription, PATIENCE).expect("a chunk").records);
    subscription.close();
    assert_eq!(next_chunk(&subscription, PATIENCE), None);
    let stats = subscription.stats();
    assert_eq!((stats.received, stats.delivered, stats.lagged, stats.queued), (2000, taken, 0, 2000 - taken));
    assert_eq!(producer.produce(Request::records(2000, 10, 64)).produced, 10);
    assert_eq!(read_to(&other, 2010), (0, 2010));
    assert_eq!(subscription.stats(), stats);
    assert_eq!(try_chunk(&subscription), None);
    pump.stop();
}

#[test]
fn close_ends_a_wait() {
    let producer = Producer::load(1 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| next_chunk(&subscription, PATIENCE));
        std::thread::sleep(Duration::from_millis(50));
        subscription.close();
        assert_eq!(waiting.join().expect("join"), None);
    });
    pump.stop();
}

#[test]
fn several_rings_have_their_own_streams() {
    let producers = [Producer::load(4096), Producer::load(1 << 20), Producer::load(1 << 16)];
    let maps: Vec<_> = producers.iter().map(|producer| producer.map("events")).collect();
    let mut pump = Pump::start(maps).expect("start");
    for (ring, producer) in producers.iter().enumerate() {
        let subscription = pump.subscribe(ring, SubscribeOpts::default()).expect("subscribe");
        assert_eq!(producer.produce(Request::records(1000 * ring as u64, 20, 64)).produced, 20);
        assert_eq!(read_to(&subscription, 1000 * ring as u64 + 20), (1000 * ring as u64, 20));
    }
    let missing = pump.subscribe(3, SubscribeOpts::default()).err().expect("an error");
    assert_eq!(missing.kind(), Kind::NotFound);
    pump.stop();
}
