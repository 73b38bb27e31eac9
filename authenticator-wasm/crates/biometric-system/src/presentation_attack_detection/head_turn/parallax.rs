//! What a turned head shows and a plane cannot: the nose tip leaves the place the plane gives it.

use super::homography::Homography;
use crate::signal_processing::detection::Point;

/// How the plane of eyes and mouth, and the nose tip before it, have moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    /// How far the nose tip stands aside of where the plane would carry it, in eye distances of the turned
    /// face, along the line of its eyes; positive to the person's own left.
    pub(super) parallax: f32,
    /// By how much the plane has tilted, in radians, as far as its foreshortening tells.
    pub(super) tilt: f32,
}

/// Measures the way from the frontal to the turned landmarks.
///
/// Eyes and mouth corners lie nearly in a plane. Their homography carries every point of that plane
/// exactly, so a flat picture gives no parallax at any tilt; the nose tip of a head lies before the plane
/// and moves by about its depth times the sine of the turn. None when the points have no homography.
pub(super) fn measure(frontal: &[Point; 5], turned: &[Point; 5]) -> Option<Moved> {
    let [right, left, nose, right_mouth, left_mouth] = *turned;
    let [a, b, frontal_nose, c, d] = *frontal;
    let (from, onto) = ([a, b, c, d], [right, left, right_mouth, left_mouth]);
    let flat = Homography::through(&from, &onto)?.apply(frontal_nose)?;
    let width = right.distance(left);
    let (ux, uy) = ((left.x - right.x) / width, (left.y - right.y) / width);
    let parallax = ((nose.x - flat.x) * ux + (nose.y - flat.y) * uy) / width;
    let tilt = tilt(&from, &onto)?;
    (parallax.is_finite() && tilt.is_finite()).then_some(Moved { parallax, tilt })
}

/// The angle whose cosine is the ratio of the two scales of the best affine map between the points: that
/// of a plane tilted far from the camera. Scale and rotation in the picture drop out.
fn tilt(from: &[Point; 4], onto: &[Point; 4]) -> Option<f32> {
    let centre = |points: &[Point; 4]| {
        let sum = |pick: fn(&Point) -> f32| points.iter().map(pick).sum::<f32>() / 4.0;
        Point {
            x: sum(|p| p.x),
            y: sum(|p| p.y),
        }
    };
    let (f, o) = (centre(from), centre(onto));
    let (mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0);
    let (mut xx, mut xy, mut yx, mut yy) = (0.0, 0.0, 0.0, 0.0);
    for (p, q) in from.iter().zip(onto) {
        let (px, py, qx, qy) = (p.x - f.x, p.y - f.y, q.x - o.x, q.y - o.y);
        sxx += px * px;
        sxy += px * py;
        syy += py * py;
        xx += qx * px;
        xy += qx * py;
        yx += qy * px;
        yy += qy * py;
    }
    let determinant = sxx * syy - sxy * sxy;
    // The affine map of least squared error, column by column.
    let (a, b) = (
        (xx * syy - xy * sxy) / determinant,
        (xy * sxx - xx * sxy) / determinant,
    );
    let (c, d) = (
        (yx * syy - yy * sxy) / determinant,
        (yy * sxx - yx * sxy) / determinant,
    );
    let (first, second, mixed) = (a * a + c * c, b * b + d * d, a * b + c * d);
    let mean = first.midpoint(second);
    let apart = ((first - second) / 2.0).hypot(mixed);
    let ratio = ((mean - apart).max(0.0) / (mean + apart)).sqrt();
    ratio.is_finite().then(|| ratio.min(1.0).acos())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Eyes, nose tip and mouth corners of a head; the nose stands `depth` before the plane.
    fn head(depth: f32) -> [[f32; 3]; 5] {
        [
            [-50.0, -50.0, 0.0],
            [50.0, -50.0, 0.0],
            [0.0, 8.0, -100.0 * depth],
            [-38.0, 60.0, 0.0],
            [38.0, 60.0, 0.0],
        ]
    }

    /// Turned by `yaw` to its own left and tilted, seen from `far`; then rotated, scaled and moved.
    fn seen(
        head: [[f32; 3]; 5],
        yaw: f32,
        pitch: f32,
        far: f32,
        roll: f32,
        scale: f32,
    ) -> [Point; 5] {
        head.map(|[x, y, z]| {
            let (sin, cos) = yaw.to_radians().sin_cos();
            let (x, z) = (x * cos - z * sin, x * sin + z * cos);
            let (sin, cos) = pitch.to_radians().sin_cos();
            let (y, z) = (y * cos - z * sin, y * sin + z * cos);
            let (x, y) = (x * far / (far + z), y * far / (far + z));
            let (sin, cos) = roll.to_radians().sin_cos();
            Point {
                x: scale * (x * cos - y * sin) + 320.0,
                y: scale * (x * sin + y * cos) + 240.0,
            }
        })
    }

    proptest! {
        #[test]
        fn a_plane_has_no_parallax_at_any_tilt(
            yaw in -50.0f32..50.0, pitch in -50.0f32..50.0, far in 500.0f32..3000.0,
            roll in -40.0f32..40.0, scale in 0.4f32..2.0
        ) {
            let frontal = seen(head(0.0), 0.0, 0.0, far, 0.0, 1.0);
            let moved = measure(&frontal, &seen(head(0.0), yaw, pitch, far, roll, scale)).unwrap();
            prop_assert!(moved.parallax.abs() < 2e-3, "{moved:?}");
        }

        #[test]
        fn a_heads_nose_moves_with_depth_and_turn_and_not_with_roll_or_scale(
            yaw in -35.0f32..35.0, depth in 0.3f32..0.5, far in 800.0f32..3000.0,
            roll in -40.0f32..40.0, scale in 0.4f32..2.0
        ) {
            let frontal = seen(head(depth), 0.0, 0.0, far, 0.0, 1.0);
            let moved = measure(&frontal, &seen(head(depth), yaw, 0.0, far, roll, scale)).unwrap();
            let expected = depth * yaw.to_radians().tan();
            prop_assert!((moved.parallax - expected).abs() < 0.02 + 0.2 * expected.abs(), "{moved:?} {expected}");
            let upright = measure(&frontal, &seen(head(depth), yaw, 0.0, far, 0.0, 1.0)).unwrap();
            prop_assert!((moved.parallax - upright.parallax).abs() < 2e-3);
            prop_assert!((moved.tilt - upright.tilt).abs() < 0.02);
            prop_assert!((upright.tilt.to_degrees() - yaw.abs()).abs() < 6.0);
        }
    }

    #[test]
    fn points_that_coincide_measure_nothing() {
        let frontal = seen(head(0.4), 0.0, 0.0, 900.0, 0.0, 1.0);
        assert!(measure(&frontal, &[Point { x: 3.0, y: 3.0 }; 5]).is_none());
    }
}
