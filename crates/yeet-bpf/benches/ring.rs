//! How many records a second go from a program in the kernel through the pump to subscribers: `cargo bench -p yeet-bpf --bench ring`.
//!
//! The producer runs flat out on one CPU, so what the ring refuses ("dropped") says how much faster it is than the pump, and the rate that
//! counts is that of the records that it took. Run as root on an otherwise idle machine with at least two CPUs.

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/ring/support.rs"]
mod support;

use std::thread;
use std::time::{Duration, Instant};

use support::{Producer, Request, next_chunk};
use yeet_bpf::ring::{Pump, SubscribeOpts, Subscription};

const RUN: Duration = Duration::from_secs(2);
const BATCH: u32 = 200_000;

/// Reads chunks to the end and looks at every record's number.
fn read(subscription: &Subscription) -> u64 {
    let mut sum = 0_u64;
    while let Some(chunk) = next_chunk(subscription, Duration::from_secs(10)) {
        let mut rest = &chunk.bytes[..];
        while let Some((header, tail)) = rest.split_first_chunk::<8>() {
            let len = u64::from_le_bytes(*header) as usize;
            sum = sum.wrapping_add(u64::from_le_bytes(tail[..8].try_into().unwrap_or_default()));
            rest = &tail[len.next_multiple_of(8)..];
        }
    }
    sum
}

/// CPU time of the pump's thread so far.
fn pump_cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").expect("threads").flatten();
    let named = |path: &std::path::Path| {
        std::fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim() == "yeet-pump")
    };
    let task = tasks.map(|task| task.path()).find(|path| named(path)).expect("the pump");
    let schedstat = std::fs::read_to_string(task.join("schedstat")).expect("schedstat");
    Duration::from_nanos(schedstat.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("nanoseconds"))
}

fn measure(ring: u32, size: u32, subscribers: usize) {
    let producer = Producer::load(ring);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let opts = SubscribeOpts { capacity: 1 << 20, byte_cap: 64 << 20 };
    let subscriptions: Vec<_> = (0..subscribers).map(|_| pump.subscribe(0, opts).expect("subscribe")).collect();
    let (produced, dropped, elapsed, cpu) = thread::scope(|scope| {
        for subscription in &subscriptions {
            scope.spawn(move || std::hint::black_box(read(subscription)));
        }
        let begin = Instant::now();
        let (mut produced, mut dropped) = (0, 0);
        while begin.elapsed() < RUN {
            let done = producer.produce(Request::records(0, BATCH, size));
            produced += done.produced;
            dropped += done.dropped;
        }
        let (elapsed, cpu) = (begin.elapsed(), pump_cpu());
        pump.stop();
        (produced, dropped, elapsed, cpu)
    });
    let lagged: u64 = subscriptions.iter().map(|subscription| subscription.stats().lagged).sum();
    println!(
        "{size:>6} B, ring {:>5} KiB, {subscribers} subscribers: {:6.2} M records/s taken, {:5.1} % dropped in the kernel, {lagged} lagged, \
         pump {:5.1} ns CPU/record ({:.0} % of a CPU)",
        ring >> 10,
        produced as f64 / elapsed.as_secs_f64() / 1e6,
        100.0 * dropped as f64 / (produced + dropped) as f64,
        cpu.as_nanos() as f64 / produced as f64,
        100.0 * cpu.as_secs_f64() / elapsed.as_secs_f64(),
    );
}

fn main() {
    for (size, subscribers) in [(16, 1), (64, 1), (128, 1), (512, 1), (64, 2), (64, 8)] {
        measure(4 << 20, size, subscribers);
    }
    measure(256 << 10, 64, 1);
}
