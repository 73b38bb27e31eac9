//! How many tests passed, failed and were left out, read from what the test programs say.

use std::path::Path;

use serde_json::Value;

/// The counts of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Counts {
    pub(super) fn success() -> Self {
        Self {
            passed: 1,
            ..Self::default()
        }
    }

    pub(super) fn failure() -> Self {
        Self {
            failed: 1,
            ..Self::default()
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }

    /// A program that failed without a failed test (it did not compile, it crashed) counts as one failure.
    pub(super) fn with_status(self, success: bool) -> Self {
        if success || self.failed > 0 {
            self
        } else {
            self.plus(Self::failure())
        }
    }

    /// The sum of all `test result:` lines of cargo test and wasm-pack test.
    pub(super) fn of_libtest(text: &str) -> Self {
        let results = text
            .lines()
            .filter_map(|line| line.split_once("test result: "))
            .map(|(_, result)| result);
        results
            .map(|result| Self::of_list(result.split(['.', ';'])))
            .fold(Self::default(), Self::plus)
    }

    /// The summary line of cargo nextest.
    pub(super) fn of_nextest(text: &str) -> Self {
        let summary = text
            .lines()
            .rev()
            .find_map(|line| line.split_once(" run: "));
        summary.map_or(Self::default(), |(_, counts)| {
            Self::of_list(counts.split(','))
        })
    }

    /// Items like `3 passed (1 slow)`, `1 failed`, `2 timed out`, `1 ignored`.
    fn of_list<'text>(items: impl Iterator<Item = &'text str>) -> Self {
        let mut counts = Self::default();
        for item in items {
            let mut words = item.split_whitespace();
            let (Some(Ok(number)), Some(kind)) =
                (words.next().map(str::parse::<u64>), words.next())
            else {
                continue;
            };
            let sum = match kind {
                "passed" => &mut counts.passed,
                "failed" | "timed" | "exec" => &mut counts.failed,
                "skipped" | "ignored" => &mut counts.skipped,
                _ => continue,
            };
            *sum = sum.saturating_add(number);
        }
        counts
    }

    /// The report that Vitest wrote.
    pub(super) fn of_vitest(report: &Path) -> Self {
        let report = json(report);
        let number = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or_default();
        Self {
            passed: number("numPassedTests"),
            failed: number("numFailedTests"),
            skipped: number("numPendingTests").saturating_add(number("numTodoTests")),
        }
    }

    /// The report that Playwright wrote. A test that passed only when it was tried again has not passed.
    pub(super) fn of_playwright(report: &Path) -> Self {
        let report = json(report);
        let number = |name: &str| {
            report
                .get("stats")
                .and_then(|stats| stats.get(name))
                .and_then(Value::as_u64)
                .unwrap_or_default()
        };
        Self {
            passed: number("expected"),
            failed: number("unexpected").saturating_add(number("flaky")),
            skipped: number("skipped"),
        }
    }
}

fn json(path: &Path) -> Value {
    std::fs::read_to_string(path)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn libtest_results_are_added_up() {
        let text = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured";
        assert_eq!(Counts::of_libtest(text), counts(7, 3, 1));
    }

    #[test]
    fn the_nextest_summary_is_read() {
        let text = "     Summary [  12.345s] 20 tests run: 17 passed (2 slow), 2 failed, 1 timed out, 4 skipped\n        FAIL x";
        assert_eq!(Counts::of_nextest(text), counts(17, 3, 4));
        let text = "     Summary [   0.300s] 1 test run: 1 passed, 0 skipped";
        assert_eq!(Counts::of_nextest(text), counts(1, 0, 0));
    }

    #[test]
    fn a_program_that_only_says_no_counts_once() {
        assert_eq!(counts(4, 0, 0).with_status(false), counts(4, 1, 0));
        assert_eq!(counts(4, 2, 0).with_status(false), counts(4, 2, 0));
        assert_eq!(counts(4, 0, 0).with_status(true), counts(4, 0, 0));
    }

    #[test]
    fn reports_are_read_and_missing_ones_count_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("report.json");
        std::fs::write(
            &report,
            r#"{"stats":{"expected":3,"unexpected":1,"flaky":1,"skipped":2}}"#,
        )
        .unwrap();
        assert_eq!(Counts::of_playwright(&report), counts(3, 2, 2));
        std::fs::write(
            &report,
            r#"{"numPassedTests":8,"numFailedTests":1,"numPendingTests":0,"numTodoTests":1}"#,
        )
        .unwrap();
        assert_eq!(Counts::of_vitest(&report), counts(8, 1, 1));
        assert_eq!(
            Counts::of_vitest(&folder.path().join("none")),
            counts(0, 0, 0)
        );
    }
}
