//! The five captures of an enrolment: three ahead, then one with the head turned to each side.

use crate::comparison;
use crate::signal_processing::features::Features;

/// Captures in a reference.
pub(crate) const NEEDED: u8 = 5;
/// Of these, looking ahead.
pub(super) const AHEAD: u8 = 3;
/// Captures more alike than this are one picture twice: frames of a living face differ more.
const DUPLICATE: f32 = 0.9999;

/// What became of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    Taken,
    /// The same as one before.
    Duplicate,
    /// Of another person than those before.
    Stranger,
}

/// The captures taken so far.
#[derive(Default)]
pub(super) struct Captures {
    taken: Vec<Features>,
}

impl Captures {
    pub(super) fn count(&self) -> u8 {
        u8::try_from(self.taken.len()).unwrap_or(NEEDED)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.count() >= NEEDED
    }

    /// The normalised mean of all five; None before.
    pub(super) fn mean(&self) -> Option<Features> {
        self.is_complete().then(|| self.mean_so_far()).flatten()
    }

    fn mean_so_far(&self) -> Option<Features> {
        Features::mean(&self.taken)
    }

    /// Adds a capture, unless it is one of those before, or does not agree with them.
    pub(super) fn add(&mut self, features: Features) -> Added {
        let duplicate = |other| comparison::cosine(other, &features) > DUPLICATE;
        if self.taken.iter().any(duplicate) {
            return Added::Duplicate;
        }
        let agrees = |mean: Features| comparison::same_run(&mean, &features);
        if !self.mean_so_far().is_none_or(agrees) {
            return Added::Stranger;
        }
        self.taken.push(features);
        Added::Taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::features::LENGTH;

    /// Person `i`, the `n`th picture.
    fn capture(i: usize, n: u8) -> Features {
        let mut values = vec![0.01; LENGTH];
        values[i] = 1.0;
        values[20 + usize::from(n)] = 0.1;
        Features::normalised(values).unwrap()
    }

    #[test]
    fn five_captures_of_one_person_make_a_mean() {
        let mut captures = Captures::default();
        for n in 0..NEEDED {
            assert!(!captures.is_complete() && captures.mean().is_none());
            assert_eq!(captures.add(capture(1, n)), Added::Taken);
        }
        let mean = captures.mean().unwrap();
        assert!(comparison::cosine(&mean, &capture(1, 0)) > 0.98);
    }

    #[test]
    fn duplicates_and_strangers_are_not_taken() {
        let mut captures = Captures::default();
        assert_eq!(captures.add(capture(1, 0)), Added::Taken);
        assert_eq!(captures.add(capture(1, 0)), Added::Duplicate);
        assert_eq!(captures.add(capture(2, 1)), Added::Stranger);
        assert_eq!(captures.count(), 1);
    }
}
