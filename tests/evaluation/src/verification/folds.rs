//! Accuracy by k-fold cross-validation, as the protocol of LFW asks (Huang et al., 2007, section "View 2").

/// The score of one pair, the fold it belongs to, and whether it shows one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scored {
    pub(super) fold: usize,
    pub(super) score: f32,
    pub(super) same: bool,
}

/// Mean accuracy over the folds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Accuracy {
    pub(super) mean: f64,
    /// Sample standard deviation of the folds' accuracies over the square root of their number.
    pub(super) standard_error: f64,
    pub(super) folds: usize,
}

/// Each fold is judged at the threshold that does best on all the others. None with fewer than two folds.
pub(super) fn accuracy(pairs: &[Scored]) -> Option<Accuracy> {
    let count = pairs.iter().map(|pair| pair.fold + 1).max()?;
    let folds: Vec<f64> = (0..count)
        .filter_map(|fold| {
            let (own, others): (Vec<_>, Vec<_>) = pairs.iter().partition(|pair| pair.fold == fold);
            let threshold = best_threshold(others)?;
            let right = own
                .iter()
                .filter(|pair| (pair.score >= threshold) == pair.same)
                .count();
            (!own.is_empty()).then(|| right as f64 / own.len() as f64)
        })
        .collect();
    let n = folds.len() as f64;
    let mean = folds.iter().sum::<f64>() / n;
    let variance = folds.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (folds.len() > 1).then(|| Accuracy {
        mean,
        standard_error: (variance / n).sqrt(),
        folds: folds.len(),
    })
}

/// The threshold with the most right answers: half-way between two scores; the middle one of several equally good.
fn best_threshold(mut pairs: Vec<&Scored>) -> Option<f32> {
    pairs.sort_by(|a, b| a.score.total_cmp(&b.score));
    // Below the lowest score all are accepted: right where the person is the same.
    let mut right = pairs.iter().filter(|pair| pair.same).count();
    let (mut most, mut best) = (right, vec![pairs.first()?.score]);
    for (index, pair) in pairs.iter().enumerate() {
        right = if pair.same { right - 1 } else { right + 1 };
        let next = pairs.get(index + 1).map(|next| next.score);
        if next == Some(pair.score) {
            continue;
        }
        let threshold = match next {
            Some(next) if pair.score.is_finite() => pair.score.midpoint(next),
            Some(next) => next,
            None => pair.score.next_up(),
        };
        if right > most {
            (most, best) = (right, Vec::new());
        }
        if right == most {
            best.push(threshold);
        }
    }
    best.get(best.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(usize, f32, bool)]) -> Vec<Scored> {
        list.iter()
            .map(|&(fold, score, same)| Scored { fold, score, same })
            .collect()
    }

    #[test]
    fn a_fold_is_judged_by_the_others() {
        // Fold 0 alone would put its threshold at 0.55; fold 1 says 0.25, and by that 0.5 is a false match.
        let pairs = pairs(&[
            (0, 0.5, false),
            (0, 0.6, true),
            (0, 0.7, true),
            (0, 0.1, false),
            (1, 0.2, false),
            (1, 0.3, true),
            (1, 0.1, false),
            (1, 0.9, true),
        ]);
        let found = accuracy(&pairs).unwrap();
        // Fold 0: 3 of 4 right. Fold 1 at 0.55: 0.3 is refused, 3 of 4 right.
        assert_eq!(
            found,
            Accuracy {
                mean: 0.75,
                standard_error: 0.0,
                folds: 2
            }
        );
    }

    #[test]
    fn the_standard_error_is_that_of_the_mean() {
        let mut list = Vec::new();
        for fold in 0..3 {
            list.extend([
                (fold, 0.9, true),
                (fold, 0.1, false),
                (fold, 0.8, true),
                (fold, 0.2, false),
            ]);
        }
        // One of fold 2's four is wrong at any sensible threshold: accuracies 1, 1, 0.75.
        list[10] = (2, 0.05, true);
        let found = accuracy(&pairs(&list)).unwrap();
        assert!((found.mean - 11.0 / 12.0).abs() < 1e-12);
        assert!((found.standard_error - 1.0 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn one_fold_has_no_others_to_learn_from() {
        assert_eq!(accuracy(&pairs(&[(0, 0.9, true), (0, 0.1, false)])), None);
        assert_eq!(accuracy(&[]), None);
    }

    #[test]
    fn a_pair_without_a_score_is_never_a_match() {
        let list = pairs(&[
            (0, f32::NEG_INFINITY, true),
            (0, 0.1, false),
            (0, 0.9, true),
            (1, f32::NEG_INFINITY, true),
            (1, 0.1, false),
            (1, 0.9, true),
        ]);
        assert!((accuracy(&list).unwrap().mean - 2.0 / 3.0).abs() < 1e-12);
    }
}
