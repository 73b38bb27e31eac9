//! The course of a look: ahead, turn, ahead with the frames that are compared, turn, and so on to its end.

use crate::data_capture::Frame;
use crate::decision::Evidence;
use crate::guidance::{Guidance, Light};
use crate::model::BiometricSystem;
use crate::observation::{Observation, Sample};
use crate::presentation_attack_detection::Transcript;
use crate::presentation_attack_detection::continuity::{self, Continuity, Moment};
use crate::presentation_attack_detection::head_turn::{self, Progress, Turn};
use crate::presentation_attack_detection::light::{self, Screen};
use crate::presentation_attack_detection::seed::Seed;
use crate::signal_processing::alignment::{Similarity, TEMPLATE};
use crate::signal_processing::detection::Point;
use crate::signal_processing::features::Features;
use crate::signal_processing::pose::Pose;

/// Parts shown to the person: the look ahead, two turns, and the light or a third turn.
pub(super) const NEEDED: u8 = 4;
/// Good frames ahead before the first turn.
const FRONTAL: usize = 3;
/// Frames that are compared. A third one costs a fifth of a second and gains little.
const MATCHED: usize = 2;
/// Least time between two of them.
const MATCHED_GAP_MS: f64 = 60.0;
/// Longest course, in milliseconds.
const LIMIT_MS: f64 = 30_000.0;
/// How far from the camera the person may look at the start, in degrees.
const FRONTAL_YAW: f32 = 22.0;
const FRONTAL_PITCH: f32 = 20.0;
/// How far from that pose still counts as ahead later, in degrees.
const AHEAD: f32 = 7.0;

enum Phase {
    /// Waiting for good frames ahead.
    Ahead,
    /// A turn; the best frame of it so far.
    Turn(Turn, Option<Sample>),
    Over,
}

/// One look in the making.
pub(super) struct Sequence {
    seed: Seed,
    screen: Screen,
    continuity: Continuity,
    transcript: Option<Transcript>,
    started_ms: Option<f64>,
    phase: Phase,
    frontal: Vec<[Point; 5]>,
    turns: u8,
    wrong: bool,
    matched: usize,
    matched_at_ms: f64,
}

impl Sequence {
    pub(super) fn new(seed: Seed, light: Light) -> Self {
        Self {
            seed,
            screen: Screen::new(seed, light == Light::Offered),
            continuity: Continuity::default(),
            transcript: Some(Transcript::new(seed)),
            started_ms: None,
            phase: Phase::Ahead,
            frontal: Vec::new(),
            turns: 0,
            wrong: false,
            matched: 0,
            matched_at_ms: f64::NEG_INFINITY,
        }
    }

    /// Parts done.
    pub(super) fn done(&self) -> u8 {
        let ahead = u8::from(self.frontal.len() >= FRONTAL);
        (ahead + self.turns).min(NEEDED)
    }

    pub(super) fn colour(&self, at_ms: f64) -> Option<[u8; 3]> {
        match self.phase {
            Phase::Over => None,
            _ => self.screen.colour(at_ms),
        }
    }

    /// Takes what a frame showed; answers with what to tell the person.
    pub(super) fn advance(
        &mut self,
        system: &BiometricSystem,
        frame: &Frame,
        observation: Observation,
    ) -> Guidance {
        let at_ms = frame.at_ms();
        if let Some(started) = self.started_ms {
            match &observation.seen {
                Some(face) => self.continuity.follow(&face.landmarks, at_ms),
                None => self.continuity.wait(at_ms),
            }
            let late = at_ms - started > LIMIT_MS;
            let frozen = observation.hint == Guidance::FrozenPicture;
            self.wrong |= late || frozen;
            if self.wrong || self.continuity.verdict() == continuity::Verdict::Broken {
                self.phase = Phase::Over;
                return observation.hint;
            }
        }
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Ahead => self.ahead(system, observation, at_ms),
            Phase::Turn(turn, best) => self.turn(system, turn, best, observation),
            Phase::Over => Guidance::Good,
        }
    }

    fn ahead(
        &mut self,
        system: &BiometricSystem,
        observation: Observation,
        at_ms: f64,
    ) -> Guidance {
        self.phase = Phase::Ahead;
        let Some(sample) = observation.sample.filter(|sample| sample.still) else {
            return observation.hint;
        };
        if !self.looks_ahead(sample.pose) {
            return Guidance::LookAhead;
        }
        if self.frontal.len() < FRONTAL {
            let Some(placed) = normalised(&sample.landmarks) else {
                return observation.hint;
            };
            if self.frontal.is_empty() && !self.identify(system, &sample, Moment::Start) {
                return observation.hint;
            }
            self.started_ms.get_or_insert(at_ms);
            self.screen.start(at_ms);
            self.frontal.push(placed);
        } else if self.turns == 1
            && self.matched < MATCHED
            && at_ms - self.matched_at_ms >= MATCHED_GAP_MS
            && self.identify(system, &sample, Moment::Matched)
        {
            self.matched += 1;
            self.matched_at_ms = at_ms;
        }
        if self.frontal.len() < FRONTAL || (self.turns == 1 && self.matched < MATCHED) {
            return Guidance::Good;
        }
        self.next(at_ms)
    }

    /// Ahead and with nothing left to gather here: the next turn, or the end.
    fn next(&mut self, at_ms: f64) -> Guidance {
        if self.turns >= 2 && !self.screen.is_over(at_ms) {
            return Guidance::LookAhead;
        }
        if self.turns >= 3 {
            self.phase = Phase::Over;
            return Guidance::Good;
        }
        let side = head_turn::side(self.seed, usize::from(self.turns));
        let turn = Turn::ask(side, mean(&self.frontal));
        let guidance = turn.guidance();
        self.phase = Phase::Turn(turn, None);
        guidance
    }

    fn turn(
        &mut self,
        system: &BiometricSystem,
        mut turn: Turn,
        mut best: Option<Sample>,
        observation: Observation,
    ) -> Guidance {
        let Some(face) = observation.seen else {
            self.phase = Phase::Turn(turn, best);
            return observation.hint;
        };
        match turn.see(&face.landmarks) {
            Progress::Failed => {
                self.wrong = true;
                return Guidance::LookAhead;
            }
            Progress::Done => {
                // Without one good frame of the turned head nobody knows whose head it was.
                match best.as_ref().and_then(|sample| sample.features(system)) {
                    Some(features) => self.continuity.identify(Moment::Turned, features),
                    None => self.wrong = true,
                }
                self.turns += 1;
                self.phase = Phase::Ahead;
                return Guidance::LookAhead;
            }
            Progress::Turned { best: further } => {
                if further || best.is_none() {
                    best = observation.sample.or(best);
                }
            }
            Progress::Underway => {}
        }
        let guidance = turn.guidance();
        self.phase = Phase::Turn(turn, best);
        match observation.hint {
            Guidance::Good | Guidance::HoldStill | Guidance::LookAhead => guidance,
            hint => hint,
        }
    }

    fn looks_ahead(&self, pose: Pose) -> bool {
        if self.frontal.len() < FRONTAL {
            return pose.yaw.abs() <= FRONTAL_YAW && pose.pitch.abs() <= FRONTAL_PITCH;
        }
        let own = Pose::of(&mean(&self.frontal));
        (pose.yaw - own.yaw).abs() <= AHEAD && (pose.pitch - own.pitch).abs() <= FRONTAL_PITCH
    }

    fn identify(&mut self, system: &BiometricSystem, sample: &Sample, moment: Moment) -> bool {
        let features = sample.features(system);
        let extracted = features.is_some();
        if let Some(features) = features {
            self.continuity.identify(moment, features);
        }
        extracted
    }

    /// What the finished look holds: once, when it is over.
    pub(super) fn outcome(&mut self) -> Option<(Evidence, Option<Features>)> {
        let over = matches!(self.phase, Phase::Over);
        let mut transcript = self.transcript.take_if(|_| over)?;
        let head_turn = if self.wrong {
            head_turn::Verdict::Wrong
        } else {
            head_turn::Verdict::Turned(self.turns)
        };
        let light: light::Verdict = self.screen.verdict();
        transcript.add("turns", &[u32::from(self.turns)]);
        let evidence = Evidence {
            head_turn,
            continuity: self.continuity.verdict(),
            light,
            transcript: transcript.finish(),
        };
        Some((evidence, self.continuity.matched()))
    }
}

/// Landmarks turned, scaled and moved onto the template, so that frames can be averaged.
fn normalised(landmarks: &[Point; 5]) -> Option<[Point; 5]> {
    let onto = Similarity::fit(landmarks, &TEMPLATE)?;
    Some(landmarks.map(|p| onto.apply(p)))
}

/// Mean of landmarks that are normalised.
fn mean(all: &[[Point; 5]]) -> [Point; 5] {
    let count = f32::from(u16::try_from(all.len().max(1)).unwrap_or(u16::MAX));
    let mut mean = [Point { x: 0.0, y: 0.0 }; 5];
    for landmarks in all {
        for (mean, p) in mean.iter_mut().zip(landmarks) {
            mean.x += p.x / count;
            mean.y += p.y / count;
        }
    }
    mean
}
