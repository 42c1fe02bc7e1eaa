//! Floods of records: each is delivered, or counted as lost. And many objects at once.

use std::time::Duration;

use anyhow::{Context as _, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::feed::{Feed, Numbers, grouped, script};
use super::kernel::{Objects, descriptors};
use super::{Row, Scope};
use crate::bench::child::Running;

/// Programs that hang are killed after this much more than they should take.
const SPARE: Duration = Duration::from_secs(60);

pub(super) fn run(scope: Scope) -> Result<Vec<Row>> {
    let mut rows = flood(scope)?;
    rows.push(pause(scope)?);
    rows.push(subscribers(scope)?);
    rows.push(sizes(scope)?);
    rows.push(many()?);
    Ok(rows)
}

/// Whether each record was delivered in its place, or is one of those that yeet or the program counted as lost.
fn accounted(numbers: &Numbers) -> Result<bool> {
    let get = |name| numbers.get(name);
    let lost = get("lagged")? + get("refused")?;
    Ok(get("received")? + lost == get("offered")?
        && get("gaps")? == lost
        && get("wrong")? == 0.0
        && get("disorder")? == 0.0
        && get("stats_received")? == get("received")? + get("lagged")?
        && get("stats_delivered")? == get("received")?
        && get("stats_lagged")? == get("lagged")?)
}

/// `12 of 15 received, 1 lagged, 2 refused by the full ring, 0 unaccounted`
fn account(numbers: &Numbers) -> Result<String> {
    let [offered, received, lagged, refused] =
        ["offered", "received", "lagged", "refused"].map(|name| numbers.get(name));
    let (offered, received, lagged, refused) = (offered?, received?, lagged?, refused?);
    Ok(format!(
        "{} of {} received, {} lagged, {} refused by the full ring, {} unaccounted for",
        grouped(received),
        grouped(offered),
        grouped(lagged),
        grouped(refused),
        grouped((offered - received - lagged - refused).abs())
    ))
}

fn flood(scope: Scope) -> Result<Vec<Row>> {
    // Until then V8 compiles, and heaps find their size.
    let (seconds, warm_up) = if scope.short { (10, 3.0) } else { (60, 10.0) };
    let load = ["paced", "1000000", &seconds.to_string()];
    let mut feed = Feed::start(&mut script("sequence", &[]), &load, Duration::from_secs(seconds) + SPARE)?;
    let (mut warm, mut most) = (f64::NAN, 0.0_f64);
    feed.watch(|consumer, second| {
        if second < warm_up {
            return Ok(());
        }
        let rss = consumer.rss_mib()?;
        warm = if warm.is_nan() { rss } else { warm };
        most = most.max(rss);
        Ok(())
    })?;
    let numbers = feed.finish()?;
    let rate = numbers.get("offered")? / numbers.get("elapsed_ns")? * 1e9;
    let growth = most - warm;
    Ok(vec![
        Row {
            what: format!("{seconds} s of numbered records of 64 bytes, 1 M/s asked for"),
            figure: format!("{:.2} M/s produced: {}", rate / 1e6, account(&numbers)?),
            limit: "in order, and received + lost = produced".into(),
            held: accounted(&numbers)?,
        },
        Row {
            what: format!("growth of memory (RSS) meanwhile, after {warm_up} s"),
            figure: format!("{growth:.1} MiB, from {warm:.0} MiB"),
            limit: "< 10 MiB".into(),
            held: growth < 10.0,
        },
    ])
}

fn pause(scope: Scope) -> Result<Row> {
    /// Milliseconds that a busy machine may add.
    const LATE: f64 = 1000.0;
    let (stopped, seconds) = if scope.short { (2, "5") } else { (5, "10") };
    let load = ["paced", "100000", seconds];
    let feed = Feed::start(&mut script("sequence", &[]), &load, SPARE)?;
    let consumer = Pid::from_raw(feed.consumer.pid().cast_signed());
    std::thread::sleep(Duration::from_secs(1));
    kill(consumer, Signal::SIGSTOP)?;
    std::thread::sleep(Duration::from_secs(stopped));
    kill(consumer, Signal::SIGCONT)?;
    let numbers = feed.finish()?;
    let (longest, after) = (numbers.get("pause_ms")?, numbers.get("after_pause")?);
    Ok(Row {
        what: format!("SIGSTOP for {stopped} s at 100,000 records/s, then SIGCONT"),
        figure: format!("{}; the longest gap {longest:.0} ms, {} records after it", account(&numbers)?, grouped(after)),
        limit: format!("loss counted, and no gap beyond {:.0} ms", stopped as f64 * 1000.0 + LATE),
        held: accounted(&numbers)?
            && numbers.get("refused")? + numbers.get("lagged")? > 0.0
            && longest < stopped as f64 * 1000.0 + LATE
            && after > 100_000.0,
    })
}

fn subscribers(scope: Scope) -> Result<Row> {
    let load = ["paced", "20000", if scope.short { "3" } else { "30" }];
    let numbers = Feed::start(&mut script("subscribers", &[]), &load, SPARE)?.finish()?;
    let get = |name| numbers.get(name);
    let (offered, refused, lost, slow) = (get("offered")?, get("refused")?, get("lost")?, get("slow")?);
    Ok(Row {
        what: "8 subscribers of one ring at 20,000 records/s, one of them slow".into(),
        figure: format!(
            "the slow one took {} of {}; the other seven lost {}",
            grouped(slow),
            grouped(offered),
            grouped(lost)
        ),
        limit: "the seven lose none".into(),
        held: lost == 0.0
            && get("gaps")? == 7.0 * refused
            && get("received")? == 7.0 * (offered - refused)
            && slow < offered / 2.0,
    })
}

fn sizes(scope: Scope) -> Result<Row> {
    let rounds = if scope.short { "4" } else { "200" };
    let running = Running::start_within(&mut script("sizes", &[rounds]), Duration::from_secs(240) + SPARE)?;
    let numbers = Numbers::read(&running.finish()?.output);
    let get = |name| numbers.get(name);
    let (produced, received) = (get("produced")?, get("received")?);
    Ok(Row {
        what: "records of 8 bytes to 64 KiB around the end of a ring of 1 MiB, discarded ones in between".into(),
        figure: format!(
            "{} records, {} MiB: {} differ, {} missing",
            grouped(produced),
            grouped(get("mib")?),
            grouped(get("wrong")?),
            grouped(produced - received)
        ),
        limit: "each one bit by bit".into(),
        held: get("wrong")? == 0.0 && received == produced && get("dropped")? == 0.0 && get("lagged")? == 0.0,
    })
}

fn many() -> Result<Row> {
    const OBJECTS: &str = "64";
    let kernel = Objects::of_kernel()?;
    let mut running = Running::start_within(&mut script("many", &[OBJECTS]), SPARE)?;
    running.expect("ready")?;
    let before = (descriptors(running.pid())?, Objects::of_process(running.pid())?);
    let mut until = |last: &str| -> Result<(String, Objects, usize)> {
        let mut printed = String::new();
        loop {
            let (line, _) = running.line()?;
            if line == last {
                return Ok((printed, Objects::of_process(running.pid())?, descriptors(running.pid())?));
            }
            printed += &(line + "\n");
        }
    };
    let (mut printed, started, _) = until("started")?;
    let (more, stopped, descriptors) = until("stopped")?;
    printed += &more;
    running.finish().context("the script with many objects")?;
    let left = kernel.left()?;
    let numbers = Numbers::read(&printed);
    let (start, stop) = (numbers.get("start_ms")?, numbers.get("stop_ms")?);
    Ok(Row {
        what: format!("{OBJECTS} objects in one process: {started}"),
        figure: format!(
            "started in {start:.0} ms, stopped in {stop:.0} ms; then {stopped}, and {descriptors} descriptors, {} before",
            before.0
        ),
        limit: "200 links, 500 maps; start + stop ≤ 5 s; counts back".into(),
        held: started.links >= 200
            && started.maps >= 500
            && start + stop <= 5000.0
            && stopped == before.1
            && descriptors <= before.0
            && left.is_none()
            && numbers.get("received")? == 64.0,
    })
}
