//! Loss is counted exactly, whatever is too slow.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use yeet_bpf::ring::{LagCause, Pump, SubscribeOpts, Subscription};

use crate::support::{Producer, Request, next_chunk, number, records, try_chunk};

const PATIENCE: Duration = Duration::from_secs(10);

/// What one subscriber saw.
#[derive(Debug, Default)]
struct Seen {
    records: u64,
    missed: u64,
}

/// Reads to the end, checks that numbers only grow, and sleeps between chunks.
fn read(subscription: &Subscription, capacity: usize, delay: Duration) -> Seen {
    let mut seen = Seen::default();
    let mut last = None;
    while let Some(chunk) = next_chunk(subscription, PATIENCE) {
        assert!(chunk.records as usize <= capacity, "{} records in a queue of {capacity}", chunk.records);
        assert_eq!(chunk.lagged > 0, chunk.lag_cause == Some(LagCause::Entries));
        seen.missed += chunk.lagged;
        for record in records(&chunk) {
            let number = number(record);
            assert!(last.is_none_or(|last| number > last), "{number} after {last:?}");
            last = Some(number);
        }
        seen.records += u64::from(chunk.records);
        let stats = subscription.stats();
        assert_eq!(stats.received, stats.delivered + stats.lagged + stats.queued);
        assert!(stats.queued <= capacity as u64);
        thread::sleep(delay);
    }
    seen
}

fn exact(capacity: usize, subscribers: usize) {
    // A small ring, so that the kernel drops too, and more records than any queue holds.
    let producer = Producer::load(64 * 1024);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let opts = SubscribeOpts { capacity, ..SubscribeOpts::default() };
    let subscriptions: Vec<_> = (0..subscribers).map(|_| pump.subscribe(0, opts).expect("subscribe")).collect();
    let (mut produced, mut dropped) = (0, 0);
    let seen: Vec<Seen> = thread::scope(|scope| {
        let readers: Vec<_> = subscriptions
            .iter()
            .enumerate()
            .map(|(index, subscription)| {
                // The first reads as fast as it can, the others are slow to different degrees.
                let delay = Duration::from_micros(500 * index as u64);
                scope.spawn(move || read(subscription, capacity, delay))
            })
            .collect();
        for round in 0..30 {
            let done = producer.produce(Request::records(round * 2000, 2000, 64));
            produced += done.produced;
            dropped += done.dropped;
        }
        pump.stop();
        readers.into_iter().map(|reader| reader.join().expect("join")).collect()
    });
    for (seen, subscription) in seen.iter().zip(&subscriptions) {
        assert_eq!(seen.records + seen.missed + dropped, 60_000, "{seen:?}, dropped in the kernel {dropped}");
        let stats = subscription.stats();
        assert_eq!(
            (stats.received, stats.delivered, stats.lagged, stats.queued),
            (produced, seen.records, seen.missed, 0)
        );
        assert_eq!(stats.kernel_dropped, None);
    }
    // The last subscriber is never fast enough for a small queue: without a loss this test would prove nothing.
    if capacity < 4096 {
        assert!(seen.last().is_some_and(|seen| seen.missed > 0), "nothing was lost");
    }
}

#[test]
fn exact_for_every_capacity_and_number_of_subscribers() {
    for capacity in [1, 16, 4096] {
        for subscribers in [1, 2, 8] {
            exact(capacity, subscribers);
        }
    }
}

#[test]
fn a_subscriber_that_never_reads_costs_the_others_nothing() {
    let producer = Producer::load(1 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let stuck = pump.subscribe(0, SubscribeOpts { capacity: 16, ..SubscribeOpts::default() }).expect("subscribe");
    let everything = SubscribeOpts { capacity: usize::MAX, byte_cap: usize::MAX };
    let others: Vec<_> = (0..7).map(|_| pump.subscribe(0, everything).expect("subscribe")).collect();
    let mut produced = 0;
    for round in 0..50 {
        produced += producer.produce(Request::records(round * 1000, 1000, 64)).produced;
    }
    pump.stop();
    for other in &others {
        let mut count = 0;
        while let Some(chunk) = next_chunk(other, PATIENCE) {
            assert_eq!(chunk.lagged, 0);
            count += u64::from(chunk.records);
        }
        assert_eq!(count, produced);
    }
    let stats = stuck.stats();
    assert_eq!((stats.received, stats.delivered, stats.lagged, stats.queued), (produced, 0, produced - 16, 16));
    let chunk = try_chunk(&stuck).expect("the newest 16");
    assert_eq!((u64::from(chunk.records), chunk.lagged), (16, produced - 16));
}

#[test]
fn counts_balance_while_everything_moves() {
    let producer = Producer::load(64 * 1024);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts { capacity: 100, byte_cap: 4000 }).expect("subscribe");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..200 {
                producer.produce(Request {
                    first: round * 500,
                    count: 500,
                    min_size: 16,
                    max_size: 300,
                    step: 1,
                    ..Request::default()
                });
            }
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            let stats = subscription.stats();
            assert_eq!(stats.received, stats.delivered + stats.lagged + stats.queued);
            if let Some(chunk) = try_chunk(&subscription) {
                assert!(chunk.bytes.len() <= 4000);
            }
        }
    });
    pump.stop();
}
