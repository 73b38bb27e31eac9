//! Landmarks of several frames as one: the person's own frontal face.

use crate::signal_processing::alignment::{Similarity, TEMPLATE};
use crate::signal_processing::detection::Point;
use crate::signal_processing::pose::Pose;

/// The mean of landmarks after each was turned, scaled and moved onto the template, so that neither place
/// nor distance to the camera counts.
#[derive(Default)]
pub(crate) struct FrontalFace {
    frames: Vec<[Point; 5]>,
}

impl FrontalFace {
    /// Adds a frame. False when its points span no plane.
    pub(crate) fn add(&mut self, landmarks: &[Point; 5]) -> bool {
        let placed = Similarity::fit(landmarks, &TEMPLATE)
            .map(|onto| landmarks.map(|point| onto.apply(point)));
        self.frames.extend(placed);
        placed.is_some()
    }

    pub(crate) fn count(&self) -> usize {
        self.frames.len()
    }

    /// The mean; the template's own points before the first frame.
    pub(crate) fn landmarks(&self) -> [Point; 5] {
        if self.frames.is_empty() {
            return TEMPLATE;
        }
        let count = f32::from(u16::try_from(self.frames.len()).unwrap_or(u16::MAX));
        let mut mean = [Point { x: 0.0, y: 0.0 }; 5];
        for landmarks in &self.frames {
            for (mean, p) in mean.iter_mut().zip(landmarks) {
                mean.x += p.x / count;
                mean.y += p.y / count;
            }
        }
        mean
    }

    pub(crate) fn pose(&self) -> Pose {
        Pose::of(&self.landmarks())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_size_and_lean_do_not_count() {
        let mut face = FrontalFace::default();
        assert_eq!(face.landmarks(), TEMPLATE);
        for (scale, lean, shift) in [(1.0, 0.0, 0.0), (3.0, 0.4, 200.0), (0.5, -0.3, 90.0)] {
            let onto = Similarity {
                a: scale * f32::cos(lean),
                b: scale * f32::sin(lean),
                tx: shift,
                ty: -shift,
            };
            assert!(face.add(&TEMPLATE.map(|p| onto.apply(p))));
        }
        assert!(!face.add(&[Point { x: 1.0, y: 2.0 }; 5]));
        assert_eq!(face.count(), 3);
        for (mean, p) in face.landmarks().iter().zip(TEMPLATE) {
            assert!(mean.distance(p) < 0.01);
        }
    }
}
