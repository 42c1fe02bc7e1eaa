//! When to look again: at once, after a nap, or when the kernel says so.
//!
//! A reader that always catches up makes the kernel wake it for nearly every record, which costs both sides more than the record itself.
//! Under load it therefore naps between two passes and takes what came meanwhile in one go, never for longer than a quarter of the ring
//! takes to fill. When little comes it waits for the wake-up, so a lone record is not delayed.

use std::time::{Duration, Instant};

/// The longest nap under load, hence the longest delay that a pass adds.
const NAP: Duration = Duration::from_micros(200);

/// A nap below this is over before a thread could go to sleep and come back.
const SHORTEST: Duration = Duration::from_micros(20);

/// How exact naps are: well below the shortest.
pub(super) const SLACK: Duration = Duration::from_micros(5);

/// A pass with fewer records than this is not load.
const LOAD: usize = 32;

/// Naps behind an uncommitted record: the first, and the longest.
const BUSY: (Duration, Duration) = (Duration::from_micros(50), Duration::from_millis(2));

/// What one pass over a source met.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pass {
    pub(super) records: usize,
    /// Bytes that were in the ring when the pass began.
    pub(super) bytes: usize,
    /// Bytes that fit into the ring.
    pub(super) size: usize,
    /// Whether it ended at an uncommitted record.
    pub(super) busy: bool,
}

/// The pace of one pump.
pub(super) struct Pace {
    last: Instant,
    busy: Duration,
    nap: Option<Duration>,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { last: now, busy: BUSY.0, nap: None }
    }

    /// Begins a round of passes: no nap until one asks for it.
    pub(super) fn begin(&mut self) {
        self.nap = None;
    }

    /// Takes in one source's pass. `elapsed` is the time in which its bytes came.
    pub(super) fn add(&mut self, pass: Pass, elapsed: Duration) {
        let nap = if pass.busy && pass.records == 0 {
            let nap = self.busy;
            self.busy = (2 * nap).min(BUSY.1);
            nap
        } else if pass.records >= LOAD && pass.bytes < pass.size / 2 {
            self.busy = BUSY.0;
            // At the rate of this pass, how long until a quarter of the ring is full.
            elapsed.mul_f64((pass.size / 4) as f64 / pass.bytes.max(1) as f64).min(NAP)
        } else {
            self.busy = BUSY.0;
            Duration::ZERO
        };
        self.nap = Some(self.nap.map_or(nap, |other| other.min(nap)));
    }

    /// The time since the last round.
    pub(super) fn elapsed(&self, now: Instant) -> Duration {
        now.duration_since(self.last)
    }

    /// Ends a round and says how long to nap before the next, if at all.
    pub(super) fn end(&mut self, now: Instant) -> Option<Duration> {
        self.last = now;
        self.nap.filter(|&nap| nap >= SHORTEST)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUSY, NAP, Pace, Pass};
    use std::time::{Duration, Instant};

    fn nap(pass: Pass, elapsed: Duration) -> Option<Duration> {
        let mut pace = Pace::new(Instant::now());
        pace.begin();
        pace.add(pass, elapsed);
        pace.end(Instant::now())
    }

    const MIB: usize = 1 << 20;

    #[test]
    fn a_trickle_waits_for_the_kernel() {
        assert_eq!(nap(Pass { records: 3, bytes: 216, size: MIB, busy: false }, Duration::from_micros(10)), None);
        assert_eq!(nap(Pass { records: 0, bytes: 0, size: MIB, busy: false }, Duration::from_secs(1)), None);
    }

    #[test]
    fn load_naps_but_never_past_a_quarter_of_the_ring() {
        let elapsed = Duration::from_micros(200);
        assert_eq!(nap(Pass { records: 1000, bytes: 72_000, size: MIB, busy: false }, elapsed), Some(NAP));
        // 16 KiB in 200 µs fill a quarter of 64 KiB in just that time, so a nap of it is the most.
        assert_eq!(nap(Pass { records: 200, bytes: 16 << 10, size: 64 << 10, busy: false }, elapsed), Some(elapsed));
        // Twice the rate, half the nap.
        let half = nap(Pass { records: 400, bytes: 24 << 10, size: 64 << 10, busy: false }, elapsed);
        assert!(half.is_some_and(|nap| nap < elapsed), "{half:?}");
        assert_eq!(
            nap(Pass { records: 800, bytes: 40 << 10, size: 64 << 10, busy: false }, elapsed),
            None,
            "half full: no time for a nap"
        );
    }

    #[test]
    fn a_busy_record_is_waited_for_with_growing_patience() {
        let mut pace = Pace::new(Instant::now());
        let mut last = Duration::ZERO;
        for _ in 0..20 {
            pace.begin();
            pace.add(Pass { records: 0, bytes: 64, size: MIB, busy: true }, Duration::ZERO);
            let nap = pace.end(Instant::now()).unwrap_or_default();
            assert!(nap >= last);
            last = nap;
        }
        assert_eq!(last, BUSY.1);
    }
}
