//! Start, sleep, stop, and what goes wrong in between.

use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use yeet_bpf::Kind;
use yeet_bpf::map::Map;
use yeet_bpf::ring::{Pump, SubscribeOpts};

use crate::support::{Producer, Request, next_chunk, try_chunk, wait_received};

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn stop_takes_what_the_ring_still_holds() {
    for _ in 0..20 {
        let producer = Producer::load(1 << 20);
        let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
        let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
        let done = producer.produce(Request::records(0, 3000, 64));
        pump.stop();
        pump.stop();
        let mut count = 0;
        while let Some(chunk) = next_chunk(&subscription, PATIENCE) {
            count += u64::from(chunk.records);
        }
        assert_eq!(count, done.produced);
        assert!(subscription.failure().is_none());
        let late = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
        assert_eq!(next_chunk(&late, PATIENCE), None);
    }
}

#[test]
fn stop_while_programs_produce() {
    let producer = Producer::load(1 << 20);
    thread::scope(|scope| {
        let events = producer.map("events");
        let producing = scope.spawn(|| {
            for round in 0..100 {
                producer.produce(Request::records(round * 5000, 5000, 64));
            }
        });
        for _ in 0..20 {
            let pump = Pump::start(vec![Arc::clone(&events)]).expect("start");
            let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
            thread::sleep(Duration::from_millis(2));
            let begin = Instant::now();
            drop(pump);
            assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
            while next_chunk(&subscription, PATIENCE).is_some() {}
            let stats = subscription.stats();
            assert_eq!(stats.received, stats.delivered + stats.lagged);
        }
        producing.join().expect("join");
    });
}

#[test]
fn a_damaged_ring_is_an_error_for_its_subscribers_alone() {
    let damaged = Producer::load(4096);
    let sound = Producer::load(4096);
    let map = damaged.map("events");
    let mut pump = Pump::start(vec![Arc::clone(&map), sound.map("events")]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    let other = pump.subscribe(1, SubscribeOpts::default()).expect("subscribe");
    // Moving the consumer position to the producer's, again and again, lets the kernel overwrite records that the pump has not read.
    let positions = Positions::map(&map);
    let damaged_in_time = thread::scope(|scope| {
        let meddling = scope.spawn(|| {
            let begin = Instant::now();
            while subscription.failure().is_none() && begin.elapsed() < PATIENCE {
                positions.skip_to_producer();
            }
            subscription.failure().is_some()
        });
        while !meddling.is_finished() {
            damaged.produce(Request {
                first: u64::MAX / 3,
                count: 5000,
                min_size: 16,
                max_size: 90,
                step: 7,
                ..Request::default()
            });
        }
        meddling.join().expect("join")
    });
    assert!(damaged_in_time, "the damage was not noticed");
    while next_chunk(&subscription, PATIENCE).is_some() {}
    let failure = subscription.failure().expect("a reason");
    assert_eq!(failure.kind(), Kind::Io);
    assert!(failure.message().contains("'events' is damaged"), "{failure}");
    assert_eq!(failure.facts().map.as_deref(), Some("events"));
    sound.produce(Request::records(0, 5, 64));
    assert_eq!(next_chunk(&other, PATIENCE).map(|chunk| chunk.records), Some(5));
    pump.stop();
    assert!(other.failure().is_none());
}

/// The two position pages of a ring, as any process with its descriptor can map them.
struct Positions {
    consumer: *mut libc::c_void,
    producer: *mut libc::c_void,
}

// SAFETY: both pages are only touched through atomics.
unsafe impl Sync for Positions {}

impl Positions {
    fn map(map: &Map) -> Self {
        let page = |offset, prot| {
            let fd = map.fd().as_raw_fd();
            // SAFETY: a new mapping at an address of the kernel's choice.
            let page = unsafe { libc::mmap(std::ptr::null_mut(), 4096, prot, libc::MAP_SHARED, fd, offset) };
            assert_ne!(page, libc::MAP_FAILED);
            page
        };
        Self { consumer: page(0, libc::PROT_READ | libc::PROT_WRITE), producer: page(4096, libc::PROT_READ) }
    }

    fn skip_to_producer(&self) {
        // SAFETY: both pages begin with an aligned position and are mapped as long as `self` lives.
        let (consumer, producer) =
            unsafe { (AtomicU64::from_ptr(self.consumer.cast()), AtomicU64::from_ptr(self.producer.cast())) };
        consumer.store(producer.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

impl Drop for Positions {
    fn drop(&mut self) {
        for page in [self.consumer, self.producer] {
            // SAFETY: what mmap returned, and nothing borrows from it any more.
            unsafe { libc::munmap(page, 4096) };
        }
    }
}

/// A waker that fails when it is called.
struct Broken;

impl Wake for Broken {
    fn wake(self: Arc<Self>) {
        panic!("this waker is broken on purpose");
    }
}

#[test]
fn a_panic_of_the_thread_ends_the_streams_with_a_reason() {
    let producer = Producer::load(1 << 20);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    let waker = Waker::from(Arc::new(Broken));
    assert_eq!(subscription.poll_chunk(&mut Context::from_waker(&waker)), Poll::Pending);
    producer.produce(Request::records(0, 3, 64));
    // Polling before the records are there would put another waker in the place of the broken one.
    wait_received(&subscription, 3);
    assert_eq!(next_chunk(&subscription, PATIENCE).map(|chunk| chunk.records), Some(3));
    assert_eq!(next_chunk(&subscription, PATIENCE), None);
    let failure = subscription.failure().expect("a reason");
    assert!(failure.message().contains("broken on purpose"), "{failure}");
    pump.stop();
}

#[test]
fn other_maps_are_refused() {
    let producer = Producer::load(4096);
    let error = Pump::start(vec![producer.map("scratch")]).err().expect("an error");
    assert_eq!(error.kind(), Kind::InvalidMapKind);
    assert_eq!(error.message(), "cannot read 'scratch' as a ring buffer: it is a map of type 'array'");
}

#[test]
fn a_dropped_subscription_leaves_the_pump_at_work() {
    let producer = Producer::load(1 << 16);
    let mut pump = Pump::start(vec![producer.map("events")]).expect("start");
    drop(pump.subscribe(0, SubscribeOpts::default()).expect("subscribe"));
    for round in 0..20 {
        let done = producer.produce(Request::records(round, 200, 64));
        assert_eq!(done.dropped, 0, "the ring is drained although nobody listens");
        thread::sleep(Duration::from_millis(5));
    }
    let late = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");
    assert_eq!(try_chunk(&late), None);
    pump.stop();
}
