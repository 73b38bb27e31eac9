//! P1 and P2: a printed photograph in the hand, flat or bent, moved as the prompts ask.

use std::sync::Arc;

use crate::actor::{Actor as _, Attention, Drawn, Side};
use crate::light::Camera;
use crate::material::{Material, Shot, Take};
use crate::picture::{Picture, WIDTH};
use crate::random::{Random, Wander};
use crate::sheet::Sheet;
use crate::{Presentation, Screen};

/// A print of the victim held before a camera.
pub(super) struct Print<'a> {
    attention: Attention,
    camera: Camera,
    paper: Picture,
    victim: &'a Shot,
    /// Whose eyes look through the paper.
    eyes: Option<Drawn<'a>>,
    sheet: Sheet,
    room: &'a Picture,
    /// Degrees of yaw and pitch, and eye distances aside, by which a turn to the left is played.
    play: [f32; 3],
    now: [f32; 3],
    shake: [Wander; 5],
    random: Random,
}

impl<'a> Print<'a> {
    /// A print of a frame of `take`; bent around `radius` eye distances, or flat.
    pub(super) fn new(
        material: &'a Material,
        take: &'a Take,
        radius: Option<f32>,
        seed: u64,
    ) -> Self {
        let mut random = Random::part(seed, "print");
        let victim = &take.ahead[random.below(take.ahead.len())];
        let tilt = random.between(18.0, if radius.is_some() { 45.0 } else { 35.0 });
        let play = match random.below(8) {
            // The wrong way round, nodded, pushed aside, or both turned and pushed.
            0 => [-tilt, 0.0, 0.0],
            1 => [0.0, tilt, 0.0],
            2 => [0.0, 0.0, random.between(0.5, 1.2)],
            3 => [tilt, 0.0, random.between(-0.8, 0.8)],
            _ => [tilt, random.between(-8.0, 8.0), 0.0],
        };
        let others = material.of(take.person.other());
        let eyes = radius.is_some() && random.chance(0.5);
        let large = random.chance(0.5);
        Self {
            attention: Attention::new(seed),
            camera: Camera::new(seed),
            paper: printed(&victim.picture, &mut random),
            victim,
            eyes: eyes.then(|| Drawn::new(material, &others[0].ahead, seed)),
            sheet: Sheet {
                origin: [
                    320.0 + random.between(-25.0, 25.0),
                    245.0 + random.between(-20.0, 20.0),
                ],
                scale: random.between(65.0, 105.0),
                pose: [0.0; 3],
                half: if large {
                    [4.0, 3.2]
                } else {
                    [random.between(1.5, 1.9), random.between(2.0, 2.4)]
                },
                radius,
                centre: victim.head.origin,
                density: victim.head.scale,
            },
            room: &material.room,
            play,
            now: [0.0; 3],
            shake: [
                Wander::new(1.2, 10.0),
                Wander::new(1.2, 10.0),
                Wander::new(1.0, 15.0),
                Wander::new(2.5, 10.0),
                Wander::new(2.5, 10.0),
            ],
            random,
        }
    }

    /// The paper with the attacker's eyes in its holes.
    fn with_eyes(&mut self) -> Option<Picture> {
        let behind = self.eyes.as_mut()?.view(Side::Ahead);
        let mut paper = self.paper.clone();
        for side in [-1.0, 1.0] {
            let [x, y] = self.victim.head.eye(side);
            let [bx, by] = behind.head.eye(side);
            let scale = self.victim.head.scale;
            let (wide, high) = (0.24 * scale, 0.12 * scale);
            for row in (y - high) as usize..=(y + high) as usize {
                for column in (x - wide) as usize..=(x + wide) as usize {
                    let (dx, dy) = (column as f32 - x, row as f32 - y);
                    if (dx / wide).hypot(dy / high) < 1.0 {
                        let size = behind.head.scale / scale;
                        let seen = behind.picture.sample(bx + dx * size, by + dy * size);
                        paper.0[row * WIDTH + column] = crate::picture::to_bytes(seen);
                    }
                }
            }
        }
        Some(paper)
    }
}

impl Presentation for Print<'_> {
    fn picture(&mut self, at_ms: f64, screen: Screen) -> Option<Vec<u8>> {
        let part = match self.attention.follow(at_ms, screen.prompt) {
            Side::Ahead => 0.0,
            Side::Left => 1.0,
            Side::Right => -1.0,
        };
        for (now, play) in self.now.iter_mut().zip(self.play) {
            *now += 0.2 * (part * play - *now);
        }
        let [yaw, pitch, roll, x, y] =
            std::array::from_fn(|i| self.shake[i].step(&mut self.random));
        let mut sheet = self.sheet;
        sheet.pose = [self.now[0] + yaw, self.now[1] + pitch, roll];
        sheet.origin = [
            sheet.origin[0] + x + self.now[2] * sheet.scale,
            sheet.origin[1] + y,
        ];
        let cut = self.with_eyes();
        let (scene, shade) = sheet.draw(cut.as_ref().unwrap_or(&self.paper), self.room);
        Some(
            self.camera
                .expose(&scene, &shade, at_ms, screen.light)
                .rgba(),
        )
    }
}

/// A picture as a printer gives it: less contrast, blacks that are not black, dots in a screen for each ink.
fn printed(picture: &Arc<Picture>, random: &mut Random) -> Picture {
    let (black, white) = (random.between(15.0, 35.0), random.between(215.0, 240.0));
    let gamma = random.between(0.9, 1.2);
    let dots = random.between(2.0, 9.0);
    let period = random.between(2.2, 4.0);
    let angles = [15.0_f32, 75.0, 0.0].map(|angle| angle.to_radians().sin_cos());
    picture.blurred(random.below(2)).map(|x, y, colour| {
        std::array::from_fn(|i| {
            let (sin, cos) = angles[i];
            let (u, v) = (
                x as f32 * cos + y as f32 * sin,
                y as f32 * cos - x as f32 * sin,
            );
            let turn = std::f32::consts::TAU / period;
            let dot = (u * turn).cos() * (v * turn).cos();
            black + (white - black) * (colour[i] / 255.0).powf(gamma) + dots * dot
        })
    })
}
