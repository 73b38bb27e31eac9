//! The texture layer: a small network (MiniFASNetV2) that was trained to tell living faces from prints
//! and screens by their fine structure and surroundings.
//!
//! Source: minivision, "Silent-Face-Anti-Spoofing", 2020. Input: blue, green and red, 0 to 255, of the
//! face's box enlarged 2.7 times; outputs: logits of print, live and screen.

use zeroize::Zeroizing;

use crate::data_capture::Frame;
use crate::model::BiometricSystem;
use crate::signal_processing::detection::Face;

/// Side of the network's input in pixels.
const SIDE: usize = 80;
/// The crop is this many times the face's box: the surroundings give a held picture away.
const ENLARGED: f32 = 2.7;
/// Name of the network's output.
const OUTPUT: &str = "output";

/// The network's probability, 0 to 1, that `face` in `frame` is a living one. None when the output is
/// unusable or the face has no size; such a frame says nothing.
pub(crate) fn live_probability(
    system: &BiometricSystem,
    frame: &Frame,
    face: &Face,
) -> Option<f32> {
    let crop = Region::around(frame, face)?.sample(frame);
    let logits = run(system, &crop)?;
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let [print, live, screen] = logits.map(|logit| (logit - largest).exp());
    Some(live / (print + live + screen))
}

/// Runs the network once on black; false when it does not work.
pub(crate) fn warm_up(system: &BiometricSystem) -> bool {
    run(system, &[0.0; 3 * SIDE * SIDE]).is_some()
}

fn run(system: &BiometricSystem, planes: &[f32]) -> Option<[f32; 3]> {
    let network = system.presentation_attack_detector();
    let outputs = network.run(planes, [3, SIDE, SIDE], &[OUTPUT])?;
    outputs.first()?.as_slice().try_into().ok()
}

/// A rectangle inside a frame, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Region {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Region {
    /// The face's box, enlarged about its centre; made smaller and moved where the frame ends, as the
    /// publishers do, so that the crop never has an edge that the camera did not see.
    #[allow(clippy::as_conversions, reason = "sides are at most 4096")]
    fn around(frame: &Frame, face: &Face) -> Option<Self> {
        let place = [face.x, face.y, face.width, face.height];
        if place.iter().any(|number| !number.is_finite()) || face.width <= 0.0 || face.height <= 0.0
        {
            return None;
        }
        let (frame_width, frame_height) = (frame.width() as f32, frame.height() as f32);
        let scale = ENLARGED
            .min(frame_width / face.width)
            .min(frame_height / face.height);
        let (width, height) = (face.width * scale, face.height * scale);
        let inside =
            |centre: f32, side: f32, all: f32| (centre - side / 2.0).min(all - side).max(0.0);
        let region = Self {
            x: inside(face.x + face.width / 2.0, width, frame_width),
            y: inside(face.y + face.height / 2.0, height, frame_height),
            width,
            height,
        };
        (region.width >= 1.0 && region.height >= 1.0).then_some(region)
    }

    /// Blue, green and red planes of [`SIDE`] x [`SIDE`], each pixel between the four nearest of the
    /// frame: the network was trained on pictures shrunk like that, without smoothing.
    #[allow(
        clippy::as_conversions,
        clippy::indexing_slicing,
        reason = "hot loop; every index is held inside the frame"
    )]
    fn sample(self, frame: &Frame) -> Zeroizing<Vec<f32>> {
        let mut planes = Zeroizing::new(vec![0.0_f32; 3 * SIDE * SIDE]);
        // Both neighbours, and the part of the second, for each target row or column.
        let neighbours = |start: f32, side: f32, all: usize| {
            let step = side / SIDE as f32;
            (0..SIDE).map(move |i| {
                let at = (start + (i as f32 + 0.5) * step - 0.5).clamp(0.0, (all - 1) as f32);
                let first = at.floor() as usize;
                (first, (first + 1).min(all - 1), at - at.floor())
            })
        };
        let columns: Vec<_> = neighbours(self.x, self.width, frame.width()).collect();
        let rows = neighbours(self.y, self.height, frame.height());
        let pixels = frame.rgba();
        for (y, (top, bottom, down)) in rows.enumerate() {
            let (top, bottom) = (top * frame.width(), bottom * frame.width());
            for (x, &(left, right, across)) in columns.iter().enumerate() {
                for (plane, channel) in [2, 1, 0].into_iter().enumerate() {
                    let value =
                        |row: usize, column: usize| f32::from(pixels[(row + column) * 4 + channel]);
                    let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
                    let above = mix(value(top, left), value(top, right), across);
                    let below = mix(value(bottom, left), value(bottom, right), across);
                    planes[(plane * SIDE + y) * SIDE + x] = mix(above, below, down);
                }
            }
        }
        planes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::detection::Point;

    fn frame(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Frame {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgba = places.flat_map(|(x, y)| pixel(x, y)).collect();
        Frame::new(width, height, rgba, 0.0).unwrap()
    }

    fn face(x: f32, y: f32, width: f32, height: f32) -> Face {
        Face {
            x,
            y,
            width,
            height,
            landmarks: [Point { x, y }; 5],
            score: 1.0,
        }
    }

    #[test]
    fn the_region_is_enlarged_about_the_face_and_stays_in_the_frame() {
        let frame = frame(640, 480, |_, _| [0; 4]);
        let region = |x, y, w, h| {
            let Region {
                x,
                y,
                width,
                height,
            } = Region::around(&frame, &face(x, y, w, h)).unwrap();
            [x, y, width, height].map(f32::round)
        };
        assert_eq!(
            region(270.0, 190.0, 100.0, 100.0),
            [185.0, 105.0, 270.0, 270.0]
        );
        assert_eq!(region(0.0, 380.0, 100.0, 100.0), [0.0, 210.0, 270.0, 270.0]);
        // 240 is half of the height: enlarged only twice.
        assert_eq!(
            region(220.0, 120.0, 200.0, 240.0),
            [120.0, 0.0, 400.0, 480.0]
        );
        for bad in [0.0, f32::NAN, f32::INFINITY, -5.0] {
            assert_eq!(Region::around(&frame, &face(10.0, 10.0, bad, bad)), None);
        }
        assert_eq!(Region::around(&frame, &face(f32::NAN, 1.0, 9.0, 9.0)), None);
    }

    #[test]
    fn planes_are_blue_green_red_and_keep_their_place() {
        let frame = frame(160, 160, |x, y| {
            [u8::from(x < 80) * 200, u8::from(y < 80) * 100, 7, 255]
        });
        let region = Region {
            x: 0.0,
            y: 0.0,
            width: 160.0,
            height: 160.0,
        };
        let planes = region.sample(&frame);
        let at = |plane: usize, x: usize, y: usize| planes[(plane * SIDE + y) * SIDE + x];
        assert_eq!((at(0, 0, 0), at(0, 79, 79)), (7.0, 7.0));
        assert_eq!((at(1, 10, 39), at(1, 10, 40)), (100.0, 0.0));
        assert_eq!((at(2, 39, 10), at(2, 40, 10)), (200.0, 0.0));
    }
}
