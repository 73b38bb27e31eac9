//! Face detection with YuNet: decoding of its anchor-free outputs and non-maximum suppression.
//!
//! Source: Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023. Outputs per stride s
//! and cell (column, row): class and object scores, box centre and log size, five points.

use crate::model::BiometricSystem;
use crate::signal_processing::picture::Picture;

/// Long side of the picture given to the detector: finds every face of a usable size at selfie distance.
pub(crate) const LONG_SIDE: usize = 256;
/// Least score of a face; the value that the model's publishers use.
const SCORE: f32 = 0.6;
/// Boxes that overlap more than this (intersection over union) are one face.
const OVERLAP: f32 = 0.3;
/// More candidates than this are not looked at; real pictures give a few dozen.
const CANDIDATES: usize = 1000;

const STRIDES: [usize; 3] = [8, 16, 32];
const OUTPUTS: [&str; 12] = [
    "cls_8", "obj_8", "bbox_8", "kps_8", "cls_16", "obj_16", "bbox_16", "kps_16", "cls_32",
    "obj_32", "bbox_32", "kps_32",
];

/// A point in frame pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

impl Point {
    pub(crate) fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    pub(crate) fn middle(self, other: Self) -> Self {
        Self {
            x: self.x.midpoint(other.x),
            y: self.y.midpoint(other.y),
        }
    }
}

/// One detected face, in frame pixels.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// The person's right eye, left eye, nose tip, right and left mouth corner.
    pub(crate) landmarks: [Point; 5],
    pub(crate) score: f32,
}

impl Face {
    /// Distance between the eyes.
    pub(crate) fn eye_distance(&self) -> f32 {
        let [right, left, ..] = self.landmarks;
        right.distance(left)
    }

    pub(crate) fn area(&self) -> f32 {
        self.width * self.height
    }

    /// Intersection over union of two boxes.
    fn overlap(&self, other: &Self) -> f32 {
        let side = |a: f32, a_size: f32, b: f32, b_size: f32| {
            ((a + a_size).min(b + b_size) - a.max(b)).max(0.0)
        };
        let both = side(self.x, self.width, other.x, other.width)
            * side(self.y, self.height, other.y, other.height);
        both / (self.area() + other.area() - both)
    }
}

/// All faces in the picture, largest first. None when the network's output is unusable.
pub(crate) fn detect(system: &BiometricSystem, picture: &Picture) -> Option<Vec<Face>> {
    let shape = [3, picture.height, picture.width];
    let outputs = system.detector().run(&picture.bgr, shape, &OUTPUTS)?;
    let mut candidates = Vec::new();
    for (stride, lists) in STRIDES.iter().zip(outputs.chunks_exact(4)) {
        let [class, object, boxes, points] = lists else {
            return None;
        };
        decode(
            *stride,
            picture,
            [class, object, boxes, points],
            &mut candidates,
        )?;
    }
    let mut faces = suppress(candidates);
    faces.sort_by(|a, b| b.area().total_cmp(&a.area()));
    Some(faces)
}

/// Decodes one stride's outputs (class, object, boxes, points) into frame coordinates.
#[allow(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "strides and cell indices are below a thousand"
)]
fn decode(
    stride: usize,
    picture: &Picture,
    [class, object, boxes, points]: [&[f32]; 4],
    candidates: &mut Vec<Face>,
) -> Option<()> {
    let columns = picture.width / stride;
    let cells = columns * (picture.height / stride);
    if class.len() != cells
        || object.len() != cells
        || boxes.len() != cells * 4
        || points.len() != cells * 10
    {
        return None;
    }
    let size = stride as f32 * picture.scale;
    let scores = class.iter().zip(object);
    let cells = scores
        .zip(boxes.chunks_exact(4))
        .zip(points.chunks_exact(10))
        .enumerate();
    for (cell, (((class, object), bounds), points)) in cells {
        let score = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
        if score.is_nan() || score < SCORE {
            continue;
        }
        let (column, row) = ((cell % columns) as f32, (cell / columns) as f32);
        let &[dx, dy, log_width, log_height] = bounds else {
            return None;
        };
        let (width, height) = (log_width.exp() * size, log_height.exp() * size);
        let mut landmarks = [Point { x: 0.0, y: 0.0 }; 5];
        for (landmark, offset) in landmarks.iter_mut().zip(points.chunks_exact(2)) {
            let &[dx, dy] = offset else { return None };
            *landmark = Point {
                x: (column + dx) * size,
                y: (row + dy) * size,
            };
        }
        let face = Face {
            x: (column + dx) * size - width / 2.0,
            y: (row + dy) * size - height / 2.0,
            width,
            height,
            landmarks,
            score,
        };
        // A size that overflows the exponential is no face, nor is one at no place.
        let points = face.landmarks.iter().flat_map(|p| [p.x, p.y]);
        let placed = points.chain([face.x, face.y]).all(f32::is_finite);
        if placed && face.area().is_finite() && face.area() > 0.0 {
            candidates.push(face);
        }
    }
    Some(())
}

/// Greedy non-maximum suppression: of overlapping boxes the one with the highest score stays.
fn suppress(mut candidates: Vec<Face>) -> Vec<Face> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    candidates.truncate(CANDIDATES);
    let mut kept: Vec<Face> = Vec::new();
    for face in candidates {
        if kept.iter().all(|other| face.overlap(other) <= OVERLAP) {
            kept.push(face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn face(x: f32, y: f32, side: f32, score: f32) -> Face {
        let landmarks = [Point { x, y }; 5];
        Face {
            x,
            y,
            width: side,
            height: side,
            landmarks,
            score,
        }
    }

    /// A picture of that width and 32 rows, of which only the size counts.
    fn picture(width: usize, scale: f32) -> Picture {
        Picture {
            width,
            height: 32,
            scale,
            bgr: vec![].into(),
            grey: vec![].into(),
        }
    }

    #[test]
    fn the_best_of_overlapping_boxes_stays() {
        let kept = suppress(vec![
            face(0.0, 0.0, 10.0, 0.7),
            face(1.0, 0.0, 10.0, 0.9),
            face(30.0, 0.0, 10.0, 0.8),
        ]);
        assert_eq!(kept.iter().map(|f| f.x).collect::<Vec<_>>(), [1.0, 30.0]);
    }

    #[test]
    fn numbers_that_are_none_give_no_face() {
        let picture = picture(32, 1.0);
        let faces = |class: f32, bounds: [f32; 4], point: f32| {
            let mut points = [0.5; 10];
            points[7] = point;
            let mut faces = Vec::new();
            decode(
                32,
                &picture,
                [&[class], &[1.0], &bounds, &points],
                &mut faces,
            )
            .unwrap();
            faces.len()
        };
        assert_eq!(faces(1.0, [0.0; 4], 0.5), 1);
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(faces(1.0, [0.0; 4], bad), 0);
            for i in 0..4 {
                let mut bounds = [0.0; 4];
                bounds[i] = bad;
                assert_eq!(faces(1.0, bounds, 0.5), 0, "{bad} at {i}");
            }
        }
        assert_eq!(faces(f32::NAN, [0.0; 4], 0.5), 0);
        // Lists of the wrong length are no output of this network.
        let mut none = Vec::new();
        assert!(decode(32, &picture, [&[], &[], &[], &[]], &mut none).is_none());
    }

    #[test]
    fn decodes_a_cell_by_hand() {
        // Stride 32, 64x32 picture: two cells. The second one holds a face of e^0 = 1 stride.
        let picture = picture(64, 2.0);
        let mut faces = Vec::new();
        let points = [vec![9.0; 10], vec![0.5; 10]].concat();
        let boxes = [9.0, 9.0, 9.0, 9.0, 0.5, 0.25, 0.0, 0.0];
        decode(
            32,
            &picture,
            [&[0.1, 1.2], &[0.1, 0.81], &boxes, &points],
            &mut faces,
        )
        .unwrap();
        assert_eq!(faces.len(), 1);
        let face = &faces[0];
        assert!((face.score - 0.9).abs() < 1e-6);
        // Centre ((1 + 0.5) * 64, 0.25 * 64) = (96, 16), size 64.
        assert_eq!(
            (face.x, face.y, face.width, face.height),
            (64.0, -16.0, 64.0, 64.0)
        );
        assert_eq!(face.landmarks[4], Point { x: 96.0, y: 32.0 });
    }

    #[test]
    fn outputs_of_a_wrong_length_are_refused() {
        let picture = picture(32, 1.0);
        let mut faces = Vec::new();
        assert!(
            decode(
                32,
                &picture,
                [&[1.0], &[1.0], &[0.0; 3], &[0.0; 10]],
                &mut faces
            )
            .is_none()
        );
    }

    proptest! {
        #[test]
        fn what_is_kept_never_overlaps(boxes in proptest::collection::vec(
            (0.0f32..100.0, 0.0f32..100.0, 1.0f32..60.0, 0.0f32..1.0), 0..40)
        ) {
            let all: Vec<Face> = boxes.iter().map(|&(x, y, s, score)| face(x, y, s, score)).collect();
            let kept = suppress(all.clone());
            prop_assert_eq!(kept.is_empty(), all.is_empty());
            for (i, a) in kept.iter().enumerate() {
                prop_assert!(kept[i + 1..].iter().all(|b| a.overlap(b) <= OVERLAP));
                prop_assert!(kept[i + 1..].iter().all(|b| a.score >= b.score));
            }
        }
    }
}
