//! The figures as JSON, for other programs.

use biometric_system::model::Manifest;
use serde::Serialize;

use super::measurement::{Measurement, Point, Rates};
use crate::Result;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    verification: Verification,
    /// Rates of the mode in which the face releases a key: not part of this evaluation.
    key_release: Option<()>,
    /// Presentation attack detection is measured by a command of its own.
    pad: Option<()>,
    pipeline: &'a str,
    models: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verification {
    accuracy: Option<f64>,
    accuracy_std_err: Option<f64>,
    pairs: usize,
    folds: usize,
    subjects: usize,
    images: usize,
    /// Part of the pictures that could not be read or show no face.
    failure_to_acquire: f64,
    failures_to_acquire: usize,
    bootstrap_seed: u64,
    #[serde(flatten)]
    enrolled: Option<Templates>,
    by_captures: Vec<Templates>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Templates {
    captures: usize,
    people_with_templates: usize,
    templates_each: usize,
    genuine: usize,
    impostor: usize,
    operating_points: Vec<OperatingPoint>,
    /// At the thresholds of the manifest; `fmr` is what each was chosen for.
    manifest_points: Vec<OperatingPoint>,
    in_use: OperatingPoint,
}

/// An operating point; nothing but its target where data are too few.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OperatingPoint {
    /// The false match rate that was aimed at; for the threshold in use, the one that was measured.
    fmr: f64,
    threshold: Option<f32>,
    fnmr: Option<f64>,
    fnmr95: Option<[f64; 2]>,
    false_non_matches: Option<usize>,
    fmr_measured: Option<f64>,
    fmr95: Option<[f64; 2]>,
    false_matches: Option<usize>,
}

impl OperatingPoint {
    fn new(fmr: f64, point: Option<&Point>) -> Self {
        Self {
            fmr,
            threshold: point.map(|p| p.threshold),
            fnmr: point.map(|p| p.fnmr),
            fnmr95: point.and_then(|p| p.fnmr95),
            false_non_matches: point.map(|p| p.false_non_matches),
            fmr_measured: point.map(|p| p.fmr),
            fmr95: point.and_then(|p| p.fmr95),
            false_matches: point.map(|p| p.false_matches),
        }
    }
}

impl Templates {
    fn new(rates: &Rates) -> Self {
        let points = rates.points.iter();
        Self {
            captures: rates.captures,
            people_with_templates: rates.people,
            templates_each: rates.draws,
            genuine: rates.genuine,
            impostor: rates.impostors,
            operating_points: points
                .map(|(fmr, point)| OperatingPoint::new(*fmr, point.as_ref()))
                .collect(),
            manifest_points: rates
                .listed
                .iter()
                .map(|(fmr, point)| OperatingPoint::new(*fmr, Some(point)))
                .collect(),
            in_use: OperatingPoint::new(rates.in_use.fmr, Some(&rates.in_use)),
        }
    }
}

/// The whole report as indented JSON.
pub(super) fn json(measured: &Measurement, manifest: &Manifest) -> Result<String> {
    let report = Report {
        verification: Verification {
            accuracy: measured.accuracy.map(|accuracy| accuracy.mean),
            accuracy_std_err: measured.accuracy.map(|accuracy| accuracy.standard_error),
            pairs: measured.pairs,
            folds: measured.accuracy.map_or(0, |accuracy| accuracy.folds),
            subjects: measured.subjects,
            images: measured.images,
            failure_to_acquire: measured.failures as f64 / measured.images.max(1) as f64,
            failures_to_acquire: measured.failures,
            bootstrap_seed: measured.seed,
            enrolled: measured.enrolled().map(Templates::new),
            by_captures: measured.by_captures.iter().map(Templates::new).collect(),
        },
        key_release: None,
        pad: None,
        pipeline: &manifest.pipeline,
        models: manifest
            .models
            .iter()
            .map(|model| model.sha256.as_str())
            .collect(),
    };
    serde_json::to_string_pretty(&report).map_err(|error| error.to_string())
}
