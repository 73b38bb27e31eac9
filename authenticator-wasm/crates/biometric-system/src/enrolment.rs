//! Enrolment: several captures under small pose changes become a reference, confirmed by a live look.

mod captures;

use std::fmt;

use crate::data_capture::Frame;
use crate::data_storage::Reference;
use crate::decision::{self, CeremonyId, Decision, Evidence, Purpose, UserVerified};
use crate::guidance::{Guidance, Hint, Step};
use crate::look::Look;
use crate::model::BiometricSystem;
use crate::observation::{Observer, Sample};
use crate::presentation_attack_detection::{continuity, head_turn, light};
use captures::Captures;

/// Time between the last capture and the live look, so that the look is another moment.
const PAUSE_MS: f64 = 300.0;

/// An enrolment in progress, bound to one ceremony.
pub struct Enrolment {
    ceremony: CeremonyId,
    observer: Observer,
    hint: Hint,
    captures: Captures,
    look: Look,
}

/// Why an enrolment gave no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolmentError {
    /// `finish` was called before a step said `complete`.
    Incomplete,
    /// The live look at the end did not match the new reference.
    Refused,
}

impl fmt::Display for EnrolmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Incomplete => "enrolment is not complete",
            Self::Refused => "the live look does not match the new reference",
        })
    }
}

impl std::error::Error for EnrolmentError {}

impl Enrolment {
    /// Captures that an enrolment needs: five for the reference and the live look at the end.
    pub const NEEDED: u8 = captures::NEEDED + 1;

    /// Starts an enrolment for `ceremony`.
    pub fn start(ceremony: CeremonyId) -> Self {
        Self {
            ceremony,
            observer: Observer::default(),
            hint: Hint::default(),
            captures: Captures::default(),
            look: Look::default(),
        }
    }

    /// Takes the next camera frame; the frame is wiped before this returns. Once all is complete,
    /// further frames change nothing.
    pub fn offer(&mut self, system: &BiometricSystem, frame: Frame) -> Step {
        let at_ms = frame.at_ms();
        let observation = self.observer.observe(system, &frame);
        drop(frame);
        if observation.interrupted {
            self.look.interrupt();
        }
        let hint = match observation.sample {
            Some(sample) if sample.still && !self.look.is_complete() => self.take(system, &sample),
            _ => observation.hint,
        };
        let looked = u8::from(self.look.is_complete());
        Step {
            guidance: self.hint.show(hint, at_ms),
            captured: self.captures.count() + looked,
            needed: Self::NEEDED,
            complete: self.captures.is_complete() && self.look.is_complete(),
            face: observation.face,
            light: None,
        }
    }

    /// Uses a sample for whatever is still missing; answers with the hint that follows from it.
    fn take(&mut self, system: &BiometricSystem, sample: &Sample) -> Guidance {
        if !self.captures.is_complete() {
            return self
                .captures
                .offer(sample.pose, sample.at_ms, || sample.features(system));
        }
        if !Look::is_ahead(sample) {
            return Guidance::LookAhead;
        }
        let rested = sample.at_ms - self.captures.last_at_ms() >= PAUSE_MS;
        if rested
            && self.look.wants(sample.at_ms)
            && let Some(features) = sample.features(system)
        {
            self.look.add(features, sample.at_ms);
        }
        Guidance::Good
    }

    /// Ends the enrolment with the reference and the proof that the live look matches it.
    ///
    /// # Errors
    /// [`EnrolmentError`] when captures are missing or the live look does not match.
    pub fn finish(self) -> Result<(Reference, UserVerified), EnrolmentError> {
        let features = self.captures.mean().ok_or(EnrolmentError::Incomplete)?;
        let look = self.look.features().ok_or(EnrolmentError::Incomplete)?;
        let reference = Reference::new(features);
        let evidence = Evidence {
            head_turn: head_turn::Verdict::Turned(2),
            continuity: continuity::Verdict::OnePerson,
            light: light::Verdict::NotRun,
            transcript: [0; 32],
        };
        match decision::decide(
            self.ceremony,
            Purpose::Enrolment,
            &reference,
            Some(&look),
            evidence,
        ) {
            Decision::Accepted(verified) => Ok((reference, verified)),
            Decision::Refused => Err(EnrolmentError::Refused),
        }
    }
}
