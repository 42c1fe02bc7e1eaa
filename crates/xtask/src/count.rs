//! Counts tests by reading what the test runners print.

/// Tests and checks so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    /// What failed, by name where it has one.
    pub(crate) failures: Vec<String>,
}

impl Counts {
    /// A check that is not a test suite counts as one.
    pub(crate) fn check(&mut self, name: &str, passed: bool) {
        if passed { self.passed += 1 } else { self.fail(name) }
    }

    /// A failure that no test runner counts.
    pub(crate) fn fail(&mut self, name: &str) {
        self.failed += 1;
        self.failures.push(name.to_owned());
    }

    pub(crate) fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.failures.extend(other.failures);
    }

    /// Node prints a failed test twice: where it ran, and at the end.
    fn name(&mut self, name: &str) {
        let name = name.trim().to_owned();
        if !self.failures.contains(&name) {
            self.failures.push(name);
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.passed + self.failed + self.skipped
    }

    /// Reads what libtest (and its like) or Node's runner prints: closing lines and names of failed tests. Other lines count nothing.
    pub(crate) fn read_line(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result:") {
            let number = |word: &str| {
                let part = result.split([';', '.']).find(|part| part.trim().ends_with(word));
                part.and_then(|part| part.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
            };
            self.passed += number("passed");
            self.failed += number("failed");
            self.skipped += number("ignored");
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix("... FAILED")) {
            self.name(name);
        } else if let Some((name, _)) = line.strip_prefix("✖ ").and_then(|rest| rest.rsplit_once(" (")) {
            self.name(name);
        } else if let Some((word, number)) = line.strip_prefix('ℹ').and_then(|rest| rest.trim().split_once(' ')) {
            let number = number.parse().unwrap_or(0);
            match word {
                "pass" => self.passed += number,
                "fail" | "cancelled" => self.failed += number,
                "skipped" | "todo" => self.skipped += number,
                _ => {}
            }
        }
    }
}

/// Drops terminal colour sequences (`ESC [ … m`).
pub(crate) fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(lines: &[&str]) -> (u64, u64, u64) {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read_line(line));
        (counts.passed, counts.failed, counts.skipped)
    }

    #[test]
    fn libtest() {
        assert_eq!(
            counts(&["test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s"]),
            (12, 0, 1)
        );
        assert_eq!(
            counts(&["test result: \u{1b}[31mFAILED\u{1b}[0m. 1 passed; 2 failed; 0 ignored; 0 measured"]),
            (1, 2, 0)
        );
        assert_eq!(counts(&["test a::b ... ok", "running 3 tests"]), (0, 0, 0));
    }

    #[test]
    fn node() {
        assert_eq!(
            counts(&["ℹ tests 6", "ℹ pass 3", "ℹ fail 1", "ℹ cancelled 1", "ℹ skipped 1", "ℹ todo 0"]),
            (3, 2, 1)
        );
        assert_eq!(counts(&["\u{1b}[34mℹ pass 3\u{1b}[39m"]), (3, 0, 0));
    }

    #[test]
    fn failed_tests_are_named_once() {
        let mut counts = Counts::default();
        for line in [
            "test a::b ... \u{1b}[31mFAILED\u{1b}[0m",
            "test c ... ok",
            "  ✖ reads (x) (1.2ms)",
            "✔ fine (1ms)",
            "✖ reads (x) (1.2ms)",
        ] {
            counts.read_line(line);
        }
        assert_eq!(counts.failures, ["a::b", "reads (x)"]);
        assert_eq!(counts.failed, 0);
    }
}
