//! One look: a few good frames of the same face, close together in time, and their mean.

use crate::comparison;
use crate::signal_processing::features::Features;

/// Frames in a look. Frames of one look are much alike: a third one costs a fifth of a second and gains little.
pub(crate) const NEEDED: u8 = 2;
/// Least time between two of them.
const GAP_MS: f64 = 60.0;
/// Most time between the first and the last.
const WINDOW_MS: f64 = 3000.0;

/// A look in the making.
#[derive(Default)]
pub(crate) struct Look {
    frames: Vec<(Features, f64)>,
}

impl Look {
    /// Whether a frame at `at_ms` would be far enough from the last one.
    pub(crate) fn wants(&self, at_ms: f64) -> bool {
        !self.is_complete()
            && self
                .frames
                .last()
                .is_none_or(|(_, last)| at_ms - last >= GAP_MS)
    }

    /// Adds a frame. One that does not agree with those before it starts the look again.
    pub(crate) fn add(&mut self, features: Features, at_ms: f64) {
        self.frames.retain(|(_, at)| at_ms - at <= WINDOW_MS);
        let agrees = |(other, _): &(Features, f64)| comparison::same_run(other, &features);
        if !self.frames.iter().all(agrees) {
            self.frames.clear();
        }
        self.frames.push((features, at_ms));
    }

    /// Frames gathered, at most [`NEEDED`].
    pub(crate) fn captured(&self) -> u8 {
        u8::try_from(self.frames.len()).unwrap_or(NEEDED)
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.captured() >= NEEDED
    }

    /// The mean of a complete look.
    pub(crate) fn features(&self) -> Option<Features> {
        self.is_complete()
            .then(|| Features::mean(self.frames.iter().map(|(f, _)| f)))
            .flatten()
    }

    /// Forgets an incomplete look.
    pub(crate) fn interrupt(&mut self) {
        if !self.is_complete() {
            self.frames.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::features::LENGTH;

    fn axis(i: usize) -> Features {
        let mut values = vec![0.01; LENGTH];
        values[i] = 1.0;
        Features::normalised(values).unwrap()
    }

    #[test]
    fn two_agreeing_frames_make_a_look() {
        let mut look = Look::default();
        for at in [0.0, 100.0] {
            assert!(look.wants(at) && look.features().is_none());
            look.add(axis(1), at);
            assert!(!look.wants(at + 59.0));
        }
        assert!(look.is_complete() && !look.wants(900.0));
        assert!(comparison::cosine(&look.features().unwrap(), &axis(1)) > 0.999);
    }

    #[test]
    fn another_face_or_a_long_pause_starts_again() {
        let mut look = Look::default();
        look.add(axis(1), 0.0);
        look.add(axis(2), 100.0);
        assert_eq!(look.captured(), 1);
        look.add(axis(2), 4000.0);
        assert_eq!(look.captured(), 1);
        assert!(look.features().is_none());
    }

    #[test]
    fn an_interruption_forgets_only_what_is_incomplete() {
        let mut look = Look::default();
        look.add(axis(1), 0.0);
        look.interrupt();
        assert_eq!(look.captured(), 0);
        for at in [100.0, 200.0] {
            look.add(axis(1), at);
        }
        look.interrupt();
        assert!(look.is_complete());
    }
}
