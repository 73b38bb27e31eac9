//! The figures of a run: for each species how many were presented and accepted, with the exact bound.

use std::collections::BTreeMap;
use std::fmt;

use biometric_system::Reference;
use presentation_attacks::session::Course;
use presentation_attacks::species::Species;
use presentation_attacks::statistics::upper_bound;
use serde_json::{Value, json};

/// What became of one presentation.
pub(crate) struct Outcome {
    accepted: bool,
    /// How long the look took, in milliseconds of its own time.
    took_ms: f64,
    complete: bool,
}

impl Outcome {
    /// Decides a look.
    pub(crate) fn of(course: Course, reference: &Reference) -> Self {
        Self {
            took_ms: course.shown.last().map_or(0.0, |(at_ms, _)| *at_ms),
            complete: course.complete,
            accepted: course.accepted(reference),
        }
    }
}

/// All outcomes.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<Species, Vec<Outcome>>);

impl Table {
    pub(crate) fn add(&mut self, species: Species, outcome: Outcome) {
        self.0.entry(species).or_default().push(outcome);
    }

    /// The same as JSON.
    pub(crate) fn json(&self, seed: u64) -> Value {
        let rows = self.0.iter().map(|(species, outcomes)| {
            let row = Row::of(*species, outcomes);
            let value = json!({
                "presented": row.presented,
                "errors": row.errors,
                "rate": row.rate(),
                "rate95": row.bound(),
                "limit": species.is_limit(),
                "medianMilliseconds": row.median_ms,
            });
            (species.as_str().to_owned(), value)
        });
        json!({ "seed": seed, "species": rows.collect::<serde_json::Map<_, _>>() })
    }
}

struct Row {
    presented: usize,
    /// Attacks accepted, or live persons refused.
    errors: usize,
    unfinished: usize,
    median_ms: f64,
}

impl Row {
    fn of(species: Species, outcomes: &[Outcome]) -> Self {
        let wrong = |outcome: &&Outcome| outcome.accepted != (species == Species::BonaFide);
        let mut times: Vec<f64> = outcomes.iter().map(|outcome| outcome.took_ms).collect();
        times.sort_by(f64::total_cmp);
        Self {
            presented: outcomes.len(),
            errors: outcomes.iter().filter(wrong).count(),
            unfinished: outcomes.iter().filter(|outcome| !outcome.complete).count(),
            median_ms: times.get(times.len() / 2).copied().unwrap_or_default(),
        }
    }

    fn rate(&self) -> f64 {
        self.errors as f64 / self.presented.max(1) as f64
    }

    fn bound(&self) -> f64 {
        upper_bound(self.errors, self.presented)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:27} {:>9} {:>6} {:>8} {:>14} {:>9} {:>8}",
            "species", "presented", "errors", "rate", "95 % bound", "not ended", "median s"
        )?;
        for (species, outcomes) in &self.0 {
            let row = Row::of(*species, outcomes);
            writeln!(
                f,
                "{:27} {:9} {:6} {:6.1} % {:12.1} % {:9} {:8.1}{}",
                species.as_str(),
                row.presented,
                row.errors,
                100.0 * row.rate(),
                100.0 * row.bound(),
                row.unfinished,
                row.median_ms / 1000.0,
                if species.is_limit() {
                    "  (known limit)"
                } else {
                    ""
                },
            )?;
        }
        writeln!(
            f,
            "errors: attacks accepted (APCER); for B1 live persons refused (BPCER)"
        )
    }
}
