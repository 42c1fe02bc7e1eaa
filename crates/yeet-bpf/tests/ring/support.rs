//! A producer in the kernel, and a subscriber that checks what it gets.

use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use libbpf_rs::{MapCore, MapFlags, Object, ObjectBuilder, ProgramInput};
use yeet_bpf::map::Map;
use yeet_bpf::ring::{Chunk, Subscription};

/// What one run of the `produce` program is asked for, in the layout of its C struct.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Request {
    pub(crate) first: u64,
    pub(crate) count: u32,
    pub(crate) min_size: u32,
    pub(crate) max_size: u32,
    pub(crate) step: u32,
    pub(crate) discard_every: u32,
    pub(crate) pad: u32,
    pub(crate) produced: u64,
    pub(crate) dropped: u64,
}

impl Request {
    pub(crate) fn records(first: u64, count: u32, size: u32) -> Self {
        Self { first, count, min_size: size, max_size: size, ..Self::default() }
    }
}

/// The loaded producer.
pub(crate) struct Producer(Object);

pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

/// The byte of every record at `index`, after its number and size.
pub(crate) fn pattern(index: usize) -> u8 {
    (index * 31 + index / 251) as u8
}

impl Producer {
    /// Loads the producer with a ring of `ring` bytes.
    pub(crate) fn load(ring: u32) -> Self {
        let mut builder = ObjectBuilder::default();
        let mut open = builder.open_file(fixture("ring/producer.bpf.o")).expect("open");
        for mut map in open.maps_mut() {
            if map.name() == "events" {
                map.set_max_entries(ring).expect("set_max_entries");
            }
        }
        let object = open.load().expect("load");
        let producer = Self(object);
        let scratch = producer.map("scratch");
        let record: Vec<u8> = (0..scratch.value_stride()).map(pattern).collect();
        scratch.update(&0_u32.to_ne_bytes(), &record).expect("update");
        producer
    }

    pub(crate) fn map(&self, name: &str) -> Arc<Map> {
        let map = self.0.maps().find(|map| map.name() == name).expect("map");
        Arc::new(Map::from_fd(map.as_fd().try_clone_to_owned().expect("dup"), name.to_owned()).expect("from_fd"))
    }

    pub(crate) fn run(&self, program: &str, request: &mut Request) {
        let program = self.0.progs_mut().find(|other| other.name() == program).expect("program");
        // SAFETY: the struct is plain data without padding, and the slice lives as long as the borrow of it.
        let bytes = unsafe { std::slice::from_raw_parts_mut(std::ptr::from_mut(request).cast(), size_of::<Request>()) };
        let output =
            program.test_run(ProgramInput { context_in: Some(bytes), ..Default::default() }).expect("test_run");
        assert_eq!(output.return_value, 0);
    }

    /// Emits and returns the request with its counts.
    pub(crate) fn produce(&self, mut request: Request) -> Request {
        self.run("produce", &mut request);
        assert_eq!(request.produced + request.dropped, u64::from(request.count));
        request
    }
}

impl Producer {
    /// Emits samples on one CPU: first, count, min_size, max_size, step. Returns how many the buffer took and how many it did not.
    pub(crate) fn produce_samples(&self, cpu: u32, arguments: [u64; 5]) -> (u64, u64) {
        let counts = || {
            let map = self.0.maps().find(|map| map.name().to_string_lossy().ends_with(".bss")).expect(".bss");
            let bytes = map.lookup(&[0; 4], MapFlags::ANY).expect("lookup").expect("a value");
            let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
            [word(0), word(8)]
        };
        let before = counts();
        let program = self.0.progs_mut().find(|program| program.name() == "produce_samples").expect("program");
        let mut context: Vec<u8> = arguments.iter().flat_map(|argument| argument.to_ne_bytes()).collect();
        let input = ProgramInput { context_in: Some(&mut context), cpu, flags: RUN_ON_CPU, ..Default::default() };
        assert_eq!(program.test_run(input).expect("test_run").return_value, 0);
        let [first, second] = counts();
        let counts = [first - before[0], second - before[1]];
        assert_eq!(counts.iter().sum::<u64>(), arguments[1]);
        (counts[0], counts[1])
    }
}

/// BPF_F_TEST_RUN_ON_CPU.
const RUN_ON_CPU: u32 = 1;

/// Wakes a thread that is parked.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for the next chunk, at most `patience`.
///
/// # Panics
/// When none comes in time.
pub(crate) fn next_chunk(subscription: &Subscription, patience: Duration) -> Option<Chunk> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let deadline = Instant::now() + patience;
    loop {
        if let Poll::Ready(chunk) = subscription.poll_chunk(&mut Context::from_waker(&waker)) {
            return chunk;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        assert!(!left.is_zero(), "no chunk within {patience:?}: {:?}", subscription.stats());
        thread::park_timeout(left);
    }
}

/// A chunk if one waits now.
pub(crate) fn try_chunk(subscription: &Subscription) -> Option<Chunk> {
    match subscription.poll_chunk(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(chunk) => chunk,
        Poll::Pending => None,
    }
}

/// The records of a chunk, checked for the shape of their frames.
pub(crate) fn records(chunk: &Chunk) -> Vec<&[u8]> {
    let mut records = Vec::new();
    let mut rest = &chunk.bytes[..];
    while let Some((header, tail)) = rest.split_first_chunk::<8>() {
        let len = u64::from_le_bytes(*header) as usize;
        let (record, tail) = tail.split_at(len);
        let (padding, tail) = tail.split_at(len.next_multiple_of(8) - len);
        assert!(padding.iter().all(|&byte| byte == 0), "padding {padding:?}");
        records.push(record);
        rest = tail;
    }
    assert!(rest.is_empty());
    assert_eq!(records.len(), chunk.records as usize);
    records
}

/// Number and size of a record of the producer, after comparing its bytes.
pub(crate) fn number(record: &[u8]) -> u64 {
    let word = |at: usize| u64::from_le_bytes(record[at..at + 8].try_into().expect("8 bytes"));
    assert_eq!(word(8), record.len() as u64, "the record's own size");
    for (index, &byte) in record.iter().enumerate().skip(16) {
        assert!(byte == pattern(index), "byte {index} of record {}", word(0));
    }
    word(0)
}

/// Waits until the subscription has received this many records.
pub(crate) fn wait_received(subscription: &Subscription, records: u64) {
    for _ in 0..1000 {
        if subscription.stats().received >= records {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("{records} records did not arrive: {:?}", subscription.stats());
}
