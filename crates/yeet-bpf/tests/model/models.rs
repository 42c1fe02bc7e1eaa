use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use loom::future::block_on;
use loom::thread;

use super::channel::Channel;
use super::frames::Frames;
use super::queue::{Bounds, Chunk, Queue, Stats};

pub(crate) const ALL: [(&str, fn()); 7] = [
    ("every_record_arrives", every_record_arrives),
    ("the_oldest_are_lost_and_counted", the_oldest_are_lost_and_counted),
    ("a_close_ends_a_waiting_reader", a_close_ends_a_waiting_reader),
    ("nothing_comes_after_a_close", nothing_comes_after_a_close),
    ("a_second_subscriber_gets_what_follows", a_second_subscriber_gets_what_follows),
    ("a_subscriber_at_the_end_is_told", a_subscriber_at_the_end_is_told),
    ("counts_add_up_at_any_moment", counts_add_up_at_any_moment),
];

const WIDE: Bounds = Bounds { records: 100, bytes: 10_000 };

/// Records of one byte each.
fn batch(numbers: &[u8]) -> Frames {
    let mut frames = Frames::with_capacity(0);
    for number in numbers {
        // SAFETY: one byte of a slice, and no second piece.
        unsafe { frames.push((number, 1), (number, 0)) };
    }
    frames
}

fn numbers(chunk: &Chunk) -> Vec<u8> {
    chunk.bytes.chunks(16).map(|frame| frame[8]).collect()
}

/// What a reader sees until the end: the records, and how many were lost.
fn read(queue: &Queue) -> (Vec<u8>, u64) {
    let (mut seen, mut lost) = (Vec::new(), 0);
    block_on(async {
        while let Some(chunk) = poll_fn(|cx| queue.poll_chunk(cx)).await {
            seen.extend(numbers(&chunk));
            lost += chunk.lagged;
        }
    });
    (seen, lost)
}

/// The pump's thread.
fn pump(channel: &Arc<Channel>, batches: &'static [&'static [u8]]) -> thread::JoinHandle<()> {
    let channel = Arc::clone(channel);
    thread::spawn(move || {
        for numbers in batches {
            channel.publish(batch(numbers));
        }
        channel.end(None);
    })
}

fn every_record_arrives() {
    let channel = Arc::new(Channel::new(WIDE, false));
    let pump = pump(&channel, &[&[1, 2], &[3]]);
    let (queue, _) = channel.join(WIDE);
    assert_eq!(read(&queue), (vec![1, 2, 3], 0));
    pump.join().unwrap();
}

fn the_oldest_are_lost_and_counted() {
    const NARROW: Bounds = Bounds { records: 2, bytes: 10_000 };
    let channel = Arc::new(Channel::new(WIDE, false));
    let pump = pump(&channel, &[&[1, 2], &[3, 4]]);
    // The bounds change under the pump's hands.
    let (queue, _) = channel.join(NARROW);
    let (seen, lost) = read(&queue);
    pump.join().unwrap();
    assert_eq!(seen.len() as u64 + lost, 4, "{seen:?}");
    assert!(seen.is_sorted() && seen.ends_with(&[3, 4]), "{seen:?}");
    assert_eq!(queue.stats(), Stats { received: 4, delivered: seen.len() as u64, lagged: lost, ..Stats::default() });
}

fn a_close_ends_a_waiting_reader() {
    let channel = Arc::new(Channel::new(WIDE, false));
    let (queue, _) = channel.join(WIDE);
    let (leaving, left) = (Arc::clone(&channel), Arc::clone(&queue));
    let script = thread::spawn(move || leaving.leave(&left));
    // Without a wake-up by the close this would wait for ever, which loom reports as a deadlock.
    assert_eq!(read(&queue), (vec![], 0));
    script.join().unwrap();
}

fn nothing_comes_after_a_close() {
    let channel = Arc::new(Channel::new(WIDE, false));
    let pump = pump(&channel, &[&[1], &[2]]);
    let (queue, _) = channel.join(WIDE);
    channel.leave(&queue);
    assert_eq!(queue.poll_chunk(&mut Context::from_waker(Waker::noop())), Poll::Ready(None));
    pump.join().unwrap();
    assert_eq!(queue.poll_chunk(&mut Context::from_waker(Waker::noop())), Poll::Ready(None));
}

fn a_second_subscriber_gets_what_follows() {
    let channel = Arc::new(Channel::new(WIDE, false));
    let (first, _) = channel.join(WIDE);
    let pump = pump(&channel, &[&[1], &[2]]);
    let (second, _) = channel.join(WIDE);
    let (late, lost) = read(&second);
    assert!(lost == 0 && [1, 2].ends_with(&late), "{late:?}");
    assert_eq!(read(&first), (vec![1, 2], 0));
    pump.join().unwrap();
}

fn a_subscriber_at_the_end_is_told() {
    let channel = Arc::new(Channel::new(WIDE, false));
    let (first, _) = channel.join(WIDE);
    channel.leave(&first);
    let pump = pump(&channel, &[&[1]]);
    let (queue, _) = channel.join(WIDE);
    let (seen, lost) = read(&queue);
    assert!(lost == 0 && [1].ends_with(&seen), "{seen:?}");
    pump.join().unwrap();
}

fn counts_add_up_at_any_moment() {
    const ONE: Bounds = Bounds { records: 1, bytes: 10_000 };
    let channel = Arc::new(Channel::new(ONE, false));
    let (queue, _) = channel.join(ONE);
    let pump = pump(&channel, &[&[1], &[2]]);
    for _ in 0..2 {
        let Stats { received, delivered, lagged, queued, .. } = queue.stats();
        assert_eq!(received, delivered + lagged + queued);
        let _ = queue.poll_chunk(&mut Context::from_waker(Waker::noop()));
    }
    pump.join().unwrap();
}
