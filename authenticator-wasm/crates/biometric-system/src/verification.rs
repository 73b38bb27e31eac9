//! Verification: one look at the person, alive by all layers, compared once with the stored reference.

mod sequence;

use crate::data_capture::Frame;
use crate::data_storage::Reference;
use crate::decision::{self, CeremonyId, Decision, Evidence, Purpose};
use crate::guidance::{Hint, Light, Step};
use crate::model::BiometricSystem;
use crate::observation::Observer;
use crate::presentation_attack_detection::seed::Seed;
use crate::signal_processing::features::Features;
use sequence::Sequence;

/// A verification in progress, bound to one ceremony.
///
/// The person looks ahead, turns to the side that is asked for, looks ahead again (here the frames that are
/// compared are taken), and turns once more, while the screen shows colours. Where the colours are declined
/// or cannot be measured, a third turn takes their place. A look that went wrong is complete too, and refused.
pub struct Verification {
    ceremony: CeremonyId,
    observer: Observer,
    hint: Hint,
    // Boxed: callers hold enrolments and verifications side by side.
    sequence: Box<Sequence>,
    outcome: Option<(Evidence, Option<Features>)>,
}

impl Verification {
    /// Parts of a verification: the look ahead, two turns, and the light or a third turn.
    pub const NEEDED: u8 = sequence::NEEDED;

    /// Starts look number `attempt` (from 0) of `ceremony`; each has another order of turns and colours.
    pub fn start(ceremony: CeremonyId, attempt: u32, light: Light) -> Self {
        Self {
            ceremony,
            observer: Observer::default(),
            hint: Hint::default(),
            sequence: Box::new(Sequence::new(Seed { ceremony, attempt }, light)),
            outcome: None,
        }
    }

    /// Takes the next camera frame; the frame is wiped before this returns. Once the look is complete,
    /// further frames change nothing.
    pub fn offer(&mut self, system: &BiometricSystem, frame: Frame) -> Step {
        let at_ms = frame.at_ms();
        let observation = self.observer.observe(system, &frame);
        let face = observation.face;
        let mut guidance = observation.hint;
        let mut light = None;
        if self.outcome.is_none() {
            guidance = self.sequence.advance(system, &frame, observation);
            light = self.sequence.colour(at_ms);
            self.outcome = self.sequence.outcome(self.observer.sanity());
        }
        drop(frame);
        Step {
            guidance: self.hint.show(guidance, at_ms),
            captured: self.sequence.done(),
            needed: Self::NEEDED,
            complete: self.outcome.is_some(),
            face,
            light: light.filter(|_| self.outcome.is_none()),
        }
    }

    /// Compares the look with the reference, once. An unfinished look is refused.
    pub fn decide(self, reference: &Reference) -> Decision {
        let Some((evidence, probe)) = self.outcome else {
            return Decision::Refused;
        };
        decision::decide(
            self.ceremony,
            Purpose::Verification,
            reference,
            probe.as_ref(),
            evidence,
        )
    }
}

#[cfg(feature = "test-support")]
impl Verification {
    /// A finished look made from raw features, whose layers all passed, for the tests of other crates.
    pub fn from_raw_features(
        ceremony: CeremonyId,
        features: [f32; crate::signal_processing::features::LENGTH],
    ) -> Self {
        use crate::presentation_attack_detection::{
            capture_sanity, continuity, head_turn, light, texture_verdict,
        };
        let evidence = Evidence {
            capture: capture_sanity::Verdict::NoLoop,
            texture: texture_verdict::Verdict::Live,
            head_turn: head_turn::Verdict::Turned(3),
            continuity: continuity::Verdict::OnePerson,
            light: light::Verdict::NotRun,
            transcript: *ceremony.as_bytes(),
        };
        Self {
            outcome: Some((evidence, Features::normalised(features.to_vec()))),
            ..Self::start(ceremony, 0, Light::Declined)
        }
    }

    /// What the layers found, and the features to compare, once the look is over.
    pub(crate) fn findings(&self) -> Option<(Evidence, Option<&Features>)> {
        let (evidence, probe) = self.outcome.as_ref()?;
        Some((*evidence, probe.as_ref()))
    }
}
