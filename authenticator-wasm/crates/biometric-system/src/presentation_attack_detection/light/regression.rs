//! Least squares over short series, with what is known to disturb them taken out first.

/// An orthonormal base of disturbances of a series of samples.
pub(super) struct Nuisance(Vec<Vec<f64>>);

impl Nuisance {
    /// From columns of equal length (modified Gram-Schmidt); columns that add nothing are dropped.
    pub(super) fn new(columns: impl IntoIterator<Item = Vec<f64>>) -> Self {
        let mut base = Self(Vec::new());
        for column in columns {
            let before = dot(&column, &column);
            let rest = base.remove(column);
            let norm = dot(&rest, &rest);
            if norm.is_finite() && norm > 1e-9 * before.max(1e-12) {
                let norm = norm.sqrt();
                base.0.push(rest.iter().map(|x| x / norm).collect());
            }
        }
        base
    }

    /// The part of `series` that the disturbances do not explain.
    pub(super) fn remove(&self, mut series: Vec<f64>) -> Vec<f64> {
        for column in &self.0 {
            let part = dot(&series, column);
            for (value, known) in series.iter_mut().zip(column) {
                *value -= part * known;
            }
        }
        series
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// How a series follows another, both without disturbances.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// Correlation, -1 to 1.
    pub(super) correlation: f64,
    /// Change of the answer for a change of one in the order.
    pub(super) slope: f64,
    /// Standard error of the slope, taking the samples as independent.
    pub(super) error: f64,
}

/// Regresses `answer` on `order`. None when one of them does not change.
pub(super) fn fit(order: &[f64], answer: &[f64]) -> Option<Fit> {
    let (xx, yy, xy) = (dot(order, order), dot(answer, answer), dot(order, answer));
    if !(xx > 1e-12 && yy > 1e-18) {
        return None;
    }
    let rest = (yy - xy * xy / xx).max(0.0);
    let count = f64::from(u32::try_from(order.len()).unwrap_or(u32::MAX));
    let fit = Fit {
        correlation: xy / (xx * yy).sqrt(),
        slope: xy / xx,
        error: (rest / (count - 2.0).max(1.0) / xx).sqrt(),
    };
    fit.slope.is_finite().then_some(fit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_slope_is_found_under_any_disturbance_of_known_form(
            slope in -3.0f64..3.0, offset in -5.0f64..5.0, trend in -2.0f64..2.0, turn in -2.0f64..2.0
        ) {
            prop_assume!(slope.abs() > 0.01);
            let times: Vec<f64> = (0..40).map(f64::from).collect();
            let swing = |t: &f64| (t / 7.0).sin();
            let order: Vec<f64> = times.iter().map(|t| (t * 1.7).sin().signum()).collect();
            let answer = times.iter().zip(&order)
                .map(|(t, x)| offset + trend * t + turn * swing(t) + slope * x).collect();
            let nuisance = Nuisance::new([
                vec![1.0; 40],
                times.clone(),
                times.iter().map(swing).collect(),
                vec![2.0; 40], // adds nothing
            ]);
            let found = fit(&nuisance.remove(order), &nuisance.remove(answer)).unwrap();
            prop_assert!((found.slope - slope).abs() < 1e-6 && found.error < 1e-3);
            prop_assert!((found.correlation - slope.signum()).abs() < 1e-6);
        }
    }

    #[test]
    fn what_does_not_change_has_no_fit() {
        assert!(fit(&[0.0; 9], &[1.0; 9]).is_none());
        assert!(fit(&[1.0, 2.0], &[f64::NAN, 1.0]).is_none());
    }
}
