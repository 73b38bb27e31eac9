//! P3: genuine video of the victim on a screen, filmed by the camera: an old session, or pieces in the right order.

use std::f32::consts::TAU;
use std::vec::IntoIter;

use crate::light::{Camera, Shade};
use crate::material::{Material, Take};
use crate::picture::{HEIGHT, Picture, WIDTH};
use crate::random::{Random, Wander};
use crate::session::Shown;
use crate::sheet::Sheet;
use crate::species::{BonaFide, IDLE, take_of};
use crate::{Presentation, Screen};

/// Pixels between the eyes at which a face is as large as people hold it.
const LARGEST: f32 = 115.0;

/// A screen before the camera.
pub(super) struct ScreenReplay<'a> {
    /// The live session that was filmed for it, or is played by somebody who picks pieces as the prompts come.
    film: BonaFide<'a>,
    /// What the screen showed in the old session; None for the attacker who follows the prompts of today.
    old: Option<IntoIter<Shown>>,
    camera: Camera,
    sheet: Sheet,
    room: &'a Picture,
    look: Look,
    shake: [Wander; 5],
    random: Random,
}

/// The faults of a screen before a camera.
struct Look {
    gamma: f32,
    tint: [f32; 3],
    /// Strength, and cycles per pixel along x and y, of the interference of its grid with the sensor's.
    moire: [f32; 3],
    band: f32,
    blur: usize,
}

impl<'a> ScreenReplay<'a> {
    /// A screen with a video of `take`, or with an old session (its seed and what was shown then).
    pub(super) fn new(
        material: &'a Material,
        take: &'a Take,
        old: Option<(u64, Vec<Shown>)>,
        seed: u64,
    ) -> Self {
        let mut random = Random::part(seed, "screen");
        let (film_seed, take) = match &old {
            Some((old_seed, _)) => (*old_seed, take_of(material, take.person, *old_seed)),
            None => (random.bits(), take),
        };
        let mut film = BonaFide::new(material, take, film_seed);
        let head = take.ahead[0].head;
        if old.is_some() {
            film.make_lit();
        }
        // Never so near that the face is too large for the camera.
        let zoom = random.between(0.9, 1.5).min(LARGEST / head.scale);
        let angle = random.between(0.0, TAU);
        let fineness = random.between(0.03, 0.3);
        Self {
            film,
            old: old.map(|(_, shown)| shown.into_iter()),
            camera: Camera::new(seed),
            sheet: Sheet {
                // Held so that the face is where a face should be.
                origin: [
                    320.0 + zoom * (320.0 - head.origin[0]),
                    240.0 + zoom * (240.0 - head.origin[1]),
                ],
                scale: head.scale * zoom,
                pose: [random.between(-6.0, 6.0), random.between(-6.0, 6.0), 0.0],
                half: [320.0 / head.scale, 240.0 / head.scale],
                radius: None,
                centre: [320.0, 240.0],
                density: head.scale,
            },
            room: &material.room,
            look: Look {
                gamma: random.between(0.8, 1.25),
                tint: [random.between(0.88, 1.0), 0.97, random.between(1.0, 1.12)],
                moire: [
                    random.between(0.01, 0.08),
                    fineness * angle.cos(),
                    fineness * angle.sin(),
                ],
                band: random.between(0.0, 0.06),
                blur: random.below(2),
            },
            shake: [
                Wander::new(0.6, 15.0),
                Wander::new(0.6, 15.0),
                Wander::new(0.5, 15.0),
                Wander::new(2.0, 15.0),
                Wander::new(2.0, 15.0),
            ],
            random,
        }
    }

    /// The next frame of the video.
    fn frame(&mut self, at_ms: f64, screen: Screen) -> Option<Picture> {
        let rgba = match &mut self.old {
            Some(old) => {
                let (at_ms, screen) = old.next()?;
                self.film.picture(at_ms, screen)?
            }
            // No light falls on the victim of today's library of clips.
            None => self.film.picture(
                at_ms,
                Screen {
                    light: IDLE.light,
                    ..screen
                },
            )?,
        };
        Some(Picture(
            rgba.chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect(),
        ))
    }
}

impl Presentation for ScreenReplay<'_> {
    fn picture(&mut self, at_ms: f64, screen: Screen) -> Option<Vec<u8>> {
        let mut frame = self.frame(at_ms, screen)?.blurred(self.look.blur);
        let [yaw, pitch, roll, x, y] =
            std::array::from_fn(|i| self.shake[i].step(&mut self.random));
        let mut sheet = self.sheet;
        sheet.pose = [sheet.pose[0] + yaw, sheet.pose[1] + pitch, roll];
        sheet.origin = [sheet.origin[0] + x, sheet.origin[1] + y];
        // The bezel: the outermost pixels of the picture are black.
        for (at, pixel) in frame.0.iter_mut().enumerate() {
            let (x, y) = (at % WIDTH, at / WIDTH);
            if x.min(y).min(WIDTH - 1 - x).min(HEIGHT - 1 - y) < 14 {
                *pixel = [12; 3];
            }
        }
        let (scene, mut shade) = sheet.draw(&frame, self.room);
        // Glass gives back a little of the light, evenly; the rest it makes itself.
        let glass = |answer: &f32| if *answer > 0.2 { 0.1 * answer } else { *answer };
        shade = Shade(shade.0.iter().map(glass).collect());
        let Look {
            gamma,
            tint,
            moire,
            band,
            ..
        } = self.look;
        let seconds = (at_ms / 1000.0) as f32;
        let curve: [f32; 256] =
            std::array::from_fn(|byte| 255.0 * (byte as f32 / 255.0).powf(gamma));
        let wave: [f32; 256] =
            std::array::from_fn(|turn| 1.0 + moire[0] * (TAU * turn as f32 / 256.0).cos());
        let rolling: [f32; HEIGHT] = std::array::from_fn(|py| {
            1.0 + band * (TAU * (py as f32 / 370.0 + 1.7 * seconds)).sin()
        });
        let scene = scene.map(|px, py, colour| {
            let (along, down) = (px as f32 + 3.0 * x, py as f32 + 3.0 * y);
            let turns = 1e4 + moire[1] * along + moire[2] * down;
            std::array::from_fn(|i| {
                // Each colour of the grid lies a third of a cell aside.
                let turn = ((turns + i as f32 / 3.0) * 256.0) as usize & 255;
                curve[colour[i] as usize] * tint[i] * wave[turn] * rolling[py]
            })
        });
        Some(
            self.camera
                .expose(&scene, &shade, at_ms, screen.light)
                .rgba(),
        )
    }
}
