//! Counters in the Prometheus text format: how many of what, and nothing about whom.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use super::problem::Problem;

/// A ceremony that is counted.
#[derive(Clone, Copy)]
pub(crate) enum Ceremony {
    Registration,
    Authentication,
    Deregistration,
}

const NAMES: [&str; 3] = ["registration", "authentication", "deregistration"];

/// The counters.
#[derive(Default)]
pub(crate) struct Metrics {
    ok: [AtomicU64; 3],
    refused: [AtomicU64; 3],
    rate_limited: AtomicU64,
    panics: AtomicU64,
}

impl Metrics {
    /// Counts how a ceremony ended.
    pub(super) fn ended<T>(&self, ceremony: Ceremony, result: &Result<T, Problem>) {
        let row = if result.is_ok() {
            &self.ok
        } else {
            &self.refused
        };
        let [registration, authentication, deregistration] = row;
        let counter = match ceremony {
            Ceremony::Registration => registration,
            Ceremony::Authentication => authentication,
            Ceremony::Deregistration => deregistration,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn rate_limited(&self) {
        self.rate_limited.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    /// The text that Prometheus reads (exposition format 0.0.4).
    pub(super) fn render(&self) -> String {
        let mut out = String::from(
            "# HELP mien_ceremonies_total Ceremonies that ended.\n# TYPE mien_ceremonies_total counter\n",
        );
        for (outcome, row) in [("ok", &self.ok), ("refused", &self.refused)] {
            for (name, counter) in NAMES.iter().zip(row) {
                let count = counter.load(Ordering::Relaxed);
                // Writing to a String cannot fail.
                let _ = writeln!(
                    out,
                    "mien_ceremonies_total{{ceremony=\"{name}\",outcome=\"{outcome}\"}} {count}"
                );
            }
        }
        for (name, help, counter) in [
            (
                "rate_limited",
                "Calls refused by the rate limit.",
                &self.rate_limited,
            ),
            (
                "panics",
                "Calls that ended in a fault of the program.",
                &self.panics,
            ),
        ] {
            let count = counter.load(Ordering::Relaxed);
            let name = format!("mien_{name}_total");
            let _ = write!(
                out,
                "# HELP {name} {help}\n# TYPE {name} counter\n{name} {count}\n"
            );
        }
        out
    }
}
