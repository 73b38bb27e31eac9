//! The figures of a run: for each species how many were presented and accepted, with the exact bound.

use std::collections::BTreeMap;
use std::fmt;

use biometric_system::Reference;
use biometric_system::model::manifest;
use biometric_system::presentation_attack_detection::Layer;
use biometric_system::test_support::verdicts;
use measuring::bounds::upper95;
use presentation_attacks::session::Course;
use presentation_attacks::species::Species;
use serde_json::{Value, json};

/// What became of one presentation.
pub(crate) struct Outcome {
    accepted: bool,
    /// Accepted, and the layers that passed include the light.
    with_light: bool,
    /// How long the look took, in milliseconds of its own time.
    took_ms: f64,
    /// What each layer found, as a word, when the look came to its end.
    findings: Vec<(&'static str, String)>,
}

impl Outcome {
    /// Decides a look.
    pub(crate) fn of(course: Course, reference: &Reference) -> Self {
        let took_ms = course.shown.last().map_or(0.0, |(at_ms, _)| *at_ms);
        let findings = findings(&course, reference);
        let layers = course.layers(reference);
        Self {
            took_ms,
            findings,
            with_light: layers.as_ref().is_some_and(|l| l.contains(&Layer::Light)),
            accepted: layers.is_some(),
        }
    }
}

/// The layers' words. That of the comparison is only on which side of the threshold it fell.
fn findings(course: &Course, reference: &Reference) -> Vec<(&'static str, String)> {
    let threshold = manifest().map_or(1.0, |manifest| manifest.operating_point().threshold);
    let word = |(layer, word): (&'static str, String)| {
        let cosine = word.trim_start_matches("Some(").trim_end_matches(')');
        match (layer, cosine.parse::<f32>()) {
            ("comparison", Ok(cosine)) if cosine >= threshold => (layer, "Match".to_owned()),
            ("comparison", Ok(_)) => (layer, "NoMatch".to_owned()),
            ("comparison", Err(_)) => (layer, "Impossible".to_owned()),
            _ => (layer, word),
        }
    };
    let verdicts = verdicts(&course.verification, reference).unwrap_or_default();
    verdicts.into_iter().map(word).collect()
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
                "errorsWhereLightIsRequired": row.errors_with_light,
                "limit": species.is_limit(),
                "found": row.found,
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
    /// The same before a server that takes only looks that passed the light layer too.
    errors_with_light: usize,
    unfinished: usize,
    median_ms: f64,
    /// How often each layer found what.
    found: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

impl Row {
    fn of(species: Species, outcomes: &[Outcome]) -> Self {
        let live = species == Species::BonaFide;
        let count = |accepted: fn(&Outcome) -> bool| {
            let wrong = outcomes.iter().filter(|outcome| accepted(outcome) != live);
            wrong.count()
        };
        let mut times: Vec<f64> = outcomes.iter().map(|outcome| outcome.took_ms).collect();
        times.sort_by(f64::total_cmp);
        let mut found: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (layer, word) in outcomes.iter().flat_map(|outcome| &outcome.findings) {
            *found
                .entry(*layer)
                .or_default()
                .entry(word.clone())
                .or_default() += 1;
        }
        Self {
            presented: outcomes.len(),
            errors: count(|outcome| outcome.accepted),
            errors_with_light: count(|outcome| outcome.with_light),
            unfinished: outcomes
                .iter()
                .filter(|outcome| outcome.findings.is_empty())
                .count(),
            median_ms: times.get(times.len() / 2).copied().unwrap_or_default(),
            found,
        }
    }

    fn rate(&self) -> f64 {
        self.errors as f64 / self.presented.max(1) as f64
    }

    fn bound(&self) -> f64 {
        upper95(self.errors, self.presented)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:27} {:>9} {:>6} {:>8} {:>14} {:>10} {:>9} {:>8}",
            "species",
            "presented",
            "errors",
            "rate",
            "95 % bound",
            "with light",
            "not ended",
            "median s"
        )?;
        for (species, outcomes) in &self.0 {
            let row = Row::of(*species, outcomes);
            writeln!(
                f,
                "{:27} {:9} {:6} {:6.1} % {:12.1} % {:10} {:9} {:8.1}{}",
                species.as_str(),
                row.presented,
                row.errors,
                100.0 * row.rate(),
                100.0 * row.bound(),
                row.errors_with_light,
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
            "errors: attacks accepted (APCER); for B1 live persons refused (BPCER)\n\
             with light: errors where only looks count that passed the light layer too\n"
        )?;
        writeln!(f, "what each layer found in the looks that ended:")?;
        for (species, outcomes) in &self.0 {
            writeln!(f, "{}", species.as_str())?;
            for (layer, words) in Row::of(*species, outcomes).found {
                let words: Vec<String> = words
                    .iter()
                    .map(|(word, count)| format!("{word} {count}"))
                    .collect();
                writeln!(f, "    {layer:12} {}", words.join(", "))?;
            }
        }
        Ok(())
    }
}
