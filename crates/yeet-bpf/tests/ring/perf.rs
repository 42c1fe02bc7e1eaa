//! Perf event arrays: the same delivery, with the kernel's own count of what it lost.

use std::time::Duration;

use yeet_bpf::Kind;
use yeet_bpf::ring::{Pump, RingSpec, SubscribeOpts, Subscription};

use crate::support::{Producer, next_chunk, pattern, records, wait_received};

const PATIENCE: Duration = Duration::from_secs(10);

fn start(producer: &Producer, cpu_buffer: usize) -> Pump {
    Pump::start(vec![RingSpec { cpu_buffer, ..RingSpec::from(producer.map("samples")) }]).expect("start")
}

/// Number and size of a sample, after comparing its bytes. The kernel adds padding at the end.
fn number(record: &[u8]) -> u64 {
    let word = |at: usize| u64::from_le_bytes(record[at..at + 8].try_into().expect("8 bytes"));
    let size = word(8) as usize;
    assert!(
        record.len() >= size && record.len() < size + 8 && (record.len() + 4).is_multiple_of(8),
        "{} for {size}",
        record.len()
    );
    for (index, &byte) in record[..size].iter().enumerate().skip(16) {
        assert!(byte == pattern(index), "byte {index} of sample {}", word(0));
    }
    word(0)
}

fn read_to_end(subscription: &Subscription) -> u64 {
    let (mut count, mut last) = (0, None);
    while let Some(chunk) = next_chunk(subscription, PATIENCE) {
        assert_eq!(chunk.lagged, 0);
        for record in records(&chunk) {
            let number = number(record);
            assert!(last.is_none_or(|last| number > last), "{number} after {last:?}");
            last = Some(number);
            count += 1;
        }
    }
    count
}

#[test]
fn samples_of_every_size_wrap_and_arrive() {
    let producer = Producer::load(4096);
    for (buffer, count, min, max, step) in [(4096, 20, 16, 95, 1), (128 << 10, 5, 16, 20_000, 3001)] {
        let mut pump = start(&producer, buffer);
        let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
        let mut expected = 0;
        for round in 0..200 {
            let (produced, dropped) = producer.produce_samples(0, [round * count, count, min, max, step]);
            assert_eq!(dropped, 0, "the round fits the buffer");
            expected += produced;
            wait_received(&subscription, expected);
        }
        pump.stop();
        assert_eq!(read_to_end(&subscription), expected);
        assert_eq!(subscription.stats().kernel_dropped, Some(0));
    }
}

#[test]
fn what_the_kernel_lost_is_counted_exactly() {
    let producer = Producer::load(4096);
    let mut pump = start(&producer, 4096);
    let subscription = pump.subscribe(0, SubscribeOpts { capacity: 1 << 20, byte_cap: 1 << 30 }).expect("subscribe");
    let (mut produced, mut dropped) = (0, 0);
    for round in 0..50 {
        let done = producer.produce_samples(0, [round * 5000, 5000, 64, 64, 0]);
        produced += done.0;
        dropped += done.1;
    }
    assert!(dropped > 0, "the producer is faster than a buffer of one page");
    pump.stop();
    assert_eq!(read_to_end(&subscription), produced);
    assert_eq!(subscription.stats().kernel_dropped, Some(dropped));
    assert_eq!(produced + dropped, 250_000);
}

#[test]
fn a_later_subscription_counts_from_its_own_beginning() {
    let producer = Producer::load(4096);
    let mut pump = start(&producer, 4096);
    let first = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    let (produced, dropped) = producer.produce_samples(0, [0, 10_000, 64, 64, 0]);
    wait_received(&first, produced);
    // One more sample makes the pump look at the count again.
    producer.produce_samples(0, [10_000, 1, 64, 64, 0]);
    wait_received(&first, produced + 1);
    std::thread::sleep(Duration::from_millis(50));
    let second = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    assert_eq!((first.stats().kernel_dropped, second.stats().kernel_dropped), (Some(dropped), Some(0)));
    pump.stop();
}

#[test]
fn every_cpu_has_a_buffer() {
    let producer = Producer::load(4096);
    let mut pump = start(&producer, 64 << 10);
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    let online = std::thread::available_parallelism().expect("CPUs").get() as u32;
    for cpu in 0..online {
        assert_eq!(producer.produce_samples(cpu, [u64::from(cpu) * 100, 100, 32, 32, 0]), (100, 0));
        wait_received(&subscription, u64::from(cpu + 1) * 100);
    }
    pump.stop();
    assert_eq!(read_to_end(&subscription), u64::from(online) * 100);
}

#[test]
fn stop_takes_the_events_out_of_the_array() {
    let producer = Producer::load(4096);
    let map = producer.map("samples");
    drop(start(&producer, 4096));
    assert_eq!(map.delete(&0_u32.to_ne_bytes()).expect_err("the slot is empty").kind(), Kind::NotFound);
    assert_eq!(producer.produce_samples(0, [0, 5, 32, 32, 0]), (0, 5));
}
