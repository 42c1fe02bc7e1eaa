//! A script that does everything at once for a long time.

use std::time::Duration;

use anyhow::Result;

use super::feed::{Feed, grouped, script};
use super::kernel::{Objects, descriptors, left};
use super::{Row, Scope};

/// Events per second.
const RATE: &str = "10000";

/// One moment of the run.
struct Sample {
    hours: f64,
    rss_mib: f64,
    descriptors: usize,
}

pub(super) fn run(scope: Scope) -> Result<Vec<Row>> {
    let seconds = scope.minutes.map_or(if scope.short { 50 } else { 1800 }, |minutes| minutes * 60);
    let kernel = Objects::of_kernel()?;
    // The script's own end comes first: it waits for the producer's last record.
    let load = ["paced", RATE, &(seconds + 2).to_string()];
    let mut command = script("soak", &[&seconds.to_string()]);
    let mut feed = Feed::start(&mut command, &load, Duration::from_secs(seconds + 60))?;
    let mut samples = Vec::new();
    feed.watch(|consumer, second| {
        if second < seconds as f64 {
            let (rss_mib, descriptors) = (consumer.rss_mib()?, descriptors(consumer.pid())?);
            samples.push(Sample { hours: second / 3600.0, rss_mib, descriptors });
        }
        Ok(())
    })?;
    let numbers = feed.finish()?;
    let remain = kernel.left()?;
    let get = |name| numbers.get(name);
    // Heaps find their size in the first third.
    let late = &samples[samples.len() / 3..];
    let slope = slope(late);
    let span = late.last().map_or(0.0, |last| last.hours) - late.first().map_or(0.0, |first| first.hours);
    let most = |samples: &[Sample]| samples.iter().map(|sample| sample.descriptors).max().unwrap_or_default();
    let (early, later) = (most(&samples[..samples.len() / 3]), most(late));
    // A minute is a warm-up, in which a heap that leaks looks like one that grows.
    let allowed = if seconds < 120 { 24.0 } else { 2.0 };
    let lost = get("lagged")? + get("refused")?;
    let time = if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) };
    Ok(vec![
        Row {
            what: format!(
                "{time} of {RATE} events/s, {} lookups and changes of a map, {} subscriptions and objects that came and went",
                grouped(get("lookups")?),
                grouped(get("cycles")?)
            ),
            figure: format!(
                "{} of {} events received, {} counted as lost",
                grouped(get("received")?),
                grouped(get("offered")?),
                grouped(lost)
            ),
            limit: "received + lost = produced".into(),
            held: get("received")? + lost == get("offered")? && get("gaps")? == lost,
        },
        Row {
            what: "growth of memory (RSS) in the last two thirds".into(),
            figure: format!(
                "{:+.2} MiB (least squares, {slope:+.1} MiB/h), at {:.0} MiB",
                slope * span,
                late.last().map_or(0.0, |last| last.rss_mib)
            ),
            limit: format!("< {allowed} MiB"),
            held: slope * span < allowed,
        },
        Row {
            what: "descriptors at most, first third and after".into(),
            figure: format!("{early}, {later}; {} left afterwards", left(remain)),
            limit: "constant, nothing left".into(),
            held: later <= early && remain.is_none(),
        },
    ])
}

/// MiB per hour, by least squares.
fn slope(samples: &[Sample]) -> f64 {
    let count = samples.len() as f64;
    let mean = |of: fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let (hours, rss) = (mean(|sample| sample.hours), mean(|sample| sample.rss_mib));
    let covariance: f64 = samples.iter().map(|sample| (sample.hours - hours) * (sample.rss_mib - rss)).sum();
    let variance: f64 = samples.iter().map(|sample| (sample.hours - hours).powi(2)).sum();
    if variance > 0.0 { covariance / variance } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope() {
        let samples: Vec<_> = (0..10)
            .map(|hour| Sample { hours: f64::from(hour), rss_mib: 50.0 + 3.0 * f64::from(hour), descriptors: 1 })
            .collect();
        assert!((slope(&samples) - 3.0).abs() < 1e-9);
        assert!(slope(&samples[..1]).abs() < 1e-9);
    }
}
