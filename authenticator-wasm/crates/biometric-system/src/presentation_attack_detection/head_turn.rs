//! Head turns in an order that the ceremony draws, as a solid head makes them and a plane cannot.
//!
//! Left and right are the person's own. What is measured is geometry of five landmarks only; who the head
//! belongs to is the matter of `continuity`.

mod homography;
mod parallax;

use super::seed::Seed;
use crate::guidance::Guidance;
use crate::signal_processing::detection::Point;
use crate::signal_processing::pose::Pose;

/// Turn from the person's own frontal pose that counts as turned, in degrees.
const TURNED: f32 = 9.5;
/// A turn of this size to the side that was not asked for is clearly wrong, in degrees.
const WRONG: f32 = 11.0;
/// Within this the head looks ahead again, in degrees.
const AHEAD: f32 = 6.0;
/// Least frames beyond [`TURNED`]; the evidence is their median near the extreme.
const FRAMES: usize = 3;
/// Frames near the extreme of which the median is taken.
const EXTREME: usize = 5;
/// Least movement of the nose tip against the plane, in eye distances.
const PARALLAX: f32 = 0.07;

/// The person's own side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

impl Side {
    pub(crate) fn guidance(self) -> Guidance {
        match self {
            Self::Left => Guidance::TurnLeft,
            Self::Right => Guidance::TurnRight,
        }
    }

    /// The turn `yaw` seen as a turn to this side: positive when it is.
    fn towards(self, yaw: f32) -> f32 {
        match self {
            Self::Left => yaw,
            Self::Right => -yaw,
        }
    }
}

/// The side of turn `index`: bit `index`, most significant first, of the digest for "mien/head-turn/1";
/// 0 is left, 1 is right.
pub(crate) fn side(seed: Seed, index: usize) -> Side {
    let digest = seed.digest("mien/head-turn/1");
    let byte = digest.get(index / 8).copied().unwrap_or_default();
    if byte >> (7 - index % 8) & 1 == 0 {
        Side::Left
    } else {
        Side::Right
    }
}

/// What the turns of one run say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// So many turns were made as asked, by a solid head, and none was wrong.
    Turned(u8),
    /// A turn went to the wrong side, or a plane made it.
    Wrong,
}

/// What a frame meant for the turn that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Not turned (any more, or yet), or not far enough.
    Underway,
    /// Turned as asked; `best` says that this frame shows the turn further than those before.
    Turned { best: bool },
    /// Back ahead after a turn that a solid head made.
    Done,
    /// Clearly turned to the other side, or not moved as a solid head does.
    Failed,
}

/// One turn: from the prompt until the head looks ahead again.
pub(crate) struct Turn {
    side: Side,
    frontal: [Point; 5],
    frontal_yaw: f32,
    /// Yaw from the frontal pose and parallax of the turned frames, both positive towards the side.
    turned: Vec<(f32, f32)>,
}

impl Turn {
    /// Asks for a turn to `side`, measured from the person's own frontal landmarks.
    pub(crate) fn ask(side: Side, frontal: [Point; 5]) -> Self {
        Self {
            side,
            frontal,
            frontal_yaw: Pose::of(&frontal).yaw,
            turned: Vec::new(),
        }
    }

    /// Whether the head has been turned far enough, so that it may come back.
    pub(crate) fn reached(&self) -> bool {
        self.turned.len() >= FRAMES
    }

    /// What to show now.
    pub(crate) fn guidance(&self) -> Guidance {
        if self.reached() {
            Guidance::LookAhead
        } else {
            self.side.guidance()
        }
    }

    /// Takes the landmarks of the next frame.
    pub(crate) fn see(&mut self, landmarks: &[Point; 5]) -> Progress {
        let turn = self
            .side
            .towards(Pose::of(landmarks).yaw - self.frontal_yaw);
        if turn <= -WRONG && !self.reached() {
            return Progress::Failed;
        }
        if turn >= TURNED {
            let Some(aside) = parallax::parallax(&self.frontal, landmarks) else {
                return Progress::Underway;
            };
            let best = self.turned.iter().all(|(other, _)| turn > *other);
            self.turned.push((turn, self.side.towards(aside)));
            return Progress::Turned { best };
        }
        if turn > AHEAD || !self.reached() {
            return Progress::Underway;
        }
        if self.evidence() >= PARALLAX {
            Progress::Done
        } else {
            Progress::Failed
        }
    }

    /// Median parallax of the frames near the extreme.
    fn evidence(&self) -> f32 {
        let mut frames = self.turned.clone();
        frames.sort_by(|a, b| b.0.total_cmp(&a.0));
        frames.truncate(EXTREME);
        frames.sort_by(|a, b| a.1.total_cmp(&b.1));
        frames
            .get(frames.len() / 2)
            .map_or(0.0, |(_, aside)| *aside)
    }
}
