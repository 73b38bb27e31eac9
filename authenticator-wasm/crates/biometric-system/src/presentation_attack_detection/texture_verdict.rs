//! The texture layer's verdict on a whole look: several frames, judged by their median.

/// Fewer frames than this are no verdict.
const FRAMES: usize = 5;
/// More are not looked at.
const MOST: usize = 9;
/// Least time between two, so that they are different moments.
const GAP_MS: f64 = 120.0;

/// What the texture of a look says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// That of a living face.
    Live,
    /// That of a print or a screen.
    NotLive,
    /// Too few frames could be judged.
    TooFew,
}

/// Gathers the network's probabilities over one look.
#[derive(Default)]
pub(crate) struct Texture {
    probabilities: Vec<f32>,
    last_at_ms: Option<f64>,
}

impl Texture {
    /// Whether a frame at `at_ms` is worth the network's time.
    pub(crate) fn wants(&self, at_ms: f64) -> bool {
        self.probabilities.len() < MOST && self.last_at_ms.is_none_or(|last| at_ms - last >= GAP_MS)
    }

    pub(crate) fn add(&mut self, live: f32, at_ms: f64) {
        self.probabilities.push(live);
        self.last_at_ms = Some(at_ms);
    }

    /// Whether there are enough frames.
    pub(crate) fn is_enough(&self) -> bool {
        self.probabilities.len() >= FRAMES
    }

    /// The median against `threshold`. A number of frames that is even takes the lower one in the middle.
    pub(crate) fn verdict(&self, threshold: f32) -> Verdict {
        if !self.is_enough() {
            return Verdict::TooFew;
        }
        let mut sorted = self.probabilities.clone();
        sorted.sort_by(f32::total_cmp);
        match sorted.get((sorted.len() - 1) / 2) {
            Some(median) if *median >= threshold => Verdict::Live,
            _ => Verdict::NotLive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(probabilities: &[f32]) -> Verdict {
        let mut texture = Texture::default();
        for (i, live) in (0_u8..).zip(probabilities) {
            texture.add(*live, f64::from(i) * 200.0);
        }
        texture.verdict(0.5)
    }

    #[test]
    fn the_median_decides_and_too_few_frames_do_not() {
        assert_eq!(verdict(&[0.9; 4]), Verdict::TooFew);
        assert_eq!(verdict(&[0.9, 0.1, 0.5, 0.1, 0.9]), Verdict::Live);
        assert_eq!(verdict(&[0.9, 0.1, 0.49, 0.1, 0.9]), Verdict::NotLive);
        assert_eq!(verdict(&[0.9, 0.1, 0.9, 0.1, 0.9, 0.1]), Verdict::NotLive);
        assert_eq!(verdict(&[f32::NAN; 5]), Verdict::NotLive);
    }

    #[test]
    fn frames_lie_apart_and_have_an_end() {
        let mut texture = Texture::default();
        assert!(texture.wants(0.0));
        texture.add(1.0, 0.0);
        assert!(!texture.wants(100.0) && texture.wants(120.0));
        for i in 1..9_u8 {
            texture.add(1.0, f64::from(i) * 120.0);
        }
        assert!(texture.is_enough() && !texture.wants(9000.0));
    }
}
