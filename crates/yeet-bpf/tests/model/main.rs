//! The queue between the pump's thread and the script's, in every order that its threads can run in.
//!
//! loom runs a model again and again, and each time lets the threads change places somewhere else, up to `PREEMPTIONS` times in a run. The
//! sources are those of the crate; only `ring::sync` is another.

mod ring;

use libtest_mimic::{Arguments, Trial};

/// The type of the failures that queues carry; models make none.
#[derive(Debug)]
pub(crate) struct Error;

/// Enough for every known kind of lost wake-up; each more takes ten times as long.
const PREEMPTIONS: usize = 3;

fn main() {
    let trial = |(name, model): (&str, fn())| {
        Trial::test(name, move || {
            let mut builder = loom::model::Builder::new();
            builder.preemption_bound = Some(PREEMPTIONS);
            builder.check(model);
            Ok(())
        })
    };
    libtest_mimic::run(&Arguments::from_args(), ring::models::ALL.into_iter().map(trial).collect()).exit();
}
