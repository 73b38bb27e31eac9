//! The five captures of an enrolment: three ahead, one with the head turned a little to each side.

use crate::comparison;
use crate::guidance::Guidance;
use crate::signal_processing::features::Features;
use crate::signal_processing::pose::Pose;

/// Captures in a reference.
pub(crate) const NEEDED: u8 = 5;
/// Of these, looking ahead.
const AHEAD: usize = 3;
/// Least time between two captures, so that they are different moments.
const GAP_MS: f64 = 350.0;
/// Largest turn that counts as looking ahead at the start, in degrees. Wide, because a camera may stand
/// aside; what follows is measured from the first capture.
const FIRST_YAW: f32 = 22.0;
/// Largest nod of any capture, in degrees.
const PITCH: f32 = 22.0;
/// Turn from the first capture that still counts as ahead, in degrees.
const STRAIGHT: f32 = 7.0;
/// Turn from the first capture that counts as a side pose, in degrees.
const SIDE: std::ops::RangeInclusive<f32> = 8.0..=28.0;
/// Who has not turned for this long may not be able to: then further captures ahead fill the places.
const PATIENCE_MS: f64 = 12_000.0;
/// Such captures lie at least this far apart.
const PATIENT_GAP_MS: f64 = 1500.0;

/// A place in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Ahead,
    Left,
    Right,
}

/// The captures taken so far.
#[derive(Default)]
pub(super) struct Captures {
    taken: Vec<(Place, Features)>,
    first_yaw: f32,
    last_at_ms: f64,
    /// When the person was first asked to turn.
    asked_at_ms: Option<f64>,
}

impl Captures {
    pub(super) fn count(&self) -> u8 {
        u8::try_from(self.taken.len()).unwrap_or(NEEDED)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.count() >= NEEDED
    }

    pub(super) fn last_at_ms(&self) -> f64 {
        self.last_at_ms
    }

    /// The normalised mean of all five; None before.
    pub(super) fn mean(&self) -> Option<Features> {
        self.is_complete().then(|| self.mean_so_far()).flatten()
    }

    fn mean_so_far(&self) -> Option<Features> {
        Features::mean(self.taken.iter().map(|(_, features)| features))
    }

    /// Offers a good sample. `features` is asked for only if the sample fills a missing place. Answers
    /// with what the person should do next.
    pub(super) fn offer(
        &mut self,
        pose: Pose,
        at_ms: f64,
        features: impl FnOnce() -> Option<Features>,
    ) -> Guidance {
        if pose.pitch.abs() > PITCH {
            return Guidance::LookAhead;
        }
        let Some(place) = self.place_for(pose, at_ms) else {
            return self.ask(pose, at_ms);
        };
        if !self.taken.is_empty() && at_ms - self.last_at_ms < GAP_MS {
            return Guidance::Good;
        }
        if let Some(features) = features() {
            self.add(place, features, pose.yaw, at_ms);
        }
        Guidance::Good
    }

    /// The missing place that a pose would fill.
    fn place_for(&self, pose: Pose, at_ms: f64) -> Option<Place> {
        if self.taken.is_empty() {
            return (pose.yaw.abs() <= FIRST_YAW).then_some(Place::Ahead);
        }
        let turn = pose.yaw - self.first_yaw;
        let place = if turn.abs() <= STRAIGHT {
            Place::Ahead
        } else if SIDE.contains(&turn) {
            Place::Left
        } else if SIDE.contains(&-turn) {
            Place::Right
        } else {
            return None;
        };
        if self.is_missing(place) {
            return Some(place);
        }
        let waited = self
            .asked_at_ms
            .is_some_and(|asked| at_ms - asked >= PATIENCE_MS)
            && at_ms - self.last_at_ms >= PATIENT_GAP_MS;
        (waited && place == Place::Ahead)
            .then(|| self.first_missing())
            .flatten()
    }

    fn is_missing(&self, place: Place) -> bool {
        let taken = self
            .taken
            .iter()
            .filter(|(other, _)| *other == place)
            .count();
        taken < if place == Place::Ahead { AHEAD } else { 1 }
    }

    fn first_missing(&self) -> Option<Place> {
        [Place::Ahead, Place::Left, Place::Right]
            .into_iter()
            .find(|place| self.is_missing(*place))
    }

    /// What to ask for when the pose fills no place.
    fn ask(&mut self, pose: Pose, at_ms: f64) -> Guidance {
        let turn = pose.yaw - self.first_yaw;
        let ask = match self.first_missing() {
            Some(Place::Left) => Guidance::TurnLeft,
            Some(Place::Right) => Guidance::TurnRight,
            _ => return Guidance::LookAhead,
        };
        self.asked_at_ms.get_or_insert(at_ms);
        // Turned too far to be of use, to the side that is wanted.
        let too_far = match ask {
            Guidance::TurnLeft => turn > *SIDE.end(),
            _ => -turn > *SIDE.end(),
        };
        if too_far { Guidance::LookAhead } else { ask }
    }

    /// Adds a capture; one that does not agree with those before it starts the enrolment again.
    fn add(&mut self, place: Place, features: Features, yaw: f32, at_ms: f64) {
        let agrees = |mean: Features| comparison::same_run(&mean, &features);
        if !self.mean_so_far().is_none_or(agrees) {
            *self = Self::default();
            return;
        }
        if self.taken.is_empty() {
            self.first_yaw = yaw;
        }
        self.taken.push((place, features));
        self.last_at_ms = at_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::features::LENGTH;

    fn person(i: usize) -> Option<Features> {
        let mut values = vec![0.01; LENGTH];
        values[i] = 1.0;
        Features::normalised(values)
    }

    fn pose(yaw: f32) -> Pose {
        Pose {
            yaw,
            pitch: 0.0,
            roll: 0.0,
        }
    }

    /// Offers frames of one pose for `ms` milliseconds; the last hint and the number of captures.
    fn hold(captures: &mut Captures, clock: &mut f64, yaw: f32, ms: f64) -> (Guidance, u8) {
        let end = *clock + ms;
        let mut hint = Guidance::Good;
        while *clock < end && !captures.is_complete() {
            hint = captures.offer(pose(yaw), *clock, || person(1));
            *clock += 66.0;
        }
        (hint, captures.count())
    }

    #[test]
    fn asks_for_what_is_missing_in_turn() {
        let (mut captures, mut clock) = (Captures::default(), 0.0);
        assert_eq!(
            hold(&mut captures, &mut clock, 0.0, 2000.0),
            (Guidance::TurnLeft, 3)
        );
        assert_eq!(
            hold(&mut captures, &mut clock, 35.0, 500.0),
            (Guidance::LookAhead, 3)
        );
        assert_eq!(
            hold(&mut captures, &mut clock, 15.0, 500.0),
            (Guidance::TurnRight, 4)
        );
        assert_eq!(
            hold(&mut captures, &mut clock, -15.0, 500.0),
            (Guidance::Good, 5)
        );
        assert!(captures.mean().is_some());
    }

    #[test]
    fn takes_the_places_in_any_order() {
        let (mut captures, mut clock) = (Captures::default(), 0.0);
        hold(&mut captures, &mut clock, 0.0, 100.0);
        assert_eq!(hold(&mut captures, &mut clock, -15.0, 800.0).1, 2);
        assert_eq!(hold(&mut captures, &mut clock, 15.0, 800.0).1, 3);
        assert_eq!(
            hold(&mut captures, &mut clock, 15.0, 800.0),
            (Guidance::LookAhead, 3)
        );
        assert_eq!(hold(&mut captures, &mut clock, 1.0, 1000.0).1, 5);
    }

    #[test]
    fn a_camera_that_stands_aside_moves_the_middle() {
        let (mut captures, mut clock) = (Captures::default(), 0.0);
        assert_eq!(
            hold(&mut captures, &mut clock, 17.0, 2000.0),
            (Guidance::TurnLeft, 3)
        );
        assert_eq!(hold(&mut captures, &mut clock, 30.0, 500.0).1, 4);
        assert_eq!(hold(&mut captures, &mut clock, 2.0, 500.0).1, 5);
    }

    #[test]
    fn who_cannot_turn_is_enrolled_after_a_while() {
        let (mut captures, mut clock) = (Captures::default(), 0.0);
        assert_eq!(hold(&mut captures, &mut clock, 0.0, 12_000.0).1, 3);
        assert_eq!(hold(&mut captures, &mut clock, 0.0, 4_000.0).1, 5);
    }

    #[test]
    fn a_second_person_starts_the_enrolment_again() {
        let (mut captures, mut clock) = (Captures::default(), 0.0);
        assert_eq!(hold(&mut captures, &mut clock, 0.0, 800.0).1, 3);
        captures.offer(pose(15.0), clock + 400.0, || person(2));
        assert_eq!(captures.count(), 0);
        assert!(captures.mean().is_none());
    }

    #[test]
    fn features_are_asked_for_only_when_wanted() {
        let mut captures = Captures::default();
        captures.offer(pose(0.0), 0.0, || person(1));
        for yaw in [0.0, 50.0] {
            captures.offer(pose(yaw), 100.0, || unreachable!("too soon or of no use"));
        }
        let nod = Pose {
            pitch: 27.0,
            ..pose(0.0)
        };
        let hint = captures.offer(nod, 900.0, || unreachable!("nodding"));
        assert_eq!(hint, Guidance::LookAhead);
    }
}
