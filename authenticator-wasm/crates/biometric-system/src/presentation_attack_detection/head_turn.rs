//! Head turns in an order that the ceremony draws, as a solid head makes them and a plane cannot.
//!
//! Left and right are the person's own. What is measured is geometry of five landmarks only; who the head
//! belongs to is the matter of `continuity`.

mod flatness;
mod homography;
mod parallax;
mod watch;

use super::seed::Seed;
use crate::guidance::Guidance;
use crate::signal_processing::detection::Point;
use crate::signal_processing::pose::Pose;
pub(crate) use watch::Watch;
#[cfg(feature = "test-support")]
pub(crate) use watch::flatness_between;

/// Turn from the person's own frontal pose that counts as turned, in degrees.
const TURNED: f32 = 9.5;
/// A turn of this size to the side that was not asked for is clearly wrong, in degrees.
const WRONG: f32 = 11.0;
/// Within this the head looks ahead again, in degrees.
const AHEAD: f32 = 6.0;
/// Turn whose features serve best, in degrees: clearly turned, and still well known to the extractor.
const BEST: f32 = 20.0;
/// Frames that show a solid head turned as asked; then the head may come back.
const FRAMES: usize = 3;
/// Least movement of the nose tip against the plane of eyes and mouth, in eye distances. Real turns in the
/// test videos reach 0.11 to 0.30. The detector sees up to 0.14 in a plane tilted by 35 degrees, because it
/// knows what faces look like: that is why the pictures are compared too ([`Watch`]).
const PARALLAX: f32 = 0.08;
/// Least depth of the nose tip before that plane, in eye distances, as far as the tilt of the plane tells
/// it: the more a picture is tilted, the more must move. Heads have about 0.4, a picture has none.
const DEPTH: f32 = 0.2;

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
    /// Turned as asked; `best` says that this frame serves better than those before to tell whose head it is.
    Turned { best: bool },
    /// Back ahead after a turn that a solid head made.
    Done,
    /// Clearly turned to the other side.
    Failed,
}

/// One turn: from the prompt until the head looks ahead again.
struct Turn {
    side: Side,
    frontal: [Point; 5],
    frontal_yaw: f32,
    /// Frames of this movement that showed a solid head turned as asked, less those that did not.
    solid: usize,
    /// How far the best frame was from [`BEST`].
    best: f32,
}

impl Turn {
    /// Asks for a turn to `side`, measured from the person's own frontal landmarks.
    fn ask(side: Side, frontal: [Point; 5]) -> Self {
        Self {
            side,
            frontal,
            frontal_yaw: Pose::of(&frontal).yaw,
            solid: 0,
            best: f32::INFINITY,
        }
    }

    /// Whether the head has been turned far enough, so that it may come back.
    fn reached(&self) -> bool {
        self.solid >= FRAMES
    }

    /// What to show now.
    fn guidance(&self) -> Guidance {
        if self.reached() {
            Guidance::LookAhead
        } else {
            self.side.guidance()
        }
    }

    /// Takes the landmarks of the next frame; `bulges` says whether no sheet explains its picture, and is
    /// asked only where it matters.
    fn see(&mut self, landmarks: &[Point; 5], bulges: impl FnOnce() -> bool) -> Progress {
        let turn = self
            .side
            .towards(Pose::of(landmarks).yaw - self.frontal_yaw);
        if turn <= -WRONG && !self.reached() {
            return Progress::Failed;
        }
        if turn >= TURNED {
            if !self.reached() {
                self.solid = if self.is_solid(landmarks) && bulges() {
                    self.solid + 1
                } else {
                    self.solid.saturating_sub(1)
                };
            }
            let off = (turn - BEST).abs();
            let best = off < self.best;
            self.best = self.best.min(off);
            return Progress::Turned { best };
        }
        if turn > AHEAD {
            return Progress::Underway;
        }
        if self.reached() {
            return Progress::Done;
        }
        // One movement must show it all: chance hits of many small ones do not add up.
        self.solid = 0;
        Progress::Underway
    }

    /// Whether this frame shows the nose tip where only a solid head turned to this side has it.
    fn is_solid(&self, landmarks: &[Point; 5]) -> bool {
        let Some(plane) = parallax::measure(&self.frontal, landmarks) else {
            return false;
        };
        let aside = self.side.towards(plane.parallax);
        aside >= PARALLAX && aside >= DEPTH * plane.tilt.sin()
    }
}

#[cfg(test)]
mod tests;
