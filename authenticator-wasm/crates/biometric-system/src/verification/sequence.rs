//! The course of a look: ahead, turn, ahead with the frames that are compared, turn, and so on to its end.

use crate::data_capture::Frame;
use crate::decision::{self, Evidence, Purpose};
use crate::guidance::{Guidance, Light};
use crate::model::{self, BiometricSystem};
use crate::observation::{Observation, Sample};
use crate::presentation_attack_detection::Transcript;
use crate::presentation_attack_detection::capture_sanity::{self, CaptureSanity};
use crate::presentation_attack_detection::continuity::{self, Continuity, Moment};
use crate::presentation_attack_detection::head_turn::{self, Progress, Watch};
use crate::presentation_attack_detection::light::{self, Screen};
use crate::presentation_attack_detection::seed::Seed;
use crate::presentation_attack_detection::texture;
use crate::presentation_attack_detection::texture_verdict::Texture;
use crate::signal_processing::features::Features;
use crate::signal_processing::frontal_face::FrontalFace;
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
/// How far from it a frame still serves the texture layer, in degrees.
const TEXTURE_YAW: f32 = 12.0;

enum Phase {
    /// Waiting for good frames ahead.
    Ahead,
    Turn(Box<Watch>),
    Over,
}

/// One look in the making.
pub(super) struct Sequence {
    seed: Seed,
    screen: Screen,
    continuity: Continuity,
    texture: Texture,
    transcript: Option<Transcript>,
    started_ms: Option<f64>,
    phase: Phase,
    frontal: FrontalFace,
    turns: u8,
    wrong: bool,
    /// What the light layer found, once it is over.
    light: Option<light::Verdict>,
    matched: usize,
    matched_at_ms: f64,
}

impl Sequence {
    pub(super) fn new(seed: Seed, light: Light) -> Self {
        Self {
            seed,
            screen: Screen::new(seed, light == Light::Offered),
            continuity: Continuity::default(),
            texture: Texture::default(),
            transcript: Some(Transcript::new(seed)),
            started_ms: None,
            phase: Phase::Ahead,
            frontal: FrontalFace::default(),
            turns: 0,
            wrong: false,
            light: None,
            matched: 0,
            matched_at_ms: f64::NEG_INFINITY,
        }
    }

    /// Parts done.
    pub(super) fn done(&self) -> u8 {
        let ahead = u8::from(self.frontal.count() >= FRONTAL);
        (ahead + self.turns + u8::from(self.light == Some(light::Verdict::Passed))).min(NEEDED)
    }

    /// The colour that the screen should show from now on.
    pub(super) fn colour(&mut self, at_ms: f64) -> Option<[u8; 3]> {
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
                Some(face) => {
                    self.continuity.follow(&face.landmarks, at_ms);
                    let yaw = Pose::of(&face.landmarks).yaw - self.own_pose().yaw;
                    self.screen.see(frame, &face.landmarks, yaw);
                    let usable = observation.sample.is_some() && yaw.abs() <= TEXTURE_YAW;
                    if usable
                        && self.texture.wants(at_ms)
                        && let Some(live) = texture::live_probability(system, frame, face)
                    {
                        self.texture.add(live, at_ms);
                    }
                }
                None => self.continuity.wait(at_ms),
            }
            if self.light.is_none() && self.screen.is_over(at_ms) {
                self.light = Some(self.screen.verdict());
            }
            let contradicted = self.light == Some(light::Verdict::Contradicted);
            let late = at_ms - started > LIMIT_MS;
            let frozen = observation.hint == Guidance::FrozenPicture;
            self.wrong |= late || frozen;
            if self.wrong
                || contradicted
                || self.continuity.verdict() == continuity::Verdict::Broken
            {
                self.phase = Phase::Over;
                return observation.hint;
            }
        }
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Ahead => self.ahead(system, observation, at_ms),
            Phase::Turn(watch) => self.turn(system, watch, observation),
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
        if self.frontal.count() < FRONTAL {
            // Whose face it is, is asked of the first frame only.
            let known = self.frontal.count() > 0;
            if !(known || self.identify(system, &sample, Moment::Start))
                || !self.frontal.add(&sample.landmarks)
            {
                return observation.hint;
            }
            self.started_ms.get_or_insert(at_ms);
            self.screen.start(at_ms);
        } else if self.turns == 1
            && self.matched < MATCHED
            && at_ms - self.matched_at_ms >= MATCHED_GAP_MS
            && self.identify(system, &sample, Moment::Matched)
        {
            self.matched += 1;
            self.matched_at_ms = at_ms;
        }
        if self.frontal.count() < FRONTAL || (self.turns == 1 && self.matched < MATCHED) {
            return Guidance::Good;
        }
        self.next(sample)
    }

    /// Ahead and with nothing left to gather here: the next turn, or the end.
    fn next(&mut self, front: Sample) -> Guidance {
        let enough = |lit| self.turns >= decision::turns_needed(Purpose::Verification, lit);
        if self.light.is_none() && enough(true) {
            return Guidance::LookAhead; // until the colours have been judged
        }
        if enough(self.light == Some(light::Verdict::Passed)) {
            if self.texture.is_enough() {
                self.phase = Phase::Over;
            }
            return Guidance::Good;
        }
        let side = head_turn::side(self.seed, usize::from(self.turns));
        let watch = Box::new(Watch::ask(side, &self.frontal, front));
        let guidance = watch.guidance(Guidance::Good);
        self.phase = Phase::Turn(watch);
        guidance
    }

    fn turn(
        &mut self,
        system: &BiometricSystem,
        mut watch: Box<Watch>,
        observation: Observation,
    ) -> Guidance {
        let hint = observation.hint;
        match watch.see(observation) {
            Progress::Failed => {
                self.wrong = true;
                return Guidance::LookAhead;
            }
            Progress::Done => {
                // Without one good frame of the turned head nobody knows whose head it was.
                let best = watch.into_best();
                match best.and_then(|sample| sample.features(system)) {
                    Some(features) => self.continuity.identify(Moment::Turned, features),
                    None => self.wrong = true,
                }
                self.turns += 1;
                self.phase = Phase::Ahead;
                return Guidance::LookAhead;
            }
            Progress::Turned { .. } | Progress::Underway => {}
        }
        let guidance = watch.guidance(hint);
        self.phase = Phase::Turn(watch);
        guidance
    }

    fn looks_ahead(&self, pose: Pose) -> bool {
        if self.frontal.count() < FRONTAL {
            return pose.yaw.abs() <= FRONTAL_YAW && pose.pitch.abs() <= FRONTAL_PITCH;
        }
        let own = self.own_pose();
        (pose.yaw - own.yaw).abs() <= AHEAD && (pose.pitch - own.pitch).abs() <= FRONTAL_PITCH
    }

    /// The person's own pose when looking ahead.
    fn own_pose(&self) -> Pose {
        self.frontal.pose()
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
    pub(super) fn outcome(
        &mut self,
        sanity: &CaptureSanity,
    ) -> Option<(Evidence, Option<Features>)> {
        let looped = sanity.verdict() == capture_sanity::Verdict::Loop;
        let over = matches!(self.phase, Phase::Over) || (looped && self.started_ms.is_some());
        let mut transcript = self.transcript.take_if(|_| over)?;
        let head_turn = if self.wrong {
            head_turn::Verdict::Wrong
        } else {
            head_turn::Verdict::Turned(self.turns)
        };
        let light = self.light.unwrap_or(light::Verdict::NotRun);
        // Without a manifest there is no threshold, and without a threshold nothing is alive.
        let threshold = model::manifest().map_or(f32::INFINITY, |manifest| {
            manifest.presentation_attack_detection().threshold
        });
        transcript.add("turns", &[u32::from(self.turns)]);
        transcript.add("light", &[u32::from(light == light::Verdict::Passed)]);
        transcript.add("frames", &sanity.notes());
        let evidence = Evidence {
            capture: sanity.verdict(),
            texture: self.texture.verdict(threshold),
            head_turn,
            continuity: self.continuity.verdict(),
            light,
            transcript: transcript.finish(),
        };
        Some((evidence, self.continuity.matched()))
    }
}
