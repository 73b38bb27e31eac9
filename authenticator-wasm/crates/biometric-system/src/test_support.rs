//! Measurements for the tests, examples and evaluations of this crate; absent from every normal build.

use crate::data_capture::Frame;
use crate::model::BiometricSystem;
use crate::signal_processing::alignment::Crop;
use crate::signal_processing::picture::Picture;
use crate::signal_processing::{detection, features, pose::Pose, quality::Light};

/// What the signal path finds in one frame, for the face nearest the centre.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Faces found.
    pub faces: usize,
    /// Left, top, width, height in frame pixels.
    pub bounds: [f32; 4],
    /// Right eye, left eye, nose tip, right and left mouth corner, as x and y in frame pixels.
    pub landmarks: [[f32; 2]; 5],
    /// Yaw, pitch and roll in degrees.
    pub pose: [f32; 3],
    /// Mean, contrast, bright part and sharpness of the face.
    pub light: [f32; 4],
    /// The feature vector, of unit length.
    pub features: Vec<f32>,
}

/// Runs the whole signal path on one frame, without any quality gate.
pub fn measure(system: &BiometricSystem, frame: &Frame) -> Option<Measurement> {
    measure_at(system, frame, detection::LONG_SIDE)
}

/// Like [`measure`], with another long side for the detector's picture.
pub fn measure_at(
    system: &BiometricSystem,
    frame: &Frame,
    long_side: usize,
) -> Option<Measurement> {
    let picture = Picture::shrink(frame, long_side);
    let faces = detection::detect(system, &picture)?;
    let half = |side: usize| f32::from(u16::try_from(side).unwrap_or(u16::MAX)) / 2.0;
    let (x, y) = (half(frame.width()), half(frame.height()));
    let off = |face: &detection::Face| {
        (face.x + face.width / 2.0 - x).hypot(face.y + face.height / 2.0 - y)
    };
    let face = faces.iter().min_by(|a, b| off(a).total_cmp(&off(b)))?;
    let crop = Crop::align(frame, &face.landmarks)?;
    let light = Light::of(&crop);
    let pose = Pose::of(&face.landmarks);
    Some(Measurement {
        faces: faces.len(),
        bounds: [face.x, face.y, face.width, face.height],
        landmarks: face.landmarks.map(|p| [p.x, p.y]),
        pose: [pose.yaw, pose.pitch, pose.roll],
        light: [light.mean, light.contrast, light.bright, light.sharpness],
        features: features::extract(system, &crop)?.as_slice().to_vec(),
    })
}
