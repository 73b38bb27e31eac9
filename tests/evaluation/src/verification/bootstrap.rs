//! Bounds by bootstrap over subjects: people are drawn, not comparisons, because comparisons share people.

use measuring::random::SplitMix64;

/// Resamples; the 2.5 % quantile of so many is steady to about a tenth of the interval's width.
const REPLICATES: usize = 2000;
/// Two-sided 95 %.
const TAILS: [f64; 2] = [0.025, 0.975];

/// What each person contributes to a false non-match rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trials {
    pub(super) all: usize,
    pub(super) errors: usize,
}

/// False matches between two persons: of whose template, of whose picture.
pub(super) type FalseMatch = (usize, usize);

/// Resamples of the same persons for all rates that are asked for.
pub(super) struct Bootstrap {
    /// For each resample how often each person was drawn.
    weights: Vec<Vec<u16>>,
}

impl Bootstrap {
    /// Draws as many persons as there are, with replacement, again and again; the same for the same seed.
    pub(super) fn draw(subjects: usize, seed: u64) -> Self {
        let mut random = SplitMix64(seed);
        let weights = (0..REPLICATES).map(|_| {
            let mut weights = vec![0; subjects];
            for _ in 0..subjects {
                weights[random.below(subjects)] += 1;
            }
            weights
        });
        Self {
            weights: weights.collect(),
        }
    }

    /// 95 % bounds of the false non-match rate, given each person's trials.
    pub(super) fn false_non_match(&self, trials: &[Trials]) -> Option<[f64; 2]> {
        let with_errors: Vec<_> = (0..trials.len())
            .filter(|i| trials[*i].errors > 0)
            .collect();
        let with_trials: Vec<_> = (0..trials.len()).filter(|i| trials[*i].all > 0).collect();
        let rate = |weights: &Vec<u16>| {
            let sum = |list: &[usize], of: fn(&Trials) -> usize| -> f64 {
                list.iter()
                    .map(|i| f64::from(weights[*i]) * of(&trials[*i]) as f64)
                    .sum()
            };
            quotient(
                sum(&with_errors, |t| t.errors),
                sum(&with_trials, |t| t.all),
            )
        };
        let bounds = self.bounds(rate)?;
        Some(or_rule_of_three(
            bounds,
            with_errors.is_empty(),
            with_trials.len() as f64,
        ))
    }

    /// 95 % bounds of the false match rate. `templates` says who has `draws` templates, `pictures` how many
    /// pictures each person has. A person drawn twice is not compared with himself.
    pub(super) fn false_match(
        &self,
        errors: &[FalseMatch],
        (templates, draws): (&[usize], usize),
        pictures: &[usize],
    ) -> Option<[f64; 2]> {
        let rate = |weights: &Vec<u16>| {
            let weight = |i: usize| f64::from(weights[i]);
            let false_matches: f64 = errors.iter().map(|(a, b)| weight(*a) * weight(*b)).sum();
            let drawn: f64 = templates.iter().map(|i| weight(*i)).sum();
            let met: f64 = pictures
                .iter()
                .enumerate()
                .map(|(i, n)| weight(i) * *n as f64)
                .sum();
            let own: f64 = templates
                .iter()
                .map(|i| weight(*i).powi(2) * pictures[*i] as f64)
                .sum();
            quotient(false_matches, (drawn * met - own) * draws as f64)
        };
        let pairs = templates.len() * (pictures.iter().filter(|n| **n > 0).count().max(1) - 1);
        Some(or_rule_of_three(
            self.bounds(rate)?,
            errors.is_empty(),
            pairs as f64,
        ))
    }

    fn bounds(&self, rate: impl Fn(&Vec<u16>) -> Option<f64>) -> Option<[f64; 2]> {
        let mut rates: Vec<f64> = self.weights.iter().filter_map(rate).collect();
        rates.sort_by(f64::total_cmp);
        let last = rates.len().checked_sub(1)? as f64;
        Some(TAILS.map(|tail| rates[(last * tail).round() as usize]))
    }
}

/// Where no error was seen no resample has one: then the upper bound is that of `n` independent trials, each
/// person (or pair of persons) being one.
fn or_rule_of_three(bounds: [f64; 2], none: bool, n: f64) -> [f64; 2] {
    if none {
        [0.0, 1.0 - 0.05_f64.powf(1.0 / n.max(1.0))]
    } else {
        bounds
    }
}

fn quotient(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_one_trial_a_person_the_bounds_are_the_binomial_ones() {
        // 20 of 400: the binomial's 2.5 % and 97.5 % quantiles are 12 and 29 errors.
        let trials: Vec<_> = (0..400)
            .map(|i| Trials {
                all: 1,
                errors: usize::from(i < 20),
            })
            .collect();
        let [low, high] = Bootstrap::draw(400, 1).false_non_match(&trials).unwrap();
        assert!((low - 12.0 / 400.0).abs() <= 0.0051, "{low}");
        assert!((high - 29.0 / 400.0).abs() <= 0.0051, "{high}");
    }

    #[test]
    fn trials_of_one_person_are_not_independent() {
        // The same 5 %, but in the hands of 2 of 40 people with ten trials each: the bounds are far wider.
        let trials: Vec<_> = (0..40)
            .map(|i| Trials {
                all: 10,
                errors: if i < 2 { 10 } else { 0 },
            })
            .collect();
        let [low, high] = Bootstrap::draw(40, 1).false_non_match(&trials).unwrap();
        assert!(low == 0.0 && high > 0.1, "{low} {high}");
    }

    #[test]
    fn the_same_seed_gives_the_same_bounds() {
        let trials: Vec<_> = (0..90)
            .map(|i| Trials {
                all: 3,
                errors: usize::from(i % 9 == 0),
            })
            .collect();
        let bounds = |seed| Bootstrap::draw(90, seed).false_non_match(&trials).unwrap();
        assert_eq!(bounds(5), bounds(5));
        assert_ne!(bounds(5), bounds(6));
    }

    #[test]
    fn false_matches_between_the_same_two_people_count_as_one_event() {
        let (templates, pictures): (Vec<_>, _) = ((0..50).collect(), vec![4; 50]);
        let spread: Vec<_> = (0..20).map(|i| (i, 49 - i)).collect();
        let bootstrap = Bootstrap::draw(50, 1);
        let bounds = |errors: &[FalseMatch]| {
            bootstrap
                .false_match(errors, (&templates, 1), &pictures)
                .unwrap()
        };
        let (wide, narrow) = (bounds(&[(3, 7); 20]), bounds(&spread));
        let rate = 20.0 / (50.0 * 49.0 * 4.0);
        for [low, high] in [wide, narrow] {
            assert!(low < rate && rate < high);
        }
        assert!(wide[1] - wide[0] > 2.0 * (narrow[1] - narrow[0]));
    }

    #[test]
    fn without_errors_the_bound_is_the_rule_of_three() {
        let [low, high] = Bootstrap::draw(300, 1)
            .false_non_match(&vec![Trials { all: 9, errors: 0 }; 300])
            .unwrap();
        assert!(low == 0.0 && (high - 3.0 / 300.0).abs() < 1e-4, "{high}");
        let bounds = Bootstrap::draw(3, 1)
            .false_match(&[], (&[0, 1], 3), &[2, 2, 2])
            .unwrap();
        assert!((bounds[1] - (1.0 - 0.05_f64.powf(0.25))).abs() < 1e-12);
        assert!(Bootstrap::draw(0, 1).false_non_match(&[]).is_none());
    }
}
