//! How much memory queues take. In a process of its own, because it looks at the memory of the process.

#[allow(dead_code, reason = "the other tests use the rest")]
mod support;

use std::thread;
use std::time::Duration;

use support::{Producer, Request};
use yeet_bpf::ring::{Pump, SubscribeOpts};

#[test]
fn memory_follows_the_caps() {
    let producer = Producer::load(16 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let opts = SubscribeOpts { capacity: usize::MAX, byte_cap: 1 << 20 };
    let stuck: Vec<_> = (0..4).map(|_| pump.subscribe(0, opts).expect("subscribe")).collect();
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").expect("statm");
        statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).expect("pages") * 4096
    };
    producer.produce(Request::records(0, 10_000, 1000));
    thread::sleep(Duration::from_millis(100));
    let before = resident();
    for round in 0..40 {
        producer.produce(Request::records(round * 10_000, 10_000, 1000));
    }
    pump.stop();
    let grown = resident().saturating_sub(before);
    // 400 MB went through queues of 1 MiB each; the ring itself is 16 MiB of shared pages.
    assert!(grown < 32 << 20, "grew by {grown} bytes");
    for subscription in &stuck {
        assert!(subscription.stats().queued * 1008 <= 1 << 20);
    }
}
