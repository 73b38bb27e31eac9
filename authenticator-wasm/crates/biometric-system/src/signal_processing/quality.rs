//! Quality: what a face must be like before it is worth extracting features from, as a named hint.

use crate::data_capture::Frame;
use crate::guidance::Guidance;
use crate::signal_processing::alignment::{Crop, SIDE};
use crate::signal_processing::detection::Face;
use crate::signal_processing::pose::Pose;

/// Least distance between the eyes in frame pixels: that of the aligned crop, so nothing is blown up.
const EYE_DISTANCE: f32 = 36.0;
/// Largest part of the frame's height or width that the face may fill.
const LARGEST: f32 = 0.85;
/// How far the centre of the face may be from that of the frame, as a part of the frame's side.
const OFF_CENTRE: f32 = 0.25;
/// Darkest and brightest mean of a usable face, in grey levels.
const MEAN: std::ops::RangeInclusive<f32> = 35.0..=222.0;
/// Least contrast within a usable face, in grey levels.
const CONTRAST: f32 = 10.0;
/// Largest part of the face that may be burnt out.
const BRIGHT: f32 = 0.25;
/// Least sharpness (see [`Light::sharpness`]).
const SHARPNESS: f32 = 0.16;
/// Poses beyond these are of no use even for an enrolment, in degrees.
const POSE: Pose = Pose {
    yaw: 38.0,
    pitch: 28.0,
    roll: 30.0,
};

/// Judges size and place, which need no crop. None when nothing is amiss.
pub(crate) fn judge_place(frame: &Frame, face: &Face) -> Option<Guidance> {
    let [width, height] = sides(frame);
    if face.width > LARGEST * width || face.height > LARGEST * height {
        return Some(Guidance::MoveBack);
    }
    if face.eye_distance() < EYE_DISTANCE {
        return Some(Guidance::MoveCloser);
    }
    let off = |start: f32, size: f32, side: f32| ((start + size / 2.0) / side - 0.5).abs();
    if off(face.x, face.width, width) > OFF_CENTRE || off(face.y, face.height, height) > OFF_CENTRE
    {
        return Some(Guidance::CentreFace);
    }
    None
}

/// Judges light, sharpness and pose. None when nothing is amiss.
pub(crate) fn judge_face(crop: &Crop, pose: Pose) -> Option<Guidance> {
    let light = Light::of(crop);
    if light.mean < *MEAN.start() || (light.contrast < CONTRAST && light.mean < 128.0) {
        return Some(Guidance::MoreLight);
    }
    if light.mean > *MEAN.end() || light.bright > BRIGHT || light.contrast < CONTRAST {
        return Some(Guidance::LessLight);
    }
    if pose.yaw.abs() > POSE.yaw || pose.pitch.abs() > POSE.pitch || pose.roll.abs() > POSE.roll {
        return Some(Guidance::LookAhead);
    }
    (light.sharpness < SHARPNESS).then_some(Guidance::HoldStill)
}

/// Width and height of a frame as floats.
pub(crate) fn sides(frame: &Frame) -> [f32; 2] {
    // Frames have at most `MAX_SIDE` pixels a side, which fits.
    [frame.width(), frame.height()].map(|side| f32::from(u16::try_from(side).unwrap_or(u16::MAX)))
}

/// Light and sharpness of an aligned crop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Light {
    /// Mean grey value of the face, 0 to 255.
    pub(crate) mean: f32,
    /// Standard deviation of the grey values.
    pub(crate) contrast: f32,
    /// Part of the face at the bright end (above 250), 0 to 1.
    pub(crate) bright: f32,
    /// Root mean square of the Laplacian over the contrast: falls with blur, whatever the light.
    pub(crate) sharpness: f32,
}

/// The part of the crop that is face for nearly everybody: brows to mouth, without hair and background.
const INNER: std::ops::Range<usize> = 24..96;

impl Light {
    /// Measures the inner part of the crop.
    #[allow(
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "hot loop inside a crop of fixed size"
    )]
    pub(crate) fn of(crop: &Crop) -> Self {
        let grey = crop.grey();
        let (mut sum, mut squares, mut bright, mut laplacian) = (0.0, 0.0, 0.0, 0.0);
        for y in INNER {
            for x in INNER {
                let at = y * SIDE + x;
                let value = grey[at];
                let around = grey[at - 1] + grey[at + 1] + grey[at - SIDE] + grey[at + SIDE];
                let edge = 4.0 * value - around;
                sum += value;
                squares += value * value;
                laplacian += edge * edge;
                bright += f32::from(u8::from(value > 250.0));
            }
        }
        let count = (INNER.len() * INNER.len()) as f32;
        let mean = sum / count;
        let contrast = (squares / count - mean * mean).max(0.0).sqrt();
        Self {
            mean,
            contrast,
            bright: bright / count,
            sharpness: (laplacian / count).sqrt() / contrast.max(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::alignment::TEMPLATE;
    use crate::signal_processing::detection::Point;

    fn face(x: f32, y: f32, width: f32) -> (Frame, Face) {
        let scale = width / 80.0;
        let landmarks = TEMPLATE.map(|p| Point {
            x: x + p.x * scale,
            y: y + p.y * scale,
        });
        let frame = Frame::new(640, 480, vec![0; 640 * 480 * 4], 0.0).unwrap();
        (
            frame,
            Face {
                x,
                y,
                width,
                height: width * 1.3,
                landmarks,
                score: 0.9,
            },
        )
    }

    fn place(x: f32, y: f32, width: f32) -> Option<Guidance> {
        let (frame, face) = face(x, y, width);
        judge_place(&frame, &face)
    }

    #[test]
    fn size_and_place_each_have_their_hint() {
        assert_eq!(place(240.0, 140.0, 160.0), None);
        assert_eq!(place(300.0, 220.0, 40.0), Some(Guidance::MoveCloser));
        assert_eq!(place(150.0, 10.0, 340.0), Some(Guidance::MoveBack));
        assert_eq!(place(10.0, 140.0, 160.0), Some(Guidance::CentreFace));
        assert_eq!(place(240.0, 0.0, 110.0), Some(Guidance::CentreFace));
    }

    /// A checkered crop: mean grey `mean`, cells of `cell` pixels, `mean` ± `swing`.
    fn light(mean: u8, swing: u8, cell: usize) -> Option<Guidance> {
        let pixel = |i: usize| {
            let bright = ((i % SIDE) / cell + (i / SIDE) / cell).is_multiple_of(2);
            if bright {
                mean.saturating_add(swing)
            } else {
                mean.saturating_sub(swing)
            }
        };
        let rgba = (0..SIDE * SIDE).flat_map(|i| [pixel(i); 4]).collect();
        let frame = Frame::new(112, 112, rgba, 0.0).unwrap();
        let crop = Crop::align(&frame, &TEMPLATE).unwrap();
        judge_face(
            &crop,
            Pose {
                yaw: 0.0,
                pitch: 0.0,
                roll: 0.0,
            },
        )
    }

    #[test]
    fn light_and_blur_each_have_their_hint() {
        assert_eq!(light(120, 30, 4), None);
        assert_eq!(light(20, 15, 4), Some(Guidance::MoreLight));
        assert_eq!(light(90, 2, 4), Some(Guidance::MoreLight));
        assert_eq!(light(240, 10, 4), Some(Guidance::LessLight));
        assert_eq!(light(160, 2, 4), Some(Guidance::LessLight));
        assert_eq!(light(120, 0, 4), Some(Guidance::MoreLight));
    }
}
