//! The closed loop: presentation, camera frame, biometric system, prompt, and again.

use biometric_system::presentation_attack_detection::Layer;
use biometric_system::{
    CeremonyId, Decision, Enrolment, EnrolmentError, Frame, Light, Reference, Step, Verification,
};

use crate::material::{Material, Take};
use crate::picture::{HEIGHT, WIDTH};
use crate::random::Random;
use crate::species::{BonaFide, IDLE};
use crate::{Presentation, Screen};

/// Frames a second, nearly.
const RATE: f64 = 15.0;
/// Whoever got no further in this time gives up.
const LIMIT_MS: f64 = 20_000.0;

/// When a frame was taken and what the screen showed then.
pub type Shown = (f64, Screen);

/// What became of a look.
pub struct Course {
    /// The look, to be decided.
    pub verification: Verification,
    /// What was shown, one for each frame.
    pub shown: Vec<Shown>,
    /// Whether the look said that it is complete.
    pub complete: bool,
}

impl Course {
    /// Whether the presentation is accepted as the person of the reference.
    pub fn accepted(self, reference: &Reference) -> bool {
        self.layers(reference).is_some()
    }

    /// The layers that the accepted presentation passed; None when it is refused.
    pub fn layers(self, reference: &Reference) -> Option<Vec<Layer>> {
        match self.verification.decide(reference) {
            Decision::Accepted(verified) => Some(verified.presentation_attack_detection().layers()),
            Decision::Refused => None,
        }
    }
}

/// Presents to a verification until it is complete. Each frame also goes to `watch`.
pub fn look(
    system: &biometric_system::BiometricSystem,
    presentation: &mut dyn Presentation,
    ceremony: CeremonyId,
    light: Light,
    seed: u64,
    watch: &mut dyn FnMut(&[u8]),
) -> Course {
    let mut verification = Verification::start(ceremony, 0, light);
    let (shown, complete) = present(presentation, seed, |rgba, at_ms| {
        watch(&rgba);
        frame(rgba, at_ms).map(|frame| verification.offer(system, frame))
    });
    Course {
        verification,
        shown,
        complete,
    }
}

/// Enrols the person of a take, live.
///
/// # Errors
/// Why there is no reference.
pub fn enrol(
    system: &biometric_system::BiometricSystem,
    material: &Material,
    take: &Take,
    seed: u64,
) -> Result<Reference, EnrolmentError> {
    let mut random = Random::part(seed, "enrolment");
    let mut enrolment = Enrolment::start(CeremonyId::new(random.bytes()));
    let mut live = BonaFide::new(material, take, random.bits());
    present(&mut live, seed, |rgba, at_ms| {
        frame(rgba, at_ms).map(|frame| enrolment.offer(system, frame))
    });
    enrolment.finish().map(|(reference, _)| reference)
}

fn frame(rgba: Vec<u8>, at_ms: f64) -> Option<Frame> {
    Frame::new(WIDTH as u32, HEIGHT as u32, rgba, at_ms).ok()
}

/// Lets the presentation see what the system shows after each frame.
fn present(
    presentation: &mut dyn Presentation,
    seed: u64,
    mut offer: impl FnMut(Vec<u8>, f64) -> Option<Step>,
) -> (Vec<Shown>, bool) {
    let mut random = Random::part(seed, "frames");
    let mut screen = IDLE;
    let mut shown = Vec::new();
    loop {
        let at_ms = shown.len() as f64 * 1000.0 / RATE + f64::from(random.between(0.0, 9.0));
        if at_ms > LIMIT_MS {
            return (shown, false);
        }
        shown.push((at_ms, screen));
        let Some(step) = presentation
            .picture(at_ms, screen)
            .and_then(|rgba| offer(rgba, at_ms))
        else {
            return (shown, false);
        };
        if step.complete {
            return (shown, true);
        }
        screen = Screen {
            prompt: step.guidance,
            light: step.light,
        };
    }
}
