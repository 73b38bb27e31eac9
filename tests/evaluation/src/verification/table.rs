//! The figures as a table for people.

use std::fmt::Write as _;

use biometric_system::model::Manifest;

use super::measurement::{Measurement, Point};

/// The whole table.
pub(super) fn text(measured: &Measurement, manifest: &Manifest) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = write_all(&mut text, measured, manifest);
    text
}

fn write_all(text: &mut String, measured: &Measurement, manifest: &Manifest) -> std::fmt::Result {
    let Measurement {
        images,
        failures,
        subjects,
        pairs,
        seed,
        ..
    } = measured;
    writeln!(
        text,
        "pipeline {}, {subjects} people, {images} pictures, {failures} failures to acquire",
        manifest.pipeline
    )?;
    match measured.accuracy {
        Some(found) => writeln!(
            text,
            "accuracy {:.2} % ± {:.2} (standard error), {pairs} pairs in {} folds",
            100.0 * found.mean,
            100.0 * found.standard_error,
            found.folds
        )?,
        None => writeln!(text, "accuracy: –")?,
    }
    writeln!(text, "bounds: 95 %, people resampled with seed {seed}")?;
    for rates in measured.by_captures.iter().rev() {
        writeln!(
            text,
            "\ntemplates of {} captures: {} people, {} templates each, {} genuine, {} impostor comparisons",
            rates.captures, rates.people, rates.draws, rates.genuine, rates.impostors
        )?;
        writeln!(
            text,
            "  {:<14} {:<9}  {:<38} FNMR",
            "target", "threshold", "FMR"
        )?;
        for (target, point) in &rates.points {
            match point {
                Some(point) => row(text, &format!("{target:e}"), point)?,
                None => writeln!(text, "  {target:<14e} –")?,
            }
        }
        for (target, point) in &rates.listed {
            let used = point.threshold.total_cmp(&rates.in_use.threshold).is_eq();
            let name = if used { "in use" } else { "manifest" };
            row(text, &format!("{target:e} {name}"), point)?;
        }
    }
    Ok(())
}

fn row(text: &mut String, name: &str, point: &Point) -> std::fmt::Result {
    let [match_low, match_high] = point.fmr95.unwrap_or([f64::NAN; 2]);
    let [miss_low, miss_high] = point
        .fnmr95
        .unwrap_or([f64::NAN; 2])
        .map(|rate| 100.0 * rate);
    let fmr = format!(
        "{:.1e} [{match_low:.1e}, {match_high:.1e}] ({})",
        point.fmr, point.false_matches
    );
    let fnmr = format!(
        "{:.2} % [{miss_low:.2}, {miss_high:.2}] ({})",
        100.0 * point.fnmr,
        point.false_non_matches
    );
    writeln!(
        text,
        "  {name:<14} {:<9.4}  {fmr:<38} {fnmr}",
        point.threshold
    )
}
