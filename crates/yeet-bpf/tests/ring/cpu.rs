//! How much CPU the pump uses. One test in a process of its own, because it looks at the threads of the process.

#[allow(dead_code, reason = "the other tests use the rest")]
mod support;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use support::{Producer, Request, next_chunk, number, records};
use yeet_bpf::ring::{Pump, SubscribeOpts};

const PATIENCE: Duration = Duration::from_secs(10);

/// CPU time of the pump so far.
fn pump_cpu() -> Duration {
    for task in fs::read_dir("/proc/self/task").expect("threads").flatten() {
        if fs::read_to_string(task.path().join("comm")).is_ok_and(|comm| comm.trim() == "yeet-pump") {
            let schedstat = fs::read_to_string(task.path().join("schedstat")).expect("schedstat");
            return Duration::from_nanos(
                schedstat.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("nanos"),
            );
        }
    }
    panic!("no pump thread");
}

fn open_fds() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

#[test]
fn the_pump_sleeps_unless_there_is_something_to_do() {
    let producer = Producer::load(1 << 20);
    let events = producer.map("events");
    let fds = open_fds();
    let mut pump = Pump::start(vec![events]).expect("start");
    let subscription = pump.subscribe(0, SubscribeOpts::default()).expect("subscribe");

    // Idle: no CPU at all.
    thread::sleep(Duration::from_millis(100));
    let before = pump_cpu();
    thread::sleep(Duration::from_millis(1000));
    assert_eq!(pump_cpu() - before, Duration::ZERO);

    // A trickle: each record comes at once, whatever the pace under load.
    let mut waits: Vec<Duration> = (0..200)
        .map(|index| {
            thread::sleep(Duration::from_millis(1));
            let begin = Instant::now();
            producer.produce(Request::records(index, 1, 64));
            let chunk = next_chunk(&subscription, PATIENCE).expect("a chunk");
            assert_eq!(number(records(&chunk)[0]), index);
            begin.elapsed()
        })
        .collect();
    waits.sort();
    assert!(waits[100] < Duration::from_millis(1), "median {:?}, longest {:?}", waits[100], waits[199]);

    // A record that a program holds for long: the pump looks now and then.
    let (mut next, mut last) = (0, Duration::ZERO);
    let before = pump_cpu();
    let begin = Instant::now();
    thread::scope(|scope| {
        let stalled = scope.spawn(|| {
            for index in 0..10 {
                producer.run("stall", &mut Request { first: index, count: 1 << 23, ..Request::default() });
            }
        });
        while next < 10 {
            for record in records(&next_chunk(&subscription, PATIENCE).expect("a chunk")) {
                assert_eq!(record[..8], u64::to_le_bytes(next));
                next += 1;
            }
            last = begin.elapsed();
        }
        stalled.join().expect("join");
    });
    let used = pump_cpu() - before;
    assert!(used < last / 10, "{used:?} of {last:?}");

    pump.stop();
    assert_eq!(open_fds(), fds, "the pump closes what it opened");
}
