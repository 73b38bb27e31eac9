//! What a threshold set on some people does for others: each subject in turn is tested with the threshold
//! that all the others give.

use std::collections::BTreeSet;

use super::Presentation;
use super::report::Rate;

/// Part of the others' live pictures that the rule lets fall below.
const LIVE_TAIL: f64 = 0.02;
/// Part of the others' attacks that the rule lets rise above.
const ATTACK_TAIL: f64 = 0.01;

/// Errors of every picture under a threshold that its subject had no part in.
#[derive(Debug, PartialEq)]
pub(super) struct Split {
    pub(super) subjects: usize,
    /// The lowest and the highest threshold.
    pub(super) thresholds: [f32; 2],
    pub(super) live: Rate,
    pub(super) attacks: Rate,
}

/// None with fewer than two subjects, or when leaving one out leaves no live pictures or no attacks.
pub(super) fn by_subject(all: &[Presentation<'_>]) -> Option<Split> {
    let subjects: BTreeSet<_> = all.iter().map(|p| p.subject).collect();
    if subjects.len() < 2 {
        return None;
    }
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    let (mut live_errors, mut attack_errors) = (0, 0);
    for subject in &subjects {
        let (tested, others): (Vec<_>, Vec<_>) = all.iter().partition(|p| p.subject == *subject);
        let threshold = threshold(&others)?;
        (low, high) = (low.min(threshold), high.max(threshold));
        for wrong in tested.iter().filter(|p| p.is_error(threshold)) {
            if wrong.is_live() {
                live_errors += 1;
            } else {
                attack_errors += 1;
            }
        }
    }
    let live = all.iter().filter(|p| p.is_live()).count();
    let attacks = all.len() - live;
    Some(Split {
        subjects: subjects.len(),
        thresholds: [low, high],
        live: Rate::new(live_errors, live, live),
        attacks: Rate::new(attack_errors, attacks, attacks),
    })
}

/// Midway, in log odds, between the tails of the two distributions: as far from both as can be.
fn threshold(presentations: &[&Presentation<'_>]) -> Option<f32> {
    let sorted = |live: bool| {
        let chosen = presentations.iter().filter(|p| p.is_live() == live);
        let mut all: Vec<f32> = chosen.map(|p| p.probability).collect();
        all.sort_by(f32::total_cmp);
        all
    };
    let (live, attacks) = (sorted(true), sorted(false));
    let part = |of: &[f32], part: f64| (of.len() as f64 * part) as usize;
    let lowest_live = *live.get(part(&live, LIVE_TAIL))?;
    let highest_attack = *attacks.iter().rev().nth(part(&attacks, ATTACK_TAIL))?;
    let odds = |p: f32| (p.clamp(1e-6, 1.0 - 1e-6) / (1.0 - p.clamp(1e-6, 1.0 - 1e-6))).ln();
    let middle = odds(lowest_live).midpoint(odds(highest_attack));
    Some(1.0 / (1.0 + (-middle).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presentation(
        species: &'static str,
        subject: &'static str,
        probability: f32,
    ) -> Presentation<'static> {
        Presentation {
            species,
            subject,
            probability,
        }
    }

    #[test]
    fn each_subject_is_judged_by_the_others() {
        let all = [
            presentation("live", "a", 0.9),
            presentation("print", "a", 0.1),
            // By the threshold of the others, which is a half, both are wrong.
            presentation("live", "b", 0.4),
            presentation("print", "b", 0.6),
        ];
        let split = by_subject(&all).unwrap();
        assert_eq!((split.live.errors, split.attacks.errors), (1, 1));
        assert_eq!((split.live.n, split.attacks.n, split.subjects), (2, 2, 2));
        assert!((split.thresholds[1] - 0.5).abs() < 1e-6);
    }

    #[test]
    fn the_threshold_lies_midway_in_log_odds() {
        let all = [
            presentation("live", "a", 0.8),
            presentation("screen", "b", 0.2),
        ];
        let found = threshold(&all.iter().collect::<Vec<_>>()).unwrap();
        assert!((found - 0.5).abs() < 1e-6);
        let uneven = [
            presentation("live", "a", 0.99),
            presentation("screen", "b", 0.5),
        ];
        let found = threshold(&uneven.iter().collect::<Vec<_>>()).unwrap();
        // Odds 99 and 1: midway is the square root of 99.
        assert!((found - 99.0_f32.sqrt() / (1.0 + 99.0_f32.sqrt())).abs() < 1e-5);
    }

    #[test]
    fn one_subject_alone_is_no_split() {
        assert_eq!(
            by_subject(&[
                presentation("live", "a", 0.9),
                presentation("print", "a", 0.1)
            ]),
            None
        );
        assert_eq!(by_subject(&[]).map(|split| split.subjects), None);
    }
}
