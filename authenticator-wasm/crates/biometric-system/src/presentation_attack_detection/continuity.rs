//! One person from the first frame to the last: no gap, no jump, and every feature vector agrees.

use crate::comparison;
use crate::signal_processing::detection::Point;
use crate::signal_processing::features::Features;

/// Longest run of frames without the one face, in milliseconds.
const GAP_MS: f64 = 600.0;
/// Longest time without any frame: a slow device takes its time over one, and nobody is lost by that.
const PAUSE_MS: f64 = 2500.0;
/// Frames at most this far apart are compared for jumps.
const NEAR_MS: f64 = 200.0;
/// Farthest that the landmarks move without time passing (detection noise), in eye distances.
const JUMP: f32 = 0.35;
/// Fastest movement, in eye distances per second.
const SPEED: f32 = 8.0;

/// What the whole look says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// One person all along.
    OnePerson,
    /// The face was lost, jumped, or was another at some moment.
    Broken,
}

/// When in the look features were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Ahead, before the first turn.
    Start,
    /// At the extreme of a turn.
    Turned,
    /// Ahead, between the first and the second turn: what is compared with the reference.
    Matched,
}

/// Follows the face of one look.
#[derive(Default)]
pub(crate) struct Continuity {
    last: Option<([Point; 5], f64)>,
    /// Time of the first frame since then that did not show the face.
    lost_ms: Option<f64>,
    people: Vec<(Moment, Features)>,
    broken: bool,
}

impl Continuity {
    /// Takes the landmarks of the one face in the frame at `at_ms`.
    pub(crate) fn follow(&mut self, landmarks: &[Point; 5], at_ms: f64) {
        if let Some((before, since)) = &self.last {
            self.broken |= at_ms - since > PAUSE_MS || jumped(before, landmarks, at_ms - since);
        }
        self.lost_ms = None;
        self.last = Some((*landmarks, at_ms));
    }

    /// Takes a frame at `at_ms` that does not show the one face.
    pub(crate) fn wait(&mut self, at_ms: f64) {
        let too_long = |(_, since): &([Point; 5], f64)| at_ms - since > PAUSE_MS;
        let lost_ms = *self.lost_ms.get_or_insert(at_ms);
        self.broken |= at_ms - lost_ms > GAP_MS || self.last.as_ref().is_some_and(too_long);
    }

    /// Takes features from any moment of the look; all of them must agree with each other.
    pub(crate) fn identify(&mut self, moment: Moment, features: Features) {
        let agrees = |(_, other): &(_, Features)| comparison::same_run(other, &features);
        self.broken |= !self.people.iter().all(agrees);
        self.people.push((moment, features));
    }

    /// The normalised mean of the frames to compare. None when there are none.
    pub(crate) fn matched(&self) -> Option<Features> {
        let matched = self.people.iter().filter(|(m, _)| *m == Moment::Matched);
        Features::mean(matched.map(|(_, features)| features))
    }

    pub(crate) fn verdict(&self) -> Verdict {
        if self.broken {
            Verdict::Broken
        } else {
            Verdict::OnePerson
        }
    }
}

/// Whether a head cannot have moved like this in `elapsed_ms`.
fn jumped(before: &[Point; 5], after: &[Point; 5], elapsed_ms: f64) -> bool {
    if elapsed_ms > NEAR_MS {
        return false;
    }
    let [right, left, ..] = *before;
    let moved = before
        .iter()
        .zip(after)
        .map(|(a, b)| a.distance(*b))
        .sum::<f32>()
        / 5.0;
    #[allow(clippy::as_conversions, reason = "at most a fifth of a second")]
    let seconds = (elapsed_ms.max(0.0) / 1000.0) as f32;
    // A distance that is not a number counts as a jump.
    moved.is_nan() || moved > (JUMP + SPEED * seconds) * right.distance(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::alignment::TEMPLATE;

    /// Frames by their times; `false` shows no face.
    fn verdict(frames: &[(f64, bool)]) -> Verdict {
        let mut continuity = Continuity::default();
        for (at_ms, face) in frames {
            if *face {
                continuity.follow(&TEMPLATE, *at_ms);
            } else {
                continuity.wait(*at_ms);
            }
        }
        continuity.verdict()
    }

    #[test]
    fn a_face_that_is_lost_for_too_long_is_another() {
        let lost = |until: f64| [(0.0, true), (66.0, false), (until, false), (700.0, true)];
        assert_eq!(verdict(&lost(666.0)), Verdict::OnePerson);
        assert_eq!(verdict(&lost(667.0)), Verdict::Broken);
    }

    #[test]
    fn a_device_that_takes_its_time_over_a_frame_loses_nobody() {
        assert_eq!(verdict(&[(0.0, true), (2500.0, true)]), Verdict::OnePerson);
        assert_eq!(verdict(&[(0.0, true), (2501.0, true)]), Verdict::Broken);
        assert_eq!(verdict(&[(0.0, true), (2501.0, false)]), Verdict::Broken);
    }
}
