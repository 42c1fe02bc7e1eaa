//! Order statistics.

use serde::Serialize;

/// The middle and the edges of a sample, in the sample's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub p10: f64,
    pub p90: f64,
}

impl Spread {
    /// Of a sample that is not empty.
    pub(crate) fn of(sample: &[f64]) -> Spread {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        Spread { median: quantile(&sorted, 0.5), p10: quantile(&sorted, 0.1), p90: quantile(&sorted, 0.9) }
    }
}

/// Linear between the two nearest values.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let position = part * (sorted.len() - 1) as f64;
    let below = sorted[position.floor() as usize];
    let above = sorted[position.ceil() as usize];
    below + (above - below) * position.fract()
}

/// Every item once a round, each round beginning with another one: neighbours on the machine come and go, and no item always follows the
/// same other.
pub(crate) fn alternate<T, E>(rounds: usize, items: &[T], mut run: impl FnMut(&T) -> Result<(), E>) -> Result<(), E> {
    for round in 0..rounds {
        for offset in 0..items.len() {
            run(&items[(round + offset) % items.len()])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles() {
        let spread = Spread::of(&[3.0, 1.0, 2.0, 4.0, 5.0]);
        assert_eq!(spread.median, 3.0);
        assert!((spread.p10 - 1.4).abs() < 1e-9 && (spread.p90 - 4.6).abs() < 1e-9, "{spread:?}");
        assert_eq!(Spread::of(&[7.0]), Spread { median: 7.0, p10: 7.0, p90: 7.0 });
        assert_eq!(Spread::of(&[1.0, 2.0]).median, 1.5);
    }

    #[test]
    fn rounds_begin_elsewhere() {
        let mut seen = String::new();
        alternate(3, &['a', 'b', 'c'], |item| {
            seen.push(*item);
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(seen, "abcbcacab");
    }
}
