//! The species of presentations (ISO/IEC 30107-3 calls a kind of attack instrument so), each as its best attacker
//! would use it.

mod bona_fide;
mod face_swap;
mod injection;
mod print;
mod screen_replay;

use biometric_system::{BiometricSystem, CeremonyId, Guidance, Light, Reference};

use crate::material::{Material, Person};
use crate::random::Random;
use crate::session::{self, Shown};
use crate::{Presentation, Screen};
pub use bona_fide::BonaFide;

/// A kind of presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Species {
    /// B1: the person, live.
    BonaFide,
    /// P1: a flat print, shaken and tilted as the prompts ask.
    Print,
    /// P2: a print bent to a cylinder and turned as asked, some with the attacker's own eyes in cut-outs.
    BentPrint,
    /// P3: the video of an old genuine session on a screen.
    ScreenReplay,
    /// P4: an old genuine session, injected pixel by pixel; its light answered the old colours.
    OldSession,
    /// P5: one picture, or a short loop, injected.
    Loop,
    /// P6: live video of the victim turning as asked, injected; all of it tinted with the commanded colour.
    AdaptiveInjection,
    /// P7: the attacker turns as asked; the victim's face is put in while looking ahead.
    FaceSwap,
    /// P8: a rigid mask of the victim worn by the attacker.
    Mask,
    /// A limit: as P4, but of a session in daylight, where the light could not be measured.
    DaylightSession,
    /// A limit: as P3, but with pieces of video that turn as asked, and no answer to the light.
    ScreenInOrder,
    /// A limit: as P6, without any answer to the light, as if in daylight.
    UnlitInjection,
}

impl Species {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::BonaFide,
        Self::Print,
        Self::BentPrint,
        Self::ScreenReplay,
        Self::OldSession,
        Self::Loop,
        Self::AdaptiveInjection,
        Self::FaceSwap,
        Self::Mask,
        Self::DaylightSession,
        Self::ScreenInOrder,
        Self::UnlitInjection,
    ];

    /// The short name used in tables and file names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BonaFide => "B1-bona-fide",
            Self::Print => "P1-print",
            Self::BentPrint => "P2-bent-print",
            Self::ScreenReplay => "P3-screen-replay",
            Self::OldSession => "P4-old-session",
            Self::Loop => "P5-loop",
            Self::AdaptiveInjection => "P6-adaptive-injection",
            Self::FaceSwap => "P7-face-swap",
            Self::Mask => "P8-mask",
            Self::DaylightSession => "P4-limit-daylight-session",
            Self::ScreenInOrder => "P3-limit-screen-in-order",
            Self::UnlitInjection => "P6-limit-unlit-injection",
        }
    }

    /// Whether it is known that the layers may let it pass: such rows are reported, and nothing is asserted.
    pub fn is_limit(self) -> bool {
        matches!(
            self,
            Self::Mask | Self::DaylightSession | Self::ScreenInOrder | Self::UnlitInjection
        )
    }
}

/// Everything that presentations are made from, and the references of the two men.
pub struct Lab {
    /// The biometric system under test.
    pub system: BiometricSystem,
    /// The filmed faces.
    pub material: Material,
    references: Vec<(Person, Reference)>,
}

impl Lab {
    /// Loads models and videos and enrols both men, live and through the real enrolment.
    ///
    /// # Errors
    /// A sentence when something is not installed or a man does not enrol.
    pub fn open(seed: u64) -> Result<Self, String> {
        let system = measuring::models::load()?;
        let material = Material::load(&system)?;
        let mut references = Vec::new();
        for person in [Person::First, Person::Second] {
            let take = material.of(person)[0];
            let reference = session::enrol(&system, &material, take, seed)
                .map_err(|error| format!("{person:?} does not enrol: {error}"))?;
            references.push((person, reference));
        }
        Ok(Self {
            system,
            material,
            references,
        })
    }

    /// The reference of a person.
    pub fn reference(&self, person: Person) -> &Reference {
        let of = self.references.iter().find(|(of, _)| *of == person);
        &of.expect("both are enrolled").1
    }

    /// A presentation of `species` against (or by) `victim`.
    pub fn present(
        &self,
        species: Species,
        victim: Person,
        seed: u64,
    ) -> Box<dyn Presentation + '_> {
        let mut random = Random::part(seed, species.as_str());
        let takes = self.material.of(victim);
        let take = takes[random.below(takes.len())];
        let material = &self.material;
        match species {
            Species::BonaFide => Box::new(BonaFide::new(material, take, seed)),
            Species::Print => Box::new(print::Print::new(material, take, None, seed)),
            Species::BentPrint => {
                // From the narrowest that paper keeps to (6 cm at life size) to nearly flat.
                let radius = random.between(0.95, 2.5);
                Box::new(print::Print::new(material, take, Some(radius), seed))
            }
            Species::ScreenReplay => {
                let old = self.old_session(victim, Light::Offered, &mut random);
                Box::new(screen_replay::ScreenReplay::new(
                    material,
                    take,
                    Some(old),
                    seed,
                ))
            }
            Species::ScreenInOrder => {
                Box::new(screen_replay::ScreenReplay::new(material, take, None, seed))
            }
            Species::OldSession | Species::DaylightSession => {
                let light = match species {
                    Species::OldSession => Light::Offered,
                    _ => Light::Declined,
                };
                let (old_seed, shown) = self.old_session(victim, light, &mut random);
                let player = BonaFide::new(material, take_of(material, victim, old_seed), old_seed);
                Box::new(injection::OldSession::new(player, shown))
            }
            Species::Loop => Box::new(injection::Loop::new(take, seed)),
            Species::AdaptiveInjection => {
                Box::new(injection::Injection::new(material, take, true, seed))
            }
            Species::UnlitInjection => {
                Box::new(injection::Injection::new(material, take, false, seed))
            }
            Species::FaceSwap => {
                let own = self.material.of(victim.other());
                let own = own[random.below(own.len())];
                Box::new(face_swap::FaceSwap::new(material, own, take, seed))
            }
            Species::Mask => Box::new(BonaFide::masked(material, take, seed)),
        }
    }

    /// A genuine session of the past: another ceremony, answered live. What the screen showed, and the seed from
    /// which the same person answers the same way.
    fn old_session(&self, victim: Person, light: Light, random: &mut Random) -> (u64, Vec<Shown>) {
        let seed = random.bits();
        let mut player = BonaFide::new(&self.material, take_of(&self.material, victim, seed), seed);
        if light == Light::Offered {
            player.make_lit();
        }
        let ceremony = CeremonyId::new(random.bytes());
        let course = session::look(
            &self.system,
            &mut player,
            ceremony,
            light,
            seed,
            &mut |_| {},
        );
        (seed, course.shown)
    }
}

fn take_of(material: &Material, person: Person, seed: u64) -> &crate::material::Take {
    let takes = material.of(person);
    takes[Random::part(seed, "take").below(takes.len())]
}

/// What an idle screen shows.
pub(crate) const IDLE: Screen = Screen {
    prompt: Guidance::LookAhead,
    light: None,
};
