//! B1, the person, live; and P8, which moves and is lit like a person.

use crate::actor::{Actor, Attention, Drawn, actor};
use crate::light::Camera;
use crate::material::{Material, Take};
use crate::random::Random;
use crate::{Presentation, Screen};

/// A head before a real camera in a real room, following the prompts.
pub struct BonaFide<'a> {
    attention: Attention,
    actor: Box<dyn Actor + 'a>,
    camera: Camera,
}

impl<'a> BonaFide<'a> {
    /// A person of a take.
    pub fn new(material: &'a Material, take: &'a Take, seed: u64) -> Self {
        Self {
            attention: Attention::new(seed),
            actor: actor(material, take, seed),
            camera: Camera::new(seed),
        }
    }

    /// A mask with the face of a take: one picture that never blinks, on a head that moves as it should.
    pub fn masked(material: &'a Material, take: &'a Take, seed: u64) -> Self {
        let at = Random::part(seed, "mask").below(take.ahead.len());
        Self {
            attention: Attention::new(seed),
            actor: Box::new(Drawn::new(material, &take.ahead[at..=at], seed)),
            camera: Camera::new(seed),
        }
    }

    /// Sees to it that the room is dark enough for the screen to show on the face.
    pub fn make_lit(&mut self) {
        self.camera.screen = self.camera.screen.max(0.15);
    }
}

impl Presentation for BonaFide<'_> {
    fn picture(&mut self, at_ms: f64, screen: Screen) -> Option<Vec<u8>> {
        let side = self.attention.follow(at_ms, screen.prompt);
        let view = self.actor.view(side);
        let picture = self
            .camera
            .expose(&view.picture, &view.shade, at_ms, screen.light);
        Some(picture.rgba())
    }
}
