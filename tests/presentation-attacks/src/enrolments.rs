//! Failure to enrol (ISO/IEC 19795-1): how often a living person does not get through an enrolment, and why.

use std::collections::BTreeMap;
use std::fmt;

use biometric_system::EnrolmentError;
use measuring::bounds::exact95;
use measuring::progress::Progress;
use presentation_attacks::random::Random;
use presentation_attacks::session;
use presentation_attacks::species::Lab;
use serde_json::{Value, json};

/// What became of a number of enrolments.
pub(crate) struct Enrolments {
    tried: usize,
    failures: BTreeMap<&'static str, usize>,
}

impl Enrolments {
    /// Enrols `count` times, each take of each man in turn, live.
    pub(crate) fn run(lab: &Lab, count: usize, seed: u64) -> Self {
        let progress = Progress::start("enrolments", count);
        let mut failures = BTreeMap::new();
        for (number, take) in (0..count).zip(lab.material.takes().iter().cycle()) {
            let seed = Random::part(seed ^ (number as u64) << 20, "failure to enrol").bits();
            let enrolled = session::enrol(&lab.system, &lab.material, take, seed);
            if let Err(error) = enrolled {
                *failures.entry(reason(error)).or_default() += 1;
            }
            progress.step();
        }
        Self {
            tried: count,
            failures,
        }
    }

    fn failed(&self) -> usize {
        self.failures.values().sum()
    }

    /// For `--json`.
    pub(crate) fn json(&self) -> Value {
        json!({
            "tried": self.tried,
            "failures": self.failures,
            "failureToEnrol": self.failed() as f64 / self.tried.max(1) as f64,
            "failureToEnrol95": exact95(self.failed(), self.tried),
        })
    }
}

fn reason(error: EnrolmentError) -> &'static str {
    match error {
        EnrolmentError::Incomplete => "incomplete",
        EnrolmentError::TimedOut => "timed-out",
        EnrolmentError::Refused => "refused",
    }
}

impl fmt::Display for Enrolments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, high] = exact95(self.failed(), self.tried).unwrap_or([0.0, 1.0]);
        writeln!(
            f,
            "failure to enrol: {} of {} enrolments ({:.1} to {:.1} %, 95 %) {:?}",
            self.failed(),
            self.tried,
            100.0 * low,
            100.0 * high,
            self.failures
        )
    }
}
