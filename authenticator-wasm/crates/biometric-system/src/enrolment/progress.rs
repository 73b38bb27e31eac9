//! The course of an enrolment: ahead, one side, the other side, and the live look.

use super::captures::{self, Added, Captures};
use crate::data_capture::Frame;
use crate::decision::Evidence;
use crate::guidance::Guidance;
use crate::look::Look;
use crate::model::{self, BiometricSystem};
use crate::observation::{Observation, Sample};
use crate::presentation_attack_detection::Transcript;
use crate::presentation_attack_detection::capture_sanity::CaptureSanity;
use crate::presentation_attack_detection::head_turn::{self, Side, Watch};
use crate::presentation_attack_detection::seed::Seed;
use crate::presentation_attack_detection::texture_verdict::Texture;
use crate::presentation_attack_detection::{continuity, light, texture};
use crate::signal_processing::features::Features;
use crate::signal_processing::frontal_face::FrontalFace;

/// Least time between two captures ahead, so that they are different moments.
const GAP_MS: f64 = 350.0;
/// Time between the last capture and the live look, so that the look is another moment.
const PAUSE_MS: f64 = 300.0;
/// How far from the camera the person may look, in degrees. Wide, because a camera may stand aside; what
/// follows is measured from these captures.
const YAW: f32 = 22.0;
const PITCH: f32 = 22.0;
/// How far from the first captures still counts as ahead, in degrees.
const AHEAD: f32 = 7.0;

/// An enrolment's captures and what its layers found.
pub(super) struct Progress {
    seed: Seed,
    captures: Captures,
    frontal: FrontalFace,
    turn: Option<Watch>,
    turns: u8,
    texture: Texture,
    look: Look,
    last_at_ms: f64,
}

impl Progress {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            seed,
            captures: Captures::default(),
            frontal: FrontalFace::default(),
            turn: None,
            turns: 0,
            texture: Texture::default(),
            look: Look::default(),
            last_at_ms: f64::NEG_INFINITY,
        }
    }

    pub(super) fn captured(&self) -> u8 {
        self.captures.count() + u8::from(self.look.is_complete())
    }

    pub(super) fn is_complete(&self) -> bool {
        self.captures.is_complete() && self.look.is_complete() && self.texture.is_enough()
    }

    /// Takes what a frame showed; answers with what to tell the person.
    pub(super) fn advance(
        &mut self,
        system: &BiometricSystem,
        frame: &Frame,
        observation: Observation,
    ) -> Guidance {
        if observation.interrupted {
            self.look.interrupt();
            // Who comes back may be another: the turn begins anew.
            self.turn = None;
        }
        if self.captures.count() < captures::AHEAD || self.captures.is_complete() {
            self.ahead(system, frame, observation)
        } else {
            self.turned(system, observation)
        }
    }

    /// Captures and live look with the head straight.
    fn ahead(
        &mut self,
        system: &BiometricSystem,
        frame: &Frame,
        observation: Observation,
    ) -> Guidance {
        let (Some(sample), Some(face)) = (observation.sample, observation.seen) else {
            return observation.hint;
        };
        if !sample.still {
            return observation.hint;
        }
        if !self.looks_ahead(&sample) {
            return Guidance::LookAhead;
        }
        if self.texture.wants(sample.at_ms)
            && let Some(live) = texture::live_probability(system, frame, &face)
        {
            self.texture.add(live, sample.at_ms);
        }
        let since = sample.at_ms - self.last_at_ms;
        if !self.captures.is_complete() {
            if since >= GAP_MS
                && self.take(system, &sample) == Some(Added::Taken)
                && !self.frontal.add(&sample.landmarks)
            {
                self.start_again();
            }
        } else if since >= PAUSE_MS
            && self.look.wants(sample.at_ms)
            && let Some(features) = sample.features(system)
        {
            self.look.add(features, sample.at_ms);
        }
        Guidance::Good
    }

    /// The turn to the side that is asked for now.
    fn turned(&mut self, system: &BiometricSystem, observation: Observation) -> Guidance {
        let side = self.side();
        let Some(mut watch) = self.turn.take() else {
            return self.ask(side, observation);
        };
        let hint = observation.hint;
        match watch.see(observation) {
            // Nobody is refused for turning to the wrong side: the prompt just stays.
            head_turn::Progress::Failed => return side.guidance(),
            head_turn::Progress::Done => {
                // Without a good frame, or with one taken before, the turn is asked for again.
                if let Some(sample) = watch.into_best()
                    && self.take(system, &sample) == Some(Added::Taken)
                {
                    self.turns += 1;
                }
                return Guidance::LookAhead;
            }
            head_turn::Progress::Turned { .. } | head_turn::Progress::Underway => {}
        }
        let guidance = watch.guidance(hint);
        self.turn = Some(watch);
        guidance
    }

    /// Asks for a turn, starting from a good frame ahead.
    fn ask(&mut self, side: Side, observation: Observation) -> Guidance {
        let ahead = |sample: &Sample| sample.still && self.looks_ahead(sample);
        match observation.sample {
            Some(sample) if ahead(&sample) => {
                let watch = Watch::ask(side, &self.frontal, sample);
                let guidance = watch.guidance(Guidance::Good);
                self.turn = Some(watch);
                guidance
            }
            Some(_) => Guidance::LookAhead,
            None => observation.hint,
        }
    }

    /// The first side is drawn from the ceremony; the second is the other one.
    fn side(&self) -> Side {
        match (head_turn::side(self.seed, 0), self.turns) {
            (first, 0) => first,
            (Side::Left, _) => Side::Right,
            (Side::Right, _) => Side::Left,
        }
    }

    fn looks_ahead(&self, sample: &Sample) -> bool {
        let near = sample.pose.yaw.abs() <= YAW && sample.pose.pitch.abs() <= PITCH;
        let same = (sample.pose.yaw - self.frontal.pose().yaw).abs() <= AHEAD;
        near && (same || self.frontal.count() == 0)
    }

    /// Adds a capture; one that does not agree with those before it starts the enrolment again. None when
    /// there are no features.
    fn take(&mut self, system: &BiometricSystem, sample: &Sample) -> Option<Added> {
        let added = self.captures.add(sample.features(system)?);
        match added {
            Added::Taken => self.last_at_ms = sample.at_ms,
            Added::Duplicate => {}
            Added::Stranger => self.start_again(),
        }
        Some(added)
    }

    fn start_again(&mut self) {
        *self = Self::new(self.seed);
    }

    /// Reference features, live look and findings. None when something is missing.
    pub(super) fn finish(self, sanity: &CaptureSanity) -> Option<(Features, Features, Evidence)> {
        if !self.is_complete() {
            return None;
        }
        // Without a manifest there is no threshold, and without a threshold nothing is alive.
        let threshold = model::manifest().map_or(f32::INFINITY, |manifest| {
            manifest.presentation_attack_detection().threshold
        });
        let mut transcript = Transcript::new(self.seed);
        transcript.add("enrolment", &[u32::from(self.turns)]);
        transcript.add("frames", &sanity.notes());
        let evidence = Evidence {
            capture: sanity.verdict(),
            texture: self.texture.verdict(threshold),
            head_turn: head_turn::Verdict::Turned(self.turns),
            // Captures that disagree start the enrolment again, so those that are left agree.
            continuity: continuity::Verdict::OnePerson,
            light: light::Verdict::NotRun,
            transcript: transcript.finish(),
        };
        Some((self.captures.mean()?, self.look.features()?, evidence))
    }
}
