//! The signal path of one frame, stage by stage, so that a measurement can put its clock between them.

use crate::data_capture::Frame;
use crate::model::BiometricSystem;
use crate::presentation_attack_detection::texture;
use crate::signal_processing::alignment::Crop;
use crate::signal_processing::detection::{self, Face};
use crate::signal_processing::features::{self, Features};
use crate::signal_processing::picture::Picture;
use crate::signal_processing::pose::Pose;
use crate::signal_processing::quality;

/// The frame, shrunk for the detector.
pub struct Shrunk(Picture);

/// The face that is looked at.
pub struct Found(Face);

/// The face, upright and of the extractor's size.
pub struct Aligned(Crop);

/// The features of the face.
pub struct Extracted(Features);

/// Shrinks the frame until its longer side has `long_side` pixels; the product uses [`LONG_SIDE`].
pub fn shrink(frame: &Frame, long_side: usize) -> Shrunk {
    Shrunk(Picture::shrink(frame, long_side))
}

/// The long side that the product gives its detector.
pub const LONG_SIDE: usize = detection::LONG_SIDE;

/// Finds the face whose centre is nearest to that of the frame.
pub fn detect(system: &BiometricSystem, frame: &Frame, picture: &Shrunk) -> Option<Found> {
    super::nearest(frame, detection::detect(system, &picture.0)?).map(Found)
}

/// Turns, scales and moves the face so that the extractor knows it.
pub fn align(frame: &Frame, face: &Found) -> Option<Aligned> {
    Crop::align(frame, &face.0.landmarks).map(Aligned)
}

/// Whether the face is worth extracting features from.
pub fn is_good(frame: &Frame, face: &Found, crop: &Aligned) -> bool {
    quality::judge_place(frame, &face.0).is_none()
        && quality::judge_face(&crop.0, Pose::of(&face.0.landmarks)).is_none()
}

/// Runs the extractor.
pub fn extract(system: &BiometricSystem, crop: &Aligned) -> Option<Extracted> {
    features::extract(system, &crop.0).map(Extracted)
}

/// Runs the texture network: the probability that the face is live, 0 to 1.
pub fn texture(system: &BiometricSystem, frame: &Frame, face: &Found) -> Option<f32> {
    texture::live_probability(system, frame, &face.0)
}

impl Extracted {
    /// The feature vector, of unit length.
    pub fn as_slice(&self) -> &[f32] {
        self.0.as_slice()
    }
}
