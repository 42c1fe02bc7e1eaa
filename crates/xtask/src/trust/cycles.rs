//! Start and stop, again and again.

use std::time::Duration;

use anyhow::Result;

use super::feed::{grouped, script_with};
use super::kernel::{Objects, descriptors, left};
use super::{Row, Scope};
use crate::bench::child::Running;

/// What a process held after so many cycles.
struct Sample {
    descriptors: usize,
    objects: Objects,
    rss_mib: f64,
}

/// Ten thousand cycles take four minutes, and longer beside other work.
const LIMIT: Duration = Duration::from_secs(900);

/// Raw tracepoints, whose links the kernel takes apart at once.
pub(super) fn plain(scope: Scope) -> Result<Vec<Row>> {
    // So few cycles are a warm-up, in which a heap that leaks looks like one that grows.
    let (cycles, growth) = if scope.short { (400, 0.25) } else { (10_000, 0.05) };
    Ok(vec![one(cycles, &[], growth, "links without perf events")?])
}

/// Links that are perf events take a tenth of a second to close.
pub(super) fn perf(scope: Scope) -> Result<Vec<Row>> {
    let (cycles, growth) = if scope.short { (20, 0.25) } else { (200, 0.1) };
    Ok(vec![one(cycles, &["--perf"], growth, "one of the links a perf event")?])
}

fn one(cycles: u32, options: &[&str], allowed: f64, what: &str) -> Result<Row> {
    let kernel = Objects::of_kernel()?;
    let count = cycles.to_string();
    let mut words = vec![count.as_str()];
    words.extend(options);
    // A small heap is collected often: what it cannot free shows soon, as an error or as memory.
    let mut running = Running::start_within(&mut script_with(&["--max-heap", "24M"], "cycles", &words), LIMIT)?;
    running.expect("ready")?;
    let mut samples = Vec::new();
    for _ in 0..10 {
        let (_, _) = running.line()?;
        // The script pauses behind each line.
        std::thread::sleep(Duration::from_millis(100));
        let pid = running.pid();
        samples.push(Sample {
            descriptors: descriptors(pid)?,
            objects: Objects::of_process(pid)?,
            rss_mib: running.rss_mib()?,
        });
    }
    let ended = running.finish()?;
    let remain = kernel.left()?;
    let (first, last) = (&samples[0], &samples[9]);
    // Heap and allocator find their size in the first half.
    let middle = &samples[4];
    let growth = last.rss_mib / middle.rss_mib - 1.0;
    Ok(Row {
        what: format!("{} × start, subscribe, run, stop; {what}", grouped(f64::from(cycles))),
        figure: format!(
            "{:.1} ms each; descriptors {} → {}; memory {:.1}, {:.1}, {:.1} MiB after a tenth, a half, all ({:+.1} %); {} left",
            ended.wall.as_secs_f64() * 1e3 / f64::from(cycles),
            first.descriptors,
            last.descriptors,
            first.rss_mib,
            middle.rss_mib,
            last.rss_mib,
            growth * 100.0,
            left(remain),
        ),
        limit: format!(
            "descriptors and identifiers constant, memory of the second half within {:.0} %",
            allowed * 100.0
        ),
        held: samples.iter().all(|sample| sample.descriptors == first.descriptors && sample.objects == first.objects)
            && remain.is_none()
            && growth < allowed,
    })
}
