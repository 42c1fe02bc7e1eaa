//! What an entry costs by page size and by way: `cargo bench -p yeet-bpf --bench map`. The default page sizes come from here.

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/map/support.rs"]
mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use support::{create, numbered};
use yeet_bpf::map::{Map, MapType, Scan};

const ENTRIES: u32 = 100_000;

/// The fastest of several runs, in nanoseconds for each of `entries`.
fn best(entries: u32, mut run: impl FnMut()) -> f64 {
    let fastest = (0..7)
        .map(|_| {
            let begin = Instant::now();
            run();
            begin.elapsed()
        })
        .min()
        .unwrap_or(Duration::ZERO);
    fastest.as_nanos() as f64 / f64::from(entries)
}

fn filled(kind: MapType, value: u32, entries: u32) -> Arc<Map> {
    let map = create(kind, 4, value, entries);
    let (keys, values, count) = numbered(&map, 0..entries);
    map.update_batch(&keys, &values, count).expect("update");
    map
}

fn scans(kind: MapType, value: u32, entries: u32) {
    let map = filled(kind, value, entries);
    print!("scan {kind:>12}, values of {value:>5} B, ns/entry by page size:");
    for page in [16, 64, 256, 1024, 4096, 16_384] {
        let cost = best(entries, || {
            let mut scan = Scan::new(Arc::clone(&map), Some(page));
            while let Some(page) = scan.next_page().expect("scan") {
                std::hint::black_box(page);
            }
        });
        print!("  {page}: {cost:.0}");
    }
    println!();
}

fn main() {
    for (kind, value, entries) in [
        (MapType::Hash, 8, ENTRIES),
        (MapType::Hash, 256, ENTRIES),
        (MapType::Hash, 4096, 5000),
        (MapType::PercpuHash, 8, ENTRIES),
        (MapType::Array, 8, ENTRIES),
    ] {
        scans(kind, value, entries);
    }
    let map = filled(MapType::Hash, 8, ENTRIES);
    let (keys, values, count) = numbered(&map, 0..ENTRIES);
    let mut value = [0; 8];
    let lookup = best(ENTRIES, || {
        for key in keys.chunks_exact(4) {
            map.lookup(key, &mut value).expect("lookup");
        }
    });
    let update = best(ENTRIES, || {
        for key in keys.chunks_exact(4) {
            map.update(key, &value).expect("update");
        }
    });
    let update_batch = best(ENTRIES, || map.update_batch(&keys, &values, count).expect("update"));
    let drain = best(ENTRIES, || {
        map.update_batch(&keys, &values, count).expect("update");
        map.drain_batch(None).expect("drain");
    }) - update_batch;
    println!(
        "hash of 8 B, ns/entry: lookup {lookup:.0}, update {update:.0}, update_batch {update_batch:.0}, drain_batch {drain:.0}"
    );
}
