//! Thresholds for given false match rates, and the error rates at a threshold.

/// The lowest threshold at which at most `rate` of the impostor comparisons are accepted, given their scores
/// from the highest down. None when there are too few comparisons for even one false match at that rate.
pub(super) fn threshold_for(impostors: &[f32], rate: f64) -> Option<f32> {
    let allowed = (impostors.len() as f64 * rate).floor() as usize;
    // One more than allowed must lie below the threshold.
    (allowed > 0).then(|| impostors.get(allowed).map(|score| score.next_up()))?
}

/// Part of the impostor scores (from the highest down) that are accepted.
pub(super) fn accepted(impostors: &[f32], threshold: f32) -> usize {
    impostors.partition_point(|score| *score >= threshold)
}

/// Part of the genuine scores (from the lowest up) that are refused.
pub(super) fn refused(genuine: &[f32], threshold: f32) -> usize {
    genuine.partition_point(|score| *score < threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_kept_exactly_on_a_hand_made_set() {
        // 0.999, 0.998, ... 0: a thousand comparisons.
        let impostors: Vec<f32> = (0..1000u16).rev().map(|i| f32::from(i) / 1000.0).collect();
        for (rate, matches) in [(0.001, 1), (0.01, 10), (0.1234, 123), (0.5, 500)] {
            let threshold = threshold_for(&impostors, rate).unwrap();
            assert_eq!(accepted(&impostors, threshold), matches, "{rate}");
            // No lower threshold would do.
            assert!(accepted(&impostors, threshold.next_down()) > matches);
        }
    }

    #[test]
    fn equal_scores_never_push_the_rate_above_the_target() {
        let impostors = [0.9, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
        let threshold = threshold_for(&impostors, 0.2).unwrap();
        assert_eq!(accepted(&impostors, threshold), 1);
    }

    #[test]
    fn too_few_comparisons_give_no_threshold() {
        assert_eq!(threshold_for(&[0.5; 9_999], 1e-4), None);
        assert!(threshold_for(&[0.5; 10_000], 1e-4).is_some());
        assert_eq!(threshold_for(&[], 0.5), None);
    }

    #[test]
    fn a_score_at_the_threshold_is_accepted() {
        assert_eq!(refused(&[0.1, 0.4, 0.4, 0.8], 0.4), 1);
        assert_eq!(accepted(&[0.8, 0.4, 0.4, 0.1], 0.4), 3);
    }
}
