//! A filmed man before the camera, who does what the screen asks, and the biometric system that watches him.

use std::cell::OnceCell;

use authentication_agent::ctap::End;
use biometric_system::{BiometricSystem, Frame, Light, Step, Verification};
use biometric_system::{CeremonyId, Enrolment, Reference, UserVerified};
use presentation_attacks::material::{Material, Person};
use presentation_attacks::species::BonaFide;
use presentation_attacks::{Presentation, Screen};

/// Milliseconds between two frames.
const FRAME_MS: f64 = 1000.0 / 15.0;

/// Models and films, loaded when they are first needed.
pub struct Camera {
    person: Person,
    seed: u64,
    lab: OnceCell<(BiometricSystem, Material)>,
}

impl Camera {
    /// The man `person`, who moves as `seed` has it.
    #[must_use]
    pub const fn new(person: Person, seed: u64) -> Self {
        Self {
            person,
            seed,
            lab: OnceCell::new(),
        }
    }

    fn lab(&self) -> Result<&(BiometricSystem, Material), End> {
        let load = || {
            let system = measuring::models::load()?;
            let material = Material::load(&system)?;
            Ok::<_, String>((system, material))
        };
        if self.lab.get().is_none() {
            let loaded = load().map_err(|reason| {
                eprintln!("ctap-device: {reason}");
                End::Failed
            })?;
            // Nobody else sets it.
            let _ = self.lab.set(loaded);
        }
        self.lab.get().ok_or(End::Failed)
    }

    /// Enrols the man; `go_on` is asked before each frame.
    ///
    /// # Errors
    /// What `go_on` said, a failed enrolment, or missing models and films.
    pub fn enrol(
        &self,
        ceremony: CeremonyId,
        go_on: impl Fn() -> Result<(), End>,
    ) -> Result<(Reference, UserVerified), End> {
        let (system, _) = self.lab()?;
        let mut enrolment = Enrolment::start(ceremony);
        self.play(go_on, |frame| enrolment.offer(system, frame))?;
        enrolment.finish().map_err(|reason| {
            eprintln!("ctap-device: {reason}");
            End::Denied
        })
    }

    /// One look at the man, not judged yet.
    ///
    /// # Errors
    /// As [`Self::enrol`].
    pub fn look(
        &self,
        ceremony: CeremonyId,
        attempt: u32,
        go_on: impl Fn() -> Result<(), End>,
    ) -> Result<Verification, End> {
        let (system, _) = self.lab()?;
        let mut verification = Verification::start(ceremony, attempt, Light::Declined);
        self.play(go_on, |frame| verification.offer(system, frame))?;
        Ok(verification)
    }

    /// Shows the man the screen until the run is complete.
    fn play(
        &self,
        go_on: impl Fn() -> Result<(), End>,
        mut offer: impl FnMut(Frame) -> Step,
    ) -> Result<(), End> {
        let (_, material) = self.lab()?;
        let take = material.of(self.person);
        let take = take.first().ok_or(End::Failed)?;
        let mut man = BonaFide::new(material, take, self.seed);
        let mut screen = Screen {
            prompt: biometric_system::Guidance::LookAhead,
            light: None,
        };
        let mut at_ms = 0.0;
        loop {
            go_on()?;
            let rgba = man.picture(at_ms, screen).ok_or(End::Failed)?;
            let frame = Frame::new(640, 480, rgba, at_ms).map_err(|_| End::Failed)?;
            let step = offer(frame);
            if step.complete {
                return Ok(());
            }
            screen = Screen {
                prompt: step.guidance,
                light: step.light,
            };
            at_ms += FRAME_MS;
        }
    }
}
