//! From features to error rates: accuracy on the pairs, rates of templates against single pictures.

use std::collections::BTreeSet;

use biometric_system::model::Manifest;

use super::bootstrap::{Bootstrap, FalseMatch, Trials};
use super::comparisons::{Comparisons, cosine};
use super::data::Data;
use super::folds::{self, Accuracy, Scored};
use super::operating_points::{accepted, refused, threshold_for};
use measuring::random::SplitMix64;

/// False match rates that are aimed at.
const TARGETS: [f64; 3] = [1e-4, 1e-5, 1e-6];
/// Captures of an enrolment; templates of fewer are measured too.
const CAPTURES: usize = 5;
/// Impostor ranks of the error trade-off curve, per tenfold step.
const CURVE_STEPS: f64 = 24.0;
/// Width of a bin of the score histogram.
pub(super) const BIN: f32 = 0.02;
/// Bins from -1 to 1.
const BINS: usize = 100;

/// Everything that one evaluation found.
pub(super) struct Measurement {
    pub(super) images: usize,
    /// Pictures that could not be read or show no face.
    pub(super) failures: usize,
    /// Persons with at least one acquired picture.
    pub(super) subjects: usize,
    pub(super) pairs: usize,
    pub(super) accuracy: Option<Accuracy>,
    /// By number of captures in the templates, fewest first; none without a single template.
    pub(super) by_captures: Vec<Rates>,
    pub(super) seed: u64,
    /// What could not be said, and why.
    pub(super) missing: Vec<String>,
}

/// Rates for templates of a given number of captures.
pub(super) struct Rates {
    pub(super) captures: usize,
    /// People with templates.
    pub(super) people: usize,
    /// Templates of each of them.
    pub(super) draws: usize,
    pub(super) genuine: usize,
    pub(super) impostors: usize,
    /// One for each of the false match rates that are aimed at; without rates where data are too few.
    pub(super) points: Vec<(f64, Option<Point>)>,
    /// At the thresholds of the manifest, with the false match rates that they were chosen for.
    pub(super) listed: Vec<(f64, Point)>,
    /// At the one of them that is in use.
    pub(super) in_use: Point,
    /// Error trade-off: false match rate and false non-match rate, false matches rising.
    pub(super) curve: Vec<[f64; 2]>,
    /// Part of the genuine and of the impostor scores in each bin of width [`BIN`], from -1 up.
    pub(super) histogram: [Vec<f64>; 2],
}

/// Both error rates at one threshold, with 95 % bounds.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) threshold: f32,
    pub(super) false_matches: usize,
    pub(super) fmr: f64,
    pub(super) fmr95: Option<[f64; 2]>,
    pub(super) false_non_matches: usize,
    pub(super) fnmr: f64,
    pub(super) fnmr95: Option<[f64; 2]>,
}

impl Measurement {
    /// Measures everything there is; `features` in the order of the pictures.
    pub(super) fn take(
        data: &Data,
        features: &[Option<Vec<f32>>],
        manifest: &Manifest,
        seed: u64,
        first_captures: bool,
    ) -> Self {
        let bootstrap = Bootstrap::draw(data.subjects, seed);
        let mut random = (!first_captures).then_some(SplitMix64(seed));
        let by_captures: Vec<_> = (1..=CAPTURES)
            .map(|captures| {
                (
                    captures,
                    Comparisons::new(&data.images, features, captures, random.as_mut()),
                )
            })
            .filter(|(_, comparisons)| comparisons.has_both())
            .map(|(captures, comparisons)| {
                Rates::measure(captures, &comparisons, data.subjects, &bootstrap, manifest)
            })
            .collect();
        let accuracy = folds::accuracy(&scored(data, features));
        let persons = data
            .images
            .iter()
            .zip(features)
            .filter(|(_, features)| features.is_some());
        let persons: BTreeSet<_> = persons.filter_map(|(image, _)| image.subject).collect();
        Self {
            images: data.images.len(),
            failures: features
                .iter()
                .filter(|features| features.is_none())
                .count(),
            subjects: persons.len(),
            pairs: data.pairs.len(),
            missing: missing(accuracy, by_captures.last()),
            accuracy,
            by_captures,
            seed,
        }
    }

    /// The rates for the most captures there are: those of an enrolment.
    pub(super) fn enrolled(&self) -> Option<&Rates> {
        self.by_captures.last()
    }
}

/// Scores of all pairs; one with a picture that was not acquired is never a match.
fn scored(data: &Data, features: &[Option<Vec<f32>>]) -> Vec<Scored> {
    let score = |a: usize, b: usize| Some(cosine(features[a].as_deref()?, features[b].as_deref()?));
    let pairs = data.pairs.iter().map(|pair| Scored {
        fold: pair.fold,
        same: pair.same,
        score: score(pair.a, pair.b).unwrap_or(f32::NEG_INFINITY),
    });
    pairs.collect()
}

fn missing(accuracy: Option<Accuracy>, enrolled: Option<&Rates>) -> Vec<String> {
    let mut missing = Vec::new();
    if accuracy.is_none() {
        missing.push("accuracy: it takes at least two folds of pairs".to_owned());
    }
    let Some(enrolled) = enrolled else {
        missing.push(
            "operating points: no person has two acquired pictures while another has one"
                .to_owned(),
        );
        return missing;
    };
    if enrolled.captures < CAPTURES {
        let few = enrolled.captures;
        missing.push(format!("templates of {CAPTURES} captures: no person has as many pictures and one more; {few} instead"));
    }
    for (target, _) in enrolled.points.iter().filter(|(_, point)| point.is_none()) {
        missing.push(format!(
            "the operating point at FMR {target:e}: of {} impostor comparisons not one may be a false match",
            enrolled.impostors
        ));
    }
    missing
}

impl Rates {
    fn measure(
        captures: usize,
        comparisons: &Comparisons<'_>,
        subjects: usize,
        bootstrap: &Bootstrap,
        manifest: &Manifest,
    ) -> Self {
        let in_use = manifest.operating_point().threshold;
        let listed = manifest.operating_points().iter();
        let mut genuine: Vec<f32> = comparisons.genuine().map(|c| c.score).collect();
        let mut impostors: Vec<f32> = comparisons.impostors().map(|c| c.score).collect();
        genuine.sort_unstable_by(f32::total_cmp);
        impostors.sort_unstable_by(|a, b| b.total_cmp(a));
        let thresholds = TARGETS.map(|target| (target, threshold_for(&impostors, target)));
        let lowest = thresholds
            .iter()
            .filter_map(|(_, threshold)| *threshold)
            .chain(listed.clone().map(|listed| listed.threshold))
            .fold(in_use, f32::min);
        // Only the false matches are kept with their persons: all impostor comparisons would fill the memory.
        let matches: Vec<_> = comparisons
            .impostors()
            .filter(|c| c.score >= lowest)
            .collect();
        let pictures = comparisons.pictures(subjects);
        let people = comparisons.people();
        let point = |threshold: f32| {
            let errors: Vec<FalseMatch> = matches
                .iter()
                .filter(|c| c.score >= threshold)
                .map(|c| (c.template, c.image))
                .collect();
            let mut trials = vec![Trials::default(); subjects];
            for comparison in comparisons.genuine() {
                let trials = &mut trials[comparison.template];
                trials.all += 1;
                trials.errors += usize::from(comparison.score < threshold);
            }
            let false_matches = accepted(&impostors, threshold);
            let false_non_matches = refused(&genuine, threshold);
            Point {
                threshold,
                false_matches,
                fmr: false_matches as f64 / impostors.len() as f64,
                fmr95: bootstrap.false_match(&errors, (&people, comparisons.draws), &pictures),
                false_non_matches,
                fnmr: false_non_matches as f64 / genuine.len() as f64,
                fnmr95: bootstrap.false_non_match(&trials),
            }
        };
        Self {
            captures,
            people: people.len(),
            draws: comparisons.draws,
            genuine: genuine.len(),
            impostors: impostors.len(),
            points: thresholds
                .map(|(target, threshold)| (target, threshold.map(point)))
                .into(),
            listed: listed
                .map(|listed| (listed.fmr, point(listed.threshold)))
                .collect(),
            in_use: point(in_use),
            curve: curve(&genuine, &impostors),
            histogram: [histogram(&genuine), histogram(&impostors)],
        }
    }
}

/// Both rates at the thresholds given by evenly spaced ranks (on a logarithmic scale) of the impostor scores.
fn curve(genuine: &[f32], impostors: &[f32]) -> Vec<[f64; 2]> {
    let all = impostors.len() as f64;
    let steps = (all.log10() * CURVE_STEPS).ceil() as usize;
    let mut ranks: Vec<usize> = (0..=steps)
        .map(|step| 10_f64.powf(step as f64 / CURVE_STEPS).round() as usize)
        .filter(|rank| *rank <= impostors.len())
        .collect();
    ranks.dedup();
    let rates = ranks.iter().map(|rank| {
        let threshold = impostors[rank - 1];
        let fnmr = refused(genuine, threshold) as f64 / genuine.len() as f64;
        [accepted(impostors, threshold) as f64 / all, fnmr]
    });
    rates.collect()
}

fn histogram(scores: &[f32]) -> Vec<f64> {
    let mut bins = vec![0.0; BINS];
    for score in scores {
        let bin = ((score + 1.0) / BIN) as usize;
        bins[bin.min(BINS - 1)] += 1.0 / scores.len() as f64;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_falls_from_few_false_matches_to_all() {
        let genuine = [0.2, 0.5, 0.7, 0.9];
        let impostors: Vec<f32> = (0..100u8)
            .rev()
            .map(|i| f32::from(i) / 100.0 - 0.4)
            .collect();
        let curve = curve(&genuine, &impostors);
        assert_eq!(curve.first(), Some(&[0.01, 0.5]));
        assert_eq!(curve.last(), Some(&[1.0, 0.0]));
        assert!(
            curve
                .windows(2)
                .all(|w| w[0][0] < w[1][0] && w[0][1] >= w[1][1])
        );
    }

    #[test]
    fn every_score_lies_in_one_bin() {
        let bins = histogram(&[-1.0, -0.99, 0.0, 1.0]);
        assert!((bins.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((bins[0] - 0.5).abs() < 1e-12 && bins[50] > 0.2 && bins[99] > 0.2);
    }
}
