//! Light and camera: what the screen's colour adds to a scene, and what the camera makes of it.

use std::collections::VecDeque;
use std::sync::LazyLock;

use crate::picture::{HEIGHT, Picture, WIDTH};
use crate::random::{Random, Wander};

/// How strongly each pixel answers light from the screen: `max(0, n·l)` for a surface, with more for what is
/// nearer and little for the background.
#[derive(Clone)]
pub struct Shade(pub Vec<f32>);

/// What the background answers, as a part of what a surface facing the screen does: it is further away.
pub const BACKGROUND: f32 = 1.0 / 8.0;

/// Degrees of shade that the camera tells apart, in all and up to 1: what is nearer than the face answers more.
const SHADES: usize = 100;
const SHADES_IN_ONE: f32 = 64.0;

impl Shade {
    /// The same everywhere.
    pub fn even(value: f32) -> Self {
        Self(vec![value; WIDTH * HEIGHT])
    }
}

/// Linear light of an sRGB byte (IEC 61966-2-1).
pub fn linear(byte: u8) -> f32 {
    static TABLE: LazyLock<[f32; 256]> = LazyLock::new(|| {
        std::array::from_fn(|i| {
            let value = i as f32 / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        })
    });
    TABLE[usize::from(byte)]
}

/// The sRGB level, 0 to 255, of linear light from 0 to 1; more is cut off, as in a camera.
pub fn encoded(light: f32) -> f32 {
    // Spaced by the square root, where the curve is smooth.
    static TABLE: LazyLock<Vec<f32>> = LazyLock::new(|| {
        (0..=4096)
            .map(|i| {
                let light = (i as f32 / 4096.0).powi(2);
                let value = if light <= 0.003_130_8 {
                    light * 12.92
                } else {
                    1.055 * light.powf(1.0 / 2.4) - 0.055
                };
                value * 255.0
            })
            .collect()
    });
    TABLE[(light.clamp(0.0, 1.0).sqrt() * 4096.0) as usize]
}

/// A real camera in a real room: the place, its light and its faults, all from a seed.
pub struct Camera {
    /// Light of the screen on a facing surface, as a part of the room's light (white screen). 0.02 is daylight,
    /// where the answer is not to be measured; 0.25 a dim room.
    pub screen: f32,
    /// The room's light as a factor on the filmed picture's.
    pub room: f32,
    gamma: f32,
    delay_ms: f64,
    noise: f32,
    exposure: Wander,
    shown: VecDeque<(f64, [f32; 3])>,
    random: Random,
    normal: Vec<f32>,
}

impl Camera {
    /// A camera and room by a seed, at one of four light levels.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::part(seed, "camera");
        // Dim, evening, room, daylight: the darker, the more the screen counts and the more noise there is.
        let (room, screen, noise) = match random.below(4) {
            0 => (0.5, random.between(0.2, 0.3), 2.6),
            1 => (0.75, random.between(0.12, 0.2), 1.9),
            2 => (1.0, random.between(0.06, 0.12), 1.4),
            _ => (1.35, random.between(0.01, 0.03), 1.1),
        };
        Self {
            screen,
            room,
            gamma: random.between(0.9, 1.12),
            delay_ms: f64::from(random.between(80.0, 180.0)),
            noise,
            exposure: Wander::new(0.02, 20.0),
            shown: VecDeque::new(),
            normal: (0..4096).map(|_| random.normal()).collect(),
            random,
        }
    }

    /// Takes the picture: the scene under the room's light and the light that the screen gave a moment ago.
    pub fn expose(
        &mut self,
        scene: &Picture,
        shade: &Shade,
        at_ms: f64,
        light: Option<[u8; 3]>,
    ) -> Picture {
        let arriving = self.arriving(at_ms, light).map(|part| part * self.screen);
        let gain = self.room * (1.0 + self.exposure.step(&mut self.random));
        let curves = self.curves(gain, arriving);
        let mut pixels = Vec::with_capacity(scene.0.len());
        let mut at = self.random.below(self.normal.len());
        let jump = 1 + 2 * self.random.below(700);
        for (pixel, shade) in scene.0.iter().zip(&shade.0) {
            let lit = ((shade * SHADES_IN_ONE) as usize).min(SHADES - 1);
            pixels.push(std::array::from_fn(|i| {
                at = (at + jump) & 4095;
                let level = curves[i][lit][usize::from(pixel[i])];
                (level + self.noise * self.normal[at] + 0.5) as u8
            }));
            // A step of another length now and then, so that no pattern repeats along the rows.
            at = (at + (usize::from(pixel[1]) << 3)) & 4095;
        }
        Picture(pixels)
    }

    /// The level that each byte becomes, for each colour and degree of shade.
    fn curves(&self, gain: f32, light: [f32; 3]) -> [Vec<[f32; 256]>; 3] {
        let own: [f32; 256] = std::array::from_fn(|byte| {
            let value = (byte as f32 / 255.0).powf(self.gamma) * 255.0;
            linear((value + 0.5) as u8)
        });
        light.map(|light| {
            let lit = |shade: usize| gain * (1.0 + light * (shade as f32 + 0.5) / SHADES_IN_ONE);
            (0..SHADES)
                .map(|shade| own.map(|level| encoded(level * lit(shade))))
                .collect()
        })
    }

    /// The screen's light at the time of the exposure: late by the camera's delay, and a mean over its length.
    fn arriving(&mut self, at_ms: f64, light: Option<[u8; 3]>) -> [f32; 3] {
        self.shown
            .push_back((at_ms, light.map_or([0.0; 3], |colour| colour.map(linear))));
        while self.shown.len() > 32 {
            self.shown.pop_front();
        }
        let at = |time: f64| {
            let before = self.shown.iter().rev().find(|(since, _)| *since <= time);
            before.map_or([0.0; 3], |(_, light)| *light)
        };
        let moments = [0.0, 10.0, 20.0, 30.0].map(|early| at(at_ms - self.delay_ms - early));
        std::array::from_fn(|i| moments.iter().map(|light| light[i]).sum::<f32>() / 4.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_and_its_inverse_agree() {
        for byte in 0..=255_u8 {
            assert!(
                (encoded(linear(byte)) - f32::from(byte)).abs() < 0.6,
                "{byte}"
            );
        }
    }

    #[test]
    fn light_arrives_late_and_on_what_faces_it() {
        let mut camera = Camera::new(3);
        (camera.screen, camera.noise) = (0.3, 0.0);
        let scene = Picture::plain([100, 100, 100]);
        let mut shade = Shade::even(0.0);
        shade.0[0] = 1.0;
        let mut taken = |at_ms| camera.expose(&scene, &shade, at_ms, Some([0, 255, 0])).0;
        let early = taken(0.0);
        assert_eq!(early[0], early[1]);
        let late = taken(300.0);
        assert!(
            late[0][1] > late[1][1] + 8 && late[0][0].abs_diff(late[1][0]) <= 1,
            "{:?} {:?}",
            late[0],
            late[1]
        );
    }
}
