//! Measurements for the tests, examples and evaluations of this crate; absent from every normal build.

pub mod stages;

use crate::comparison;
use crate::data_capture::Frame;
use crate::data_storage::Reference;
use crate::model::{BiometricSystem, Network};
use crate::observation::Sample;
use crate::presentation_attack_detection::head_turn;
use crate::presentation_attack_detection::texture;
use crate::signal_processing::alignment::Crop;
use crate::signal_processing::detection::{self, Face, Point};
use crate::signal_processing::features;
use crate::signal_processing::picture::Picture;
use crate::signal_processing::pose::Pose;
use crate::signal_processing::quality::{self, Light};
use crate::verification::Verification;

/// What the signal path finds in one frame, for the face nearest the centre.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Left, top, width, height in frame pixels.
    pub bounds: [f32; 4],
    /// Right eye, left eye, nose tip, right and left mouth corner, as x and y in frame pixels.
    pub landmarks: [[f32; 2]; 5],
    /// Yaw, pitch and roll in degrees.
    pub pose: [f32; 3],
    /// Mean, contrast, bright part and sharpness of the face.
    pub light: [f32; 4],
    /// The extractor's output, of unit length, before centring.
    pub extractor_output: Vec<f32>,
    /// The feature vector, of unit length.
    pub features: Vec<f32>,
}

/// The extractor's output, of unit length, for the face at known landmarks, in the order of
/// [`Measurement::landmarks`].
pub fn extractor_output_at(
    system: &BiometricSystem,
    frame: &Frame,
    landmarks: [[f32; 2]; 5],
) -> Option<Vec<f32>> {
    let crop = Crop::align(frame, &landmarks.map(|[x, y]| Point { x, y }))?;
    Some(features::output(system, &crop)?.as_slice().to_vec())
}

/// Runs the whole signal path on one frame, without any quality gate.
pub fn measure(system: &BiometricSystem, frame: &Frame) -> Option<Measurement> {
    let face = central_face(system, frame)?;
    let crop = Crop::align(frame, &face.landmarks)?;
    let light = Light::of(&crop);
    let pose = Pose::of(&face.landmarks);
    let output = features::output(system, &crop)?;
    Some(Measurement {
        bounds: [face.x, face.y, face.width, face.height],
        landmarks: face.landmarks.map(|p| [p.x, p.y]),
        pose: [pose.yaw, pose.pitch, pose.roll],
        light: [light.mean, light.contrast, light.bright, light.sharpness],
        features: features::centred(&output)?.as_slice().to_vec(),
        extractor_output: output.as_slice().to_vec(),
    })
}

/// Landmarks and pose of the face nearest the centre, as in [`Measurement`], without the cost of its features.
pub fn locate(system: &BiometricSystem, frame: &Frame) -> Option<([[f32; 2]; 5], [f32; 3])> {
    let landmarks = central_face(system, frame)?.landmarks;
    let pose = Pose::of(&landmarks);
    Some((
        landmarks.map(|p| [p.x, p.y]),
        [pose.yaw, pose.pitch, pose.roll],
    ))
}

/// The texture layer's probability that the face nearest the centre is live, 0 to 1.
pub fn live_probability(system: &BiometricSystem, frame: &Frame) -> Option<f32> {
    texture::live_probability(system, frame, &central_face(system, frame)?)
}

fn central_face(system: &BiometricSystem, frame: &Frame) -> Option<Face> {
    let picture = Picture::shrink(frame, detection::LONG_SIDE);
    nearest(frame, detection::detect(system, &picture)?)
}

fn nearest(frame: &Frame, faces: Vec<Face>) -> Option<Face> {
    let [width, height] = quality::sides(frame);
    let off = |face: &Face| {
        let (x, y) = (face.x + face.width / 2.0, face.y + face.height / 2.0);
        (x - width / 2.0).hypot(y - height / 2.0)
    };
    faces.into_iter().min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// What each layer found in a look that is over: the names of the layers with their verdicts, and what the
/// comparison with `reference` would be. None before the end.
pub fn verdicts(
    verification: &Verification,
    reference: &Reference,
) -> Option<Vec<(&'static str, String)>> {
    let (evidence, probe) = verification.findings()?;
    let cosine = probe.map(|probe| comparison::cosine(reference.features(), probe));
    Some(vec![
        ("capture", format!("{:?}", evidence.capture)),
        ("texture", format!("{:?}", evidence.texture)),
        ("head-turn", format!("{:?}", evidence.head_turn)),
        ("continuity", format!("{:?}", evidence.continuity)),
        ("light", format!("{:?}", evidence.light)),
        ("comparison", format!("{cosine:?}")),
    ])
}

/// Gives any bytes to the loader of model files, behind the check of the digest; whether they load.
pub fn parse_model(bytes: &[u8]) -> bool {
    Network::load(bytes).is_some()
}

/// How far a sheet explains the way from the face in one frame to that in another, given their landmarks in
/// the order of [`Measurement::landmarks`]: 1 for a sheet, less for a head that was turned.
pub fn flatness(front: (&Frame, [[f32; 2]; 5]), turned: (&Frame, [[f32; 2]; 5])) -> Option<f32> {
    let sample = |(frame, landmarks): (&Frame, [[f32; 2]; 5])| {
        Sample::of(frame, landmarks.map(|[x, y]| Point { x, y }))
    };
    head_turn::flatness_between(&sample(front)?, &sample(turned)?)
}
