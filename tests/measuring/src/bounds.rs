//! Exact bounds for a proportion (Clopper and Pearson, "The Use of Confidence or Fiducial Limits", 1934).

/// Part of the doubt that is left outside at each end of a 95 % interval.
const TAIL: f64 = 0.025;

/// The interval that holds the true proportion with at least 95 % confidence, when `errors` of `n`
/// independent trials were errors. None when there were no trials.
pub fn exact95(errors: usize, n: usize) -> Option<[f64; 2]> {
    if n == 0 || errors > n {
        return None;
    }
    // Lower: the proportion that gives as many errors or more with the probability of the tail.
    let low = if errors == 0 {
        0.0
    } else {
        solve(|p| at_most(errors - 1, n, p) - (1.0 - TAIL))
    };
    // Upper: the proportion that gives as few errors or fewer with it.
    let high = if errors == n {
        1.0
    } else {
        solve(|p| at_most(errors, n, p) - TAIL)
    };
    Some([low, high])
}

/// One-sided upper 95 % bound for the true proportion, after `errors` in `n` independent trials: the largest one for
/// which so few errors are not rarer than 5 %.
pub fn upper95(errors: usize, n: usize) -> f64 {
    if errors >= n {
        return 1.0;
    }
    solve(|p| at_most(errors, n, p) - 2.0 * TAIL)
}

/// Where a falling function of a proportion is null, by halving; exact to the last bits of a double.
fn solve(falling: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..100 {
        let middle = low.midpoint(high);
        if falling(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low.midpoint(high)
}

/// Probability of at most `most` errors in `n` trials of probability `p`, 0 < p < 1.
fn at_most(most: usize, n: usize, p: f64) -> f64 {
    let (hit, miss) = (p.ln(), (-p).ln_1p());
    let mut ways = 0.0; // logarithm of "n over i"
    let mut sum = 0.0;
    for i in 0..=most {
        let (i, n) = (i as f64, n as f64);
        if i > 0.0 {
            ways += ((n - i + 1.0) / i).ln();
        }
        sum += (ways + i * hit + (n - i) * miss).exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_sided_bounds_are_the_published_ones() {
        // ISO/IEC 19795-1 "rule of 3" in its exact form, and the counts that are usual for 7 %.
        for (errors, trials, bound) in [
            (0, 42, 0.0689),
            (0, 100, 0.0295),
            (1, 66, 0.0699),
            (3, 109, 0.0696),
            (0, 59, 0.0495),
        ] {
            let found = upper95(errors, trials);
            assert!(
                (found - bound).abs() < 3e-4,
                "{errors} of {trials}: {found}"
            );
        }
        assert_eq!(upper95(5, 5), 1.0);
    }

    /// Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 5.
    #[test]
    fn the_intervals_are_the_published_ones() {
        for (errors, n, low, high) in [
            (81, 263, 0.2527, 0.3676),
            (15, 148, 0.0578, 0.1617),
            (0, 20, 0.0, 0.1684),
            (1, 29, 0.0009, 0.1776),
        ] {
            let [a, b] = exact95(errors, n).unwrap();
            assert!(
                (a - low).abs() < 5e-5 && (b - high).abs() < 5e-5,
                "{errors}/{n}: {a} {b}"
            );
        }
    }

    #[test]
    fn no_errors_and_only_errors_have_the_closed_form() {
        for n in [1, 42, 3000] {
            let end = TAIL.powf(1.0 / n as f64);
            let [low, high] = exact95(0, n).unwrap();
            assert!(low == 0.0 && (high - (1.0 - end)).abs() < 1e-12, "{n}");
            let [low, high] = exact95(n, n).unwrap();
            assert!(high == 1.0 && (low - end).abs() < 1e-9, "{n}");
        }
    }

    #[test]
    fn without_trials_there_is_no_interval() {
        assert_eq!(exact95(0, 0), None);
        assert_eq!(exact95(2, 1), None);
    }
}
