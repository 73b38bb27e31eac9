//! A picture that does not change is not a live view, and the same picture twice is one sample.

use zeroize::Zeroizing;

/// Without any change for this long the picture counts as frozen.
const FROZEN_MS: f64 = 2000.0;

/// Mean change per pixel, in grey levels, below which two pictures are the same. The noise of a camera
/// alone gives more, a blink several times more.
const SAME: f64 = 0.01;

/// How a picture relates to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Novelty {
    /// It differs: it may serve as a sample.
    New,
    /// It is the same picture again, or older than the last: no new sample.
    Same,
    /// It has been the same for too long.
    Frozen,
}

/// Watches a stream of small grey pictures for change.
#[derive(Default)]
pub(crate) struct FrozenPicture {
    base: Option<(Zeroizing<Vec<u8>>, f64)>,
}

impl FrozenPicture {
    /// Judges the next picture, taken at `at_ms`.
    pub(crate) fn judge(&mut self, grey: Zeroizing<Vec<u8>>, at_ms: f64) -> Novelty {
        if let Some((base, since_ms)) = &self.base {
            // Compared with the picture at the start of the pause, not with the last one, so that slow
            // changes add up to a change.
            if at_ms <= *since_ms || difference(base, &grey) < SAME {
                let frozen = at_ms - since_ms >= FROZEN_MS;
                return if frozen {
                    Novelty::Frozen
                } else {
                    Novelty::Same
                };
            }
        }
        self.base = Some((grey, at_ms));
        Novelty::New
    }
}

/// Mean absolute difference per pixel; infinite for pictures of different sizes.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    if a.len() != b.len() || a.is_empty() {
        return f64::INFINITY;
    }
    let sum: u32 = a
        .iter()
        .zip(b)
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    f64::from(sum) / f64::from(u32::try_from(a.len()).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(value: u8) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(vec![value; 1000])
    }

    #[test]
    fn the_same_picture_is_no_new_sample_and_freezes_after_two_seconds() {
        let mut watch = FrozenPicture::default();
        assert_eq!(watch.judge(grey(9), 0.0), Novelty::New);
        assert_eq!(watch.judge(grey(9), 66.0), Novelty::Same);
        assert_eq!(watch.judge(grey(9), 1999.0), Novelty::Same);
        assert_eq!(watch.judge(grey(9), 2000.0), Novelty::Frozen);
        assert_eq!(watch.judge(grey(10), 2066.0), Novelty::New);
        assert_eq!(watch.judge(grey(10), 2132.0), Novelty::Same);
    }

    #[test]
    fn slow_change_is_change() {
        let mut watch = FrozenPicture::default();
        watch.judge(grey(9), 0.0);
        let mut picture = grey(9);
        for step in 1..=12_u8 {
            picture[usize::from(step)] = 10; // one pixel in a thousand at a time
            let novelty = watch.judge(picture.clone(), f64::from(step) * 100.0);
            assert_eq!(novelty == Novelty::New, step == 10, "step {step}");
        }
    }

    #[test]
    fn time_that_stands_still_gives_no_new_sample() {
        let mut watch = FrozenPicture::default();
        assert_eq!(watch.judge(grey(9), 50.0), Novelty::New);
        assert_eq!(watch.judge(grey(99), 50.0), Novelty::Same);
        assert_eq!(watch.judge(grey(99), 20.0), Novelty::Same);
    }
}
