//! From a camera frame to either a sample that is worth its cost or the reason why it is not.

use zeroize::Zeroizing;

use crate::data_capture::Frame;
use crate::guidance::{FaceBox, Guidance};
use crate::model::BiometricSystem;
use crate::presentation_attack_detection::capture_sanity::{self, CaptureSanity};
use crate::presentation_attack_detection::{FrozenPicture, Novelty};
use crate::signal_processing::alignment::Crop;
use crate::signal_processing::detection::{self, Face, Point};
use crate::signal_processing::features::{self, Features};
use crate::signal_processing::picture::Picture;
use crate::signal_processing::pose::Pose;
use crate::signal_processing::quality;

/// Frames further apart than this are not compared for stillness.
const PAUSE_MS: f64 = 1000.0;
/// Movement of the landmarks, in eye distances, that detection noise alone may cause.
const JITTER: f32 = 0.04;
/// Movement in eye distances per second that still gives a sharp picture.
const SPEED: f32 = 0.6;

/// A frame good enough to extract features from.
pub(crate) struct Sample {
    crop: Crop,
    pub(crate) landmarks: [Point; 5],
    pub(crate) pose: Pose,
    pub(crate) at_ms: f64,
    /// The head moves slowly enough for the best features.
    pub(crate) still: bool,
}

impl Sample {
    /// Runs the extractor: the expensive step, so only when the sample is wanted.
    pub(crate) fn features(&self, system: &BiometricSystem) -> Option<Features> {
        features::extract(system, &self.crop)
    }

    /// A still sample made from known landmarks, for measurements.
    #[cfg(feature = "test-support")]
    pub(crate) fn of(frame: &Frame, landmarks: [Point; 5]) -> Option<Self> {
        Some(Self {
            crop: Crop::align(frame, &landmarks)?,
            landmarks,
            pose: Pose::of(&landmarks),
            at_ms: frame.at_ms(),
            still: true,
        })
    }

    /// Grey values of the aligned crop, 0 to 255.
    pub(crate) fn grey(&self) -> Zeroizing<Vec<f32>> {
        self.crop.grey()
    }
}

/// What one frame gave.
pub(crate) struct Observation {
    pub(crate) hint: Guidance,
    pub(crate) face: Option<FaceBox>,
    /// The one face of a new frame, whatever its quality.
    pub(crate) seen: Option<Face>,
    /// Present when the quality is good, and not with the first frame of a face.
    pub(crate) sample: Option<Sample>,
    /// The face seen before is gone or not alone: what was gathered about it may not be continued.
    pub(crate) interrupted: bool,
}

impl Observation {
    fn without_sample(hint: Guidance, face: Option<FaceBox>) -> Self {
        let interrupted = matches!(
            hint,
            Guidance::NoFace | Guidance::SeveralFaces | Guidance::FrozenPicture
        );
        Self {
            hint,
            face,
            seen: None,
            sample: None,
            interrupted,
        }
    }
}

/// Follows one face through the frames of one ceremony.
#[derive(Default)]
pub(crate) struct Observer {
    frozen: FrozenPicture,
    sanity: CaptureSanity,
    previous: Option<([Point; 5], f64)>,
    last: Option<(Guidance, Option<FaceBox>)>,
}

impl Observer {
    /// Looks at the next frame.
    pub(crate) fn observe(&mut self, system: &BiometricSystem, frame: &Frame) -> Observation {
        let mut picture = Picture::shrink(frame, detection::LONG_SIDE);
        let grey = std::mem::take(&mut picture.grey);
        let key = capture_sanity::key(&grey);
        let novelty = self.frozen.judge(grey, frame.at_ms());
        if novelty == Novelty::New {
            self.sanity.see(key, frame.at_ms());
        }
        let observation = match (novelty, self.last) {
            (Novelty::Frozen, last) => {
                self.previous = None;
                let face = last.and_then(|(_, face)| face);
                Observation::without_sample(Guidance::FrozenPicture, face)
            }
            (Novelty::Same, Some((hint, face))) => Observation::without_sample(hint, face),
            _ => self.look(system, frame, &picture),
        };
        self.last = Some((observation.hint, observation.face));
        observation
    }

    /// How the frames came.
    pub(crate) fn sanity(&self) -> &CaptureSanity {
        &self.sanity
    }

    fn look(&mut self, system: &BiometricSystem, frame: &Frame, picture: &Picture) -> Observation {
        let previous = self.previous.take();
        // An unusable network output is treated like an empty picture: never a sample.
        let faces = detection::detect(system, picture).unwrap_or_default();
        let Some(face) = faces.first() else {
            return Observation::without_sample(Guidance::NoFace, None);
        };
        let place = face_box(frame, face);
        if faces.len() > 1 {
            return Observation::without_sample(Guidance::SeveralFaces, Some(place));
        }
        self.previous = Some((face.landmarks, frame.at_ms()));
        let refused = |hint| Observation {
            seen: Some(face.clone()),
            ..Observation::without_sample(hint, Some(place))
        };
        if let Some(hint) = quality::judge_place(frame, face) {
            return refused(hint);
        }
        let Some(crop) = Crop::align(frame, &face.landmarks) else {
            return refused(Guidance::NoFace);
        };
        let pose = Pose::of(&face.landmarks);
        if let Some(hint) = quality::judge_face(&crop, pose) {
            return refused(hint);
        }
        // The first frame of a face says nothing about movement, so it is never a sample; that also
        // keeps a single still picture from ever becoming one.
        let sample = match previous {
            Some((before, at_ms)) if frame.at_ms() - at_ms <= PAUSE_MS => Some(Sample {
                crop,
                landmarks: face.landmarks,
                pose,
                at_ms: frame.at_ms(),
                still: still(&before, face, frame.at_ms() - at_ms),
            }),
            _ => None,
        };
        let moving = sample.as_ref().is_some_and(|sample| !sample.still);
        Observation {
            hint: if moving {
                Guidance::HoldStill
            } else {
                Guidance::Good
            },
            face: Some(place),
            seen: Some(face.clone()),
            sample,
            interrupted: false,
        }
    }
}

/// Whether the landmarks moved little enough in `elapsed_ms`.
fn still(before: &[Point; 5], face: &Face, elapsed_ms: f64) -> bool {
    let moved = before
        .iter()
        .zip(&face.landmarks)
        .map(|(a, b)| a.distance(*b))
        .sum::<f32>()
        / 5.0;
    #[allow(clippy::as_conversions, reason = "at most a second")]
    let seconds = (elapsed_ms / 1000.0) as f32;
    moved <= (JITTER + SPEED * seconds) * face.eye_distance()
}

fn face_box(frame: &Frame, face: &Face) -> FaceBox {
    let [width, height] = quality::sides(frame);
    FaceBox {
        x: face.x / width,
        y: face.y / height,
        width: face.width / width,
        height: face.height / height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::alignment::TEMPLATE;

    #[test]
    fn stillness_is_measured_in_eye_distances_per_second() {
        let face = |shift: f32| Face {
            x: 0.0,
            y: 0.0,
            width: 80.0,
            height: 100.0,
            landmarks: TEMPLATE.map(|p| Point {
                x: p.x + shift,
                y: p.y,
            }),
            score: 0.9,
        };
        // Eye distance 35: noise 1.4 pixels, then 21 pixels a second.
        assert!(still(&TEMPLATE, &face(1.3), 0.0));
        assert!(!still(&TEMPLATE, &face(1.6), 0.0));
        assert!(still(&TEMPLATE, &face(11.0), 500.0));
        assert!(!still(&TEMPLATE, &face(13.0), 500.0));
    }
}
