//! Mean colours, in linear light, of four parts of the face and of the border of the frame.

use std::sync::LazyLock;

use super::palette;
use crate::data_capture::Frame;
use crate::signal_processing::alignment::{Similarity, TEMPLATE};
use crate::signal_processing::detection::Point;

/// Forehead, nose, the person's right and left cheek: centre and half sides on the alignment template.
const FACE: [([f32; 2], [f32; 2]); 4] = [
    ([56.0, 34.0], [13.0, 6.0]),
    ([56.0, 66.0], [5.0, 8.0]),
    ([36.5, 73.0], [5.0, 6.0]),
    ([75.5, 73.0], [5.0, 6.0]),
];
/// Samples along each side of a region.
const SIDE: u8 = 12;
/// Part of the frame's width at each border that counts as background, and of its height from the top.
const BORDER: [f32; 2] = [0.09, 0.6];
/// Channels outside these sRGB values are cut off and say nothing.
const USABLE: std::ops::RangeInclusive<u8> = 6..=250;

/// Red, green and blue in linear light, 0 to 1. A channel without enough usable pixels has no value.
pub(super) type Colour = [Option<f64>; 3];

/// Mean colours of one frame.
pub(super) struct Regions {
    pub(super) face: [Colour; 4],
    pub(super) background: Colour,
}

/// Samples a frame. None when the landmarks span no plane.
pub(super) fn sample(frame: &Frame, landmarks: &[Point; 5]) -> Option<Regions> {
    let onto = Similarity::fit(&TEMPLATE, landmarks)?;
    let face = FACE.map(|(centre, half)| {
        mean(frame, |u, v| {
            onto.apply(Point {
                x: centre[0] + half[0] * u,
                y: centre[1] + half[1] * v,
            })
        })
    });
    let [width, height] = crate::signal_processing::quality::sides(frame);
    let strip = |left: f32| {
        mean(frame, |u, v| Point {
            x: width * (left + BORDER[0] * (u + 1.0) / 2.0),
            y: height * BORDER[1] * (v + 1.0) / 2.0,
        })
    };
    let (left, right) = (strip(0.0), strip(1.0 - BORDER[0]));
    let background = std::array::from_fn(|i| {
        let channel = |side: &Colour| side.get(i).copied().flatten();
        match (channel(&left), channel(&right)) {
            (Some(a), Some(b)) => Some(f64::midpoint(a, b)),
            (one, other) => one.or(other),
        }
    });
    Some(Regions { face, background })
}

/// Mean over a grid of places; `place` maps -1 to 1 in both directions into the frame.
fn mean(frame: &Frame, place: impl Fn(f32, f32) -> Point) -> Colour {
    static LINEAR: LazyLock<[f64; 256]> = LazyLock::new(|| {
        std::array::from_fn(|value| u8::try_from(value).map_or(1.0, palette::linear))
    });
    let mut sums = [(0.0, 0_u16); 3];
    let step = |index: u8| (f32::from(index) + 0.5) * 2.0 / f32::from(SIDE) - 1.0;
    for v in 0..SIDE {
        for u in 0..SIDE {
            let Some(pixel) = pixel(frame, place(step(u), step(v))) else {
                continue;
            };
            for ((sum, count), value) in sums.iter_mut().zip(pixel) {
                if USABLE.contains(&value) {
                    *count += 1;
                    *sum += LINEAR.get(usize::from(value)).copied().unwrap_or(1.0);
                }
            }
        }
    }
    let enough = u16::from(SIDE) * u16::from(SIDE) / 2;
    sums.map(|(sum, count)| (count >= enough).then(|| sum / f64::from(count)))
}

#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates; places outside the frame have no pixel"
)]
fn pixel(frame: &Frame, at: Point) -> Option<[u8; 3]> {
    if at.x < 0.0 || at.y < 0.0 {
        return None;
    }
    let (x, y) = (at.x as usize, at.y as usize);
    if x >= frame.width() || y >= frame.height() {
        return None;
    }
    let start = (y * frame.width() + x) * 4;
    frame.rgba().get(start..start + 3)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_where_they_are_and_in_linear_light() {
        // Face in the middle: 100 pixels right and down of the template's place. Border green.
        let rgba = (0..300 * 400)
            .flat_map(|i| {
                let (x, _) = (i % 400, i / 400);
                if (60..340).contains(&x) {
                    [188, 100, 50, 255]
                } else {
                    [20, 188, 20, 255]
                }
            })
            .collect();
        let frame = Frame::new(400, 300, rgba, 0.0).unwrap();
        let landmarks = TEMPLATE.map(|p| Point {
            x: p.x + 140.0,
            y: p.y + 100.0,
        });
        let regions = sample(&frame, &landmarks).unwrap();
        for colour in regions.face {
            assert!((colour[0].unwrap() - 0.503).abs() < 0.005); // sRGB 188 is half the light
        }
        let [red, green, _] = regions.background.map(Option::unwrap);
        assert!((green - 0.503).abs() < 0.005 && red < 0.01);
    }

    #[test]
    fn burnt_out_black_and_missing_parts_have_no_colour() {
        for value in [0, 255] {
            let frame = Frame::new(60, 60, vec![value; 60 * 60 * 4], 0.0).unwrap();
            let regions = sample(&frame, &TEMPLATE).unwrap();
            assert_eq!(regions.face, [[None; 3]; 4]);
            assert_eq!(regions.background, [None; 3]);
        }
        let frame = Frame::new(300, 300, vec![100; 300 * 300 * 4], 0.0).unwrap();
        let outside = TEMPLATE.map(|p| Point {
            x: p.x + 900.0,
            y: p.y,
        });
        assert_eq!(sample(&frame, &outside).unwrap().face, [[None; 3]; 4]);
        assert!(sample(&frame, &[Point { x: 1.0, y: 1.0 }; 5]).is_none());
    }
}
