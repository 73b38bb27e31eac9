//! P7: the attacker makes the turns; the victim's face stands in where faces are compared.

use std::sync::Arc;

use crate::actor::{Actor, Attention, Side, actor};
use crate::light::Camera;
use crate::material::{Material, Take};
use crate::random::Random;
use crate::{Presentation, Screen};

/// An attacker before a camera whose picture is changed on its way.
pub(super) struct FaceSwap<'a> {
    attention: Attention,
    own: Box<dyn Actor + 'a>,
    victim: Box<dyn Actor + 'a>,
    camera: Camera,
    /// Frames that the change takes; 1 is a cut.
    fade: f32,
    /// Only the face is changed, not the whole picture.
    face_only: bool,
    /// Changed from the first frame on, not only after the first turn.
    early: bool,
    turned: bool,
    part: f32,
}

impl<'a> FaceSwap<'a> {
    /// An attacker with a face of his own and that of a victim.
    pub(super) fn new(material: &'a Material, own: &'a Take, victim: &'a Take, seed: u64) -> Self {
        let mut random = Random::part(seed, "swap");
        Self {
            attention: Attention::new(seed),
            own: actor(material, own, seed),
            victim: actor(material, victim, random.bits()),
            camera: Camera::new(seed),
            fade: [1.0, random.between(3.0, 10.0)][random.below(2)],
            face_only: random.chance(0.7),
            early: random.chance(0.3),
            turned: false,
            part: 0.0,
        }
    }
}

impl Presentation for FaceSwap<'_> {
    fn picture(&mut self, at_ms: f64, screen: Screen) -> Option<Vec<u8>> {
        let side = self.attention.follow(at_ms, screen.prompt);
        let mut view = self.own.view(side);
        let victim = self.victim.view(Side::Ahead);
        self.turned |= side != Side::Ahead;
        // He waits until he looks ahead again: a turned head would not fit the victim's face.
        let ahead = side == Side::Ahead && view.head.pose[0].abs() < 9.0;
        let goal = f32::from(u8::from(ahead && (self.turned || self.early)));
        self.part = (self.part + (goal - self.part).clamp(-1.0 / self.fade, 1.0 / self.fade))
            .clamp(0.0, 1.0);
        if self.part > 0.0 {
            let (own, other, scale) = (view.head, victim.head, view.head.scale);
            let mixed = view.picture.map(|x, y, here| {
                let place = [x as f32, y as f32];
                let [dx, dy] = [
                    (place[0] - own.origin[0]) / scale,
                    (place[1] - own.origin[1]) / scale,
                ];
                let inside = if self.face_only {
                    (5.0 - 4.5 * (dx / 1.05).hypot(dy / 1.45)).clamp(0.0, 1.0)
                } else {
                    1.0
                };
                if inside <= 0.0 {
                    return here;
                }
                let [fx, fy] = if self.face_only {
                    own.onto(&other, place)
                } else {
                    place
                };
                let there = victim.picture.sample(fx, fy);
                std::array::from_fn(|i| here[i] + self.part * inside * (there[i] - here[i]))
            });
            view.picture = Arc::new(mixed);
        }
        Some(
            self.camera
                .expose(&view.picture, &view.shade, at_ms, screen.light)
                .rgba(),
        )
    }
}
