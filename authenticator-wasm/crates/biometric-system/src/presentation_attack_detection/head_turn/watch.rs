//! One turn as the frames show it: landmarks and pictures together.

use super::flatness::{View, flatness};
use super::{Progress, Side, Turn};
use crate::guidance::Guidance;
use crate::observation::{Observation, Sample};
use crate::signal_processing::alignment::{Similarity, TEMPLATE};
use crate::signal_processing::frontal_face::FrontalFace;

/// Correlation around the nose up to which a turned face is more than a tilted or bent sheet of its frontal
/// picture. In the test videos turns of 15 degrees and more reach 0.85 to 0.974. Frames of them that were
/// warped as sheets (five frames, tilted by up to 35 degrees to the side and 20 up and down; 90 as a plane,
/// 180 bent to a radius of six or nine centimetres) stay above 0.986, the planes above 0.998.
const FLAT: f32 = 0.975;

/// Watches one turn, and keeps its best frame.
pub(crate) struct Watch {
    turn: Turn,
    front: Sample,
    best: Option<Sample>,
}

impl Watch {
    /// Asks for a turn to `side`, measured from the person's own frontal face; `front` is a frame of it.
    pub(crate) fn ask(side: Side, frontal: &FrontalFace, front: Sample) -> Self {
        Self {
            turn: Turn::ask(side, frontal.landmarks()),
            front,
            best: None,
        }
    }

    /// What to show, given what the frame itself calls for.
    pub(crate) fn guidance(&self, hint: Guidance) -> Guidance {
        match hint {
            Guidance::Good | Guidance::HoldStill | Guidance::LookAhead => self.turn.guidance(),
            hint => hint,
        }
    }

    /// Takes what the next frame showed.
    pub(crate) fn see(&mut self, observation: Observation) -> Progress {
        let Some(face) = observation.seen else {
            return Progress::Underway;
        };
        let sample = observation.sample;
        let bulges = || sample.as_ref().is_some_and(|s| bulges(&self.front, s));
        let progress = self.turn.see(&face.landmarks, bulges);
        if let Progress::Turned { best } = progress
            && (best || self.best.is_none())
        {
            self.best = sample.or(self.best.take());
        }
        progress
    }

    /// The frame that tells best whose head was turned.
    pub(crate) fn into_best(self) -> Option<Sample> {
        self.best
    }
}

/// Whether no sheet explains the way from one picture to the other.
fn bulges(front: &Sample, turned: &Sample) -> bool {
    flatness_between(front, turned).is_some_and(|flat| flat <= FLAT)
}

/// How far a sheet explains the way from one picture to the other.
pub(crate) fn flatness_between(front: &Sample, turned: &Sample) -> Option<f32> {
    let placed = |sample: &Sample| {
        let onto = Similarity::fit(&sample.landmarks, &TEMPLATE)?;
        Some(sample.landmarks.map(|point| onto.apply(point)))
    };
    let (from, onto) = (placed(front)?, placed(turned)?);
    let (front, turned) = (front.grey(), turned.grey());
    let view = |grey, landmarks| View { grey, landmarks };
    flatness(&view(&front, from), &view(&turned, onto))
}
