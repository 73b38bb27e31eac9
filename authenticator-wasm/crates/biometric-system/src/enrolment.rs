//! Enrolment: several captures under small pose changes become a reference, confirmed by a live look.
//!
//! Who cannot turn the head to either side cannot be enrolled: a turned capture is evidence of a solid head,
//! and a reference without it would open the door to pictures. Such a person needs another way to sign in.

mod captures;
mod progress;

use std::fmt;

use crate::data_capture::Frame;
use crate::data_storage::Reference;
use crate::decision::{self, CeremonyId, Decision, Purpose, UserVerified};
use crate::guidance::{Hint, Step};
use crate::model::BiometricSystem;
use crate::observation::Observer;
use crate::presentation_attack_detection::seed::Seed;
use progress::Progress;

/// Longest enrolment, in milliseconds from its first frame.
const LIMIT_MS: f64 = 60_000.0;

/// An enrolment in progress, bound to one ceremony.
///
/// The person looks ahead, turns to one side and to the other in an order drawn from the ceremony, and looks
/// ahead once more. Texture and movement are judged on the way; no colours are shown.
pub struct Enrolment {
    ceremony: CeremonyId,
    observer: Observer,
    hint: Hint,
    // Boxed: callers hold enrolments and verifications side by side.
    progress: Box<Progress>,
    started_ms: Option<f64>,
    late: bool,
}

/// Why an enrolment gave no reference: a failure to enrol in the sense of ISO/IEC 19795-1, or a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolmentError {
    /// `finish` was called before a step said `complete`.
    Incomplete,
    /// Failure to enrol: the captures could not be had within a minute.
    TimedOut,
    /// The live look at the end did not match the new reference, or no living person gave the captures.
    Refused,
}

impl fmt::Display for EnrolmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Incomplete => "enrolment is not complete",
            Self::TimedOut => "failure to enrol: no captures of sufficient quality in time",
            Self::Refused => "the enrolment is refused",
        })
    }
}

impl std::error::Error for EnrolmentError {}

impl Enrolment {
    /// Captures that an enrolment needs: five for the reference and the live look at the end.
    pub const NEEDED: u8 = captures::NEEDED + 1;

    /// Starts an enrolment for `ceremony`.
    pub fn start(ceremony: CeremonyId) -> Self {
        let seed = Seed {
            ceremony,
            attempt: 0,
        };
        Self {
            ceremony,
            observer: Observer::default(),
            hint: Hint::default(),
            progress: Box::new(Progress::new(seed)),
            started_ms: None,
            late: false,
        }
    }

    /// Takes the next camera frame; the frame is wiped before this returns. Once all is complete,
    /// further frames change nothing.
    pub fn offer(&mut self, system: &BiometricSystem, frame: Frame) -> Step {
        let at_ms = frame.at_ms();
        let observation = self.observer.observe(system, &frame);
        let face = observation.face;
        let mut guidance = observation.hint;
        let started = *self.started_ms.get_or_insert(at_ms);
        if !self.progress.is_complete() {
            self.late |= at_ms - started > LIMIT_MS;
            if !self.late {
                guidance = self.progress.advance(system, &frame, observation);
            }
        }
        drop(frame);
        Step {
            guidance: self.hint.show(guidance, at_ms),
            captured: self.progress.captured(),
            needed: Self::NEEDED,
            complete: self.late || self.progress.is_complete(),
            face,
            light: None,
        }
    }

    /// Ends the enrolment with the reference and the proof that the live look matches it.
    ///
    /// # Errors
    /// [`EnrolmentError`] when captures are missing, the live look does not match, or a layer of
    /// presentation attack detection refused.
    pub fn finish(self) -> Result<(Reference, UserVerified), EnrolmentError> {
        let (features, look, evidence) = match self.progress.finish(self.observer.sanity()) {
            Some(parts) => parts,
            None if self.late => return Err(EnrolmentError::TimedOut),
            None => return Err(EnrolmentError::Incomplete),
        };
        let reference = Reference::new(features);
        let decision = decision::decide(
            self.ceremony,
            Purpose::Enrolment,
            &reference,
            Some(&look),
            evidence,
        );
        match decision {
            Decision::Accepted(verified) => Ok((reference, verified)),
            Decision::Refused => Err(EnrolmentError::Refused),
        }
    }
}
