//! The figures, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use biometric_system::model::Manifest;
use serde_json::{Value, json};

use super::split::Split;
use crate::Result;
use measuring::bounds::exact95;

/// Errors among pictures with a face, and pictures without one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rate {
    pub(super) errors: usize,
    pub(super) n: usize,
    /// Part of the pictures offered in which no face was found.
    pub(super) failure_to_acquire: f64,
}

impl Rate {
    /// Of `offered` pictures `n` had a face, and `errors` of those were judged wrongly.
    pub(super) fn new(errors: usize, n: usize, offered: usize) -> Self {
        Self {
            errors,
            n,
            failure_to_acquire: (offered - n) as f64 / offered.max(1) as f64,
        }
    }

    fn rate(&self) -> Option<f64> {
        (self.n > 0).then(|| self.errors as f64 / self.n as f64)
    }

    /// `name` is that of the rate: `bpcer` or `apcer`.
    fn json(&self, name: &str) -> Value {
        let mut value = json!({
            "n": self.n, "errors": self.errors, "failureToAcquire": self.failure_to_acquire,
        });
        value[name] = json!(self.rate());
        value[format!("{name}95")] = json!(exact95(self.errors, self.n));
        value
    }

    fn text(&self) -> String {
        let percent = |part: f64| format!("{:.2} %", part * 100.0);
        match (self.rate(), exact95(self.errors, self.n)) {
            (Some(rate), Some([low, high])) => format!(
                "{} ({} of {}; 95 %: {} to {}), failure to acquire {}",
                percent(rate),
                self.errors,
                self.n,
                percent(low),
                percent(high),
                percent(self.failure_to_acquire)
            ),
            _ => "no picture with a face".to_owned(),
        }
    }
}

/// Everything that was found.
pub(super) struct Report<'a> {
    pub(super) live: Rate,
    pub(super) species: BTreeMap<String, Rate>,
    pub(super) split: Option<Split>,
    pub(super) threshold: f32,
    pub(super) manifest: &'a Manifest,
}

impl Report<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = format!("threshold {} (the manifest's)\n", self.threshold);
        let _ = writeln!(text, "BPCER {}", self.live.text());
        for (name, rate) in &self.species {
            let _ = writeln!(text, "APCER of {name}: {}", rate.text());
        }
        match &self.split {
            Some(split) => {
                let [low, high] = split.thresholds;
                let _ = writeln!(
                    text,
                    "threshold set on all subjects but the tested one ({} subjects, {low:.3} to {high:.3}):",
                    split.subjects
                );
                let _ = writeln!(text, "  BPCER {}", split.live.text());
                let _ = write!(text, "  APCER of all attacks {}", split.attacks.text());
            }
            None => {
                text.push_str("too few subjects to set the threshold on others than the tested")
            }
        }
        text
    }

    pub(super) fn json(&self) -> Result<String> {
        let species: BTreeMap<_, _> = self
            .species
            .iter()
            .map(|(name, rate)| (name, rate.json("apcer")))
            .collect();
        let split = self.split.as_ref().map(|split| {
            json!({
                "subjects": split.subjects,
                "thresholds": split.thresholds,
                "live": split.live.json("bpcer"),
                "attacks": split.attacks.json("apcer"),
            })
        });
        let models: Vec<_> = self.manifest.models.iter().map(|m| &m.sha256).collect();
        let all = json!({
            "live": self.live.json("bpcer"),
            "species": species,
            "subjectSplit": split,
            "threshold": self.threshold,
            "pipeline": self.manifest.pipeline,
            "models": models,
        });
        serde_json::to_string_pretty(&all).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_leave_out_what_was_not_acquired() {
        let value = Rate::new(1, 29, 30).json("apcer");
        assert_eq!((&value["n"], &value["errors"]), (&json!(29), &json!(1)));
        assert!((value["apcer"].as_f64().unwrap() - 1.0 / 29.0).abs() < 1e-12);
        assert!((value["failureToAcquire"].as_f64().unwrap() - 1.0 / 30.0).abs() < 1e-12);
        assert!((value["apcer95"][1].as_f64().unwrap() - 0.1776).abs() < 5e-5);
    }

    #[test]
    fn nothing_acquired_is_no_rate() {
        let value = Rate::new(0, 0, 3).json("bpcer");
        assert!(value["bpcer"].is_null() && value["bpcer95"].is_null());
        assert_eq!(value["failureToAcquire"], json!(1.0));
    }
}
