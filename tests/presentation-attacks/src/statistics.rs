//! The exact bound that a number of errors allows.

/// One-sided upper 95 % bound of Clopper and Pearson for a probability, after `errors` in `trials`: the largest one
/// for which so few errors are not rarer than 5 %.
pub fn upper_bound(errors: usize, trials: usize) -> f64 {
    if errors >= trials {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(errors, trials, middle) > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Probability of at most `errors` in `trials`, each with probability `p`.
fn at_most(errors: usize, trials: usize, p: f64) -> f64 {
    // Added up from logarithms, so that many trials do not underflow.
    let mut log = trials as f64 * (1.0 - p).ln();
    let mut sum = log.exp();
    for k in 1..=errors {
        log += ((trials - k + 1) as f64 / k as f64).ln() + p.ln() - (1.0 - p).ln();
        sum += log.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_the_published_ones() {
        // ISO/IEC 19795-1 "rule of 3" in its exact form, and the counts that are usual for 7 %.
        for (errors, trials, bound) in [
            (0, 42, 0.0689),
            (0, 100, 0.0295),
            (1, 66, 0.0699),
            (3, 109, 0.0696),
            (0, 59, 0.0495),
        ] {
            let found = upper_bound(errors, trials);
            assert!(
                (found - bound).abs() < 3e-4,
                "{errors} of {trials}: {found}"
            );
        }
        assert_eq!(upper_bound(5, 5), 1.0);
    }
}
