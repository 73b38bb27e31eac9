//! P4, P5 and P6: pictures that come from no camera at all.

use std::vec::IntoIter;

use crate::actor::{Actor, Attention, actor};
use crate::light::{Camera, Shade};
use crate::material::{Material, Take};
use crate::random::Random;
use crate::session::Shown;
use crate::species::BonaFide;
use crate::{Presentation, Screen};

/// P4: the frames of an old session, exactly as they were.
pub(super) struct OldSession<'a> {
    player: BonaFide<'a>,
    shown: IntoIter<Shown>,
}

impl<'a> OldSession<'a> {
    /// The session that `player` gives when it sees again what was shown then.
    pub(super) fn new(player: BonaFide<'a>, shown: Vec<Shown>) -> Self {
        Self {
            player,
            shown: shown.into_iter(),
        }
    }
}

impl Presentation for OldSession<'_> {
    fn picture(&mut self, _: f64, _: Screen) -> Option<Vec<u8>> {
        let (at_ms, screen) = self.shown.next()?;
        self.player.picture(at_ms, screen)
    }
}

/// P5: the same frames again and again.
pub(super) struct Loop {
    frames: Vec<Vec<u8>>,
    at: usize,
}

impl Loop {
    /// One picture, a look ahead, or turns to both sides, from a take.
    pub(super) fn new(take: &Take, seed: u64) -> Self {
        let mut random = Random::part(seed, "loop");
        let start = random.below(take.ahead.len());
        let frames: Vec<_> = match random.below(3) {
            0 => vec![&take.ahead[start]],
            1 => take.ahead.iter().collect(),
            _ if random.chance(0.5) => take
                .ahead
                .iter()
                .chain(&take.left)
                .chain(&take.ahead)
                .chain(&take.right)
                .collect(),
            _ => take
                .ahead
                .iter()
                .chain(&take.right)
                .chain(&take.ahead)
                .chain(&take.left)
                .collect(),
        };
        Self {
            frames: frames.iter().map(|shot| shot.picture.rgba()).collect(),
            at: 0,
        }
    }
}

impl Presentation for Loop {
    fn picture(&mut self, _: f64, _: Screen) -> Option<Vec<u8>> {
        let frame = self.frames[self.at % self.frames.len()].clone();
        self.at += 1;
        Some(frame)
    }
}

/// P6: a live-like video in the right order, coloured all over.
pub(super) struct Injection<'a> {
    attention: Attention,
    actor: Box<dyn Actor + 'a>,
    camera: Camera,
    tint: f32,
}

impl<'a> Injection<'a> {
    /// Video of `take`; `lit` says whether it follows the colours.
    pub(super) fn new(material: &'a Material, take: &'a Take, lit: bool, seed: u64) -> Self {
        let mut camera = Camera::new(seed);
        let tint = if lit {
            Random::part(seed, "tint").between(0.05, 0.35)
        } else {
            0.0
        };
        camera.screen = tint;
        Self {
            attention: Attention::new(seed),
            actor: actor(material, take, seed),
            camera,
            tint,
        }
    }
}

impl Presentation for Injection<'_> {
    fn picture(&mut self, at_ms: f64, screen: Screen) -> Option<Vec<u8>> {
        let side = self.attention.follow(at_ms, screen.prompt);
        let view = self.actor.view(side);
        let light = screen.light.filter(|_| self.tint > 0.0);
        Some(
            self.camera
                .expose(&view.picture, &Shade::even(1.0), at_ms, light)
                .rgba(),
        )
    }
}
