//! Verification: one good look at the person, compared once with the stored reference.

use crate::data_capture::Frame;
use crate::data_storage::Reference;
use crate::decision::{self, CeremonyId, Decision};
use crate::guidance::{Guidance, Hint, Step};
use crate::look::{self, Look};
use crate::model::BiometricSystem;
use crate::observation::Observer;
use crate::signal_processing::features::Features;

/// A verification in progress, bound to one ceremony.
pub struct Verification {
    ceremony: CeremonyId,
    observer: Observer,
    hint: Hint,
    look: Look,
    probe: Option<Features>,
}

impl Verification {
    /// Captures that a verification needs.
    pub const NEEDED: u8 = look::NEEDED;

    /// Starts a look for `ceremony`.
    pub fn start(ceremony: CeremonyId) -> Self {
        Self {
            ceremony,
            observer: Observer::default(),
            hint: Hint::default(),
            look: Look::default(),
            probe: None,
        }
    }

    /// Takes the next camera frame; the frame is wiped before this returns. Once the look is complete,
    /// further frames change nothing.
    pub fn offer(&mut self, system: &BiometricSystem, frame: Frame) -> Step {
        let at_ms = frame.at_ms();
        let observation = self.observer.observe(system, &frame);
        drop(frame);
        let mut hint = observation.hint;
        if self.probe.is_none() {
            if observation.interrupted {
                self.look.interrupt();
            }
            if let Some(sample) = observation.sample {
                if !Look::is_ahead(&sample) {
                    hint = Guidance::LookAhead;
                } else if self.look.wants(at_ms)
                    && let Some(features) = sample.features(system)
                {
                    self.look.add(features, at_ms);
                    self.probe = self.look.features();
                }
            }
        }
        Step {
            guidance: self.hint.show(hint, at_ms),
            captured: self.look.captured(),
            needed: Self::NEEDED,
            complete: self.probe.is_some(),
            face: observation.face,
        }
    }

    /// Compares the look with the reference, once. An unfinished look is refused.
    pub fn decide(self, reference: &Reference) -> Decision {
        decision::decide(self.ceremony, reference, self.probe.as_ref())
    }

    /// A finished look made from raw features, for the tests of other crates.
    #[cfg(feature = "test-support")]
    pub fn from_raw_features(
        ceremony: CeremonyId,
        features: [f32; crate::signal_processing::features::LENGTH],
    ) -> Self {
        let probe = Features::normalised(features.to_vec());
        Self {
            probe,
            ..Self::start(ceremony)
        }
    }
}
