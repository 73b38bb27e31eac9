//! Alignment: the face is turned, scaled and moved so that its five points lie on the usual template.

use zeroize::Zeroizing;

use crate::data_capture::Frame;
use crate::signal_processing::detection::Point;

/// Side of the aligned crop in pixels.
pub(crate) const SIDE: usize = 112;

/// Where the five points belong in the crop: the template that ArcFace (Deng et al., 2019) and most
/// extractors since were trained with. Right eye, left eye, nose tip, right and left mouth corner.
pub(crate) const TEMPLATE: [Point; 5] = [
    Point {
        x: 38.2946,
        y: 51.6963,
    },
    Point {
        x: 73.5318,
        y: 51.5014,
    },
    Point {
        x: 56.0252,
        y: 71.7366,
    },
    Point {
        x: 41.5493,
        y: 92.3655,
    },
    Point {
        x: 70.7299,
        y: 92.2041,
    },
];

/// A rotation with scale and a shift: (x, y) -> (a x - b y + tx, b x + a y + ty).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Similarity {
    pub(crate) a: f32,
    pub(crate) b: f32,
    pub(crate) tx: f32,
    pub(crate) ty: f32,
}

impl Similarity {
    /// The similarity that maps `from` onto `onto` with the least squared error, without reflection
    /// (Umeyama, 1991; in two dimensions it has this closed form). None when the points coincide.
    pub(crate) fn fit(from: &[Point; 5], onto: &[Point; 5]) -> Option<Self> {
        let centre = |points: &[Point; 5]| Point {
            x: points.iter().map(|p| p.x).sum::<f32>() / 5.0,
            y: points.iter().map(|p| p.y).sum::<f32>() / 5.0,
        };
        let (c, d) = (centre(from), centre(onto));
        let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(onto) {
            let (px, py, qx, qy) = (p.x - c.x, p.y - c.y, q.x - d.x, q.y - d.y);
            dot += px * qx + py * qy;
            cross += px * qy - py * qx;
            spread += px * px + py * py;
        }
        let (a, b) = (dot / spread, cross / spread);
        let fit = Self {
            a,
            b,
            tx: d.x - a * c.x + b * c.y,
            ty: d.y - b * c.x - a * c.y,
        };
        let sound =
            fit.scale() > 1e-4 && [fit.a, fit.b, fit.tx, fit.ty].iter().all(|v| v.is_finite());
        sound.then_some(fit)
    }

    /// Template pixels per frame pixel.
    pub(crate) fn scale(self) -> f32 {
        self.a.hypot(self.b)
    }

    pub(crate) fn apply(self, p: Point) -> Point {
        Point {
            x: self.a * p.x - self.b * p.y + self.tx,
            y: self.b * p.x + self.a * p.y + self.ty,
        }
    }

    fn inverse(self) -> Self {
        let square = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / square, -self.b / square);
        Self {
            a,
            b,
            tx: b * self.ty - a * self.tx,
            ty: -b * self.tx - a * self.ty,
        }
    }
}

/// An aligned face: red, green and blue planes of [`SIDE`] x [`SIDE`], 0 to 255, wiped on drop.
pub(crate) struct Crop(Zeroizing<Vec<f32>>);

impl Crop {
    /// Cuts the face out of the frame. None when the landmarks span no plane.
    pub(crate) fn align(frame: &Frame, landmarks: &[Point; 5]) -> Option<Self> {
        let to_frame = Similarity::fit(landmarks, &TEMPLATE)?.inverse();
        Some(Self(warp(frame, to_frame)))
    }

    /// The three planes, one after the other.
    pub(crate) fn rgb(&self) -> &[f32] {
        &self.0
    }

    /// Grey values (ITU-R BT.601), 0 to 255.
    pub(crate) fn grey(&self) -> Zeroizing<Vec<f32>> {
        let (red, rest) = self.0.split_at(SIDE * SIDE);
        let (green, blue) = rest.split_at(SIDE * SIDE);
        let weigh = |((r, g), b): ((&f32, &f32), &f32)| 0.299 * r + 0.587 * g + 0.114 * b;
        Zeroizing::new(red.iter().zip(green).zip(blue).map(weigh).collect())
    }
}

/// Samples the frame at the image of every template pixel; black outside the frame. Faces much larger
/// than the template are averaged over several samples per pixel, so that nothing aliases.
#[allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "hot loop, indices are fixed"
)]
fn warp(frame: &Frame, to_frame: Similarity) -> Zeroizing<Vec<f32>> {
    let mut planes = Zeroizing::new(vec![0.0_f32; 3 * SIDE * SIDE]);
    let samples = (to_frame.scale().round() as usize).clamp(1, 4);
    let weight = 1.0 / (samples * samples) as f32;
    let offset = |index: usize| (index as f32 + 0.5) / samples as f32 - 0.5;
    for y in 0..SIDE {
        for x in 0..SIDE {
            let mut sum = [0.0_f32; 3];
            for sub_y in 0..samples {
                for sub_x in 0..samples {
                    let at = Point {
                        x: x as f32 + offset(sub_x),
                        y: y as f32 + offset(sub_y),
                    };
                    let colour = bilinear(frame, to_frame.apply(at));
                    for (sum, value) in sum.iter_mut().zip(colour) {
                        *sum += value;
                    }
                }
            }
            for (plane, value) in sum.iter().enumerate() {
                planes[plane * SIDE * SIDE + y * SIDE + x] = value * weight;
            }
        }
    }
    planes
}

/// Red, green and blue between the four pixels around `at`; pixels outside the frame count as black.
#[allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "hot loop, bounds are checked"
)]
fn bilinear(frame: &Frame, at: Point) -> [f32; 3] {
    let (left, top) = (at.x.floor(), at.y.floor());
    let (right_part, bottom_part) = (at.x - left, at.y - top);
    let mut colour = [0.0; 3];
    for (dx, dy, weight) in [
        (0.0, 0.0, (1.0 - right_part) * (1.0 - bottom_part)),
        (1.0, 0.0, right_part * (1.0 - bottom_part)),
        (0.0, 1.0, (1.0 - right_part) * bottom_part),
        (1.0, 1.0, right_part * bottom_part),
    ] {
        let (x, y) = (left + dx, top + dy);
        if x < 0.0 || y < 0.0 || x >= frame.width() as f32 || y >= frame.height() as f32 {
            continue;
        }
        let start = (y as usize * frame.width() + x as usize) * 4;
        let pixel = &frame.rgba()[start..start + 3];
        for (colour, value) in colour.iter_mut().zip(pixel) {
            *colour += weight * f32::from(*value);
        }
    }
    colour
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn recovers_a_known_similarity(
            angle in -3.0f32..3.0, scale in 0.2f32..5.0, tx in -300.0f32..300.0, ty in -300.0f32..300.0
        ) {
            let known = Similarity { a: scale * angle.cos(), b: scale * angle.sin(), tx, ty };
            let moved = TEMPLATE.map(|p| known.apply(p));
            let found = Similarity::fit(&TEMPLATE, &moved).unwrap();
            prop_assert!((found.a - known.a).abs() < 1e-3 && (found.b - known.b).abs() < 1e-3);
            for (p, q) in TEMPLATE.iter().zip(moved) {
                prop_assert!(found.inverse().apply(q).distance(*p) < 0.05);
            }
        }
    }

    #[test]
    fn points_that_coincide_have_no_fit() {
        assert!(Similarity::fit(&[Point { x: 3.0, y: 4.0 }; 5], &TEMPLATE).is_none());
        assert!(
            Similarity::fit(
                &[Point {
                    x: f32::NAN,
                    y: 4.0
                }; 5],
                &TEMPLATE
            )
            .is_none()
        );
    }

    #[test]
    fn landmarks_land_on_the_template() {
        // A white square around the place of the left eye, in a frame twice the size and shifted.
        let mut rgba = vec![0; 400 * 400 * 4];
        let (x, y) = (74 * 2 + 40, 52 * 2 + 60);
        for row in y - 3..=y + 3 {
            rgba[(row * 400 + x - 3) * 4..(row * 400 + x + 4) * 4].fill(255);
        }
        let frame = Frame::new(400, 400, rgba, 0.0).unwrap();
        let landmarks = TEMPLATE.map(|p| Point {
            x: p.x * 2.0 + 40.0,
            y: p.y * 2.0 + 60.0,
        });
        let crop = Crop::align(&frame, &landmarks).unwrap();
        let at = |x: usize, y: usize| crop.grey()[y * SIDE + x];
        assert!(at(74, 52) > 250.0, "the dot is not on the eye");
        assert!(at(38, 52) < 1.0 && at(80, 52) < 1.0);
    }
}
