//! The projective map of a plane, from four points and where a second picture shows them.

use crate::signal_processing::detection::Point;

/// A homography in row order; the last entry is 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Homography([f64; 9]);

impl Homography {
    /// The only homography that takes the four points of `from` to those of `onto` (direct linear
    /// transformation; Hartley and Zisserman, Multiple View Geometry, 4.1). None when three of them lie
    /// on a line, or a coordinate is not finite.
    pub(super) fn through(from: &[Point; 4], onto: &[Point; 4]) -> Option<Self> {
        let mut rows = Vec::with_capacity(8);
        for (p, q) in from.iter().zip(onto) {
            let [x, y, u, v] = [p.x, p.y, q.x, q.y].map(f64::from);
            rows.push([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u]);
            rows.push([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v]);
        }
        let h = solve(rows)?;
        let mut entries = [1.0; 9];
        for (entry, value) in entries.iter_mut().zip(h) {
            *entry = value;
        }
        Some(Self(entries))
    }

    /// Where `p` goes, and how that changes with each of the eight entries.
    pub(super) fn derivative(&self, p: Point) -> Option<(Point, [[f64; 2]; 8])> {
        let onto = self.apply(p)?;
        let [.., g, h, i] = self.0;
        let [x, y] = [p.x, p.y].map(f64::from);
        let w = g * x + h * y + i;
        let [u, v] = [onto.x, onto.y].map(f64::from);
        let (x, y, one) = (x / w, y / w, 1.0 / w);
        let derivative = [
            [x, 0.0],
            [y, 0.0],
            [one, 0.0],
            [0.0, x],
            [0.0, y],
            [0.0, one],
            [-u * x, -v * x],
            [-u * y, -v * y],
        ];
        Some((onto, derivative))
    }

    /// With a step added to the eight entries. None when that is no map.
    pub(super) fn moved(&self, step: [f64; 8]) -> Option<Self> {
        let mut entries = self.0;
        for (entry, step) in entries.iter_mut().zip(step) {
            *entry += step;
        }
        entries
            .iter()
            .all(|x| x.is_finite())
            .then_some(Self(entries))
    }

    /// Where `p` goes. None for a point that goes to infinity.
    pub(super) fn apply(&self, p: Point) -> Option<Point> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let [x, y] = [p.x, p.y].map(f64::from);
        let w = g * x + h * y + i;
        #[allow(clippy::as_conversions, reason = "checked to be finite")]
        let onto = Point {
            x: ((a * x + b * y + c) / w) as f32,
            y: ((d * x + e * y + f) / w) as f32,
        };
        (w.abs() > 1e-9 && onto.x.is_finite() && onto.y.is_finite()).then_some(onto)
    }
}

/// Solves eight equations (coefficients, then the right side) by elimination with partial pivoting.
#[allow(
    clippy::indexing_slicing,
    reason = "fixed sizes: eight rows of nine numbers"
)]
fn solve(mut rows: Vec<[f64; 9]>) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot =
            (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        let head = rows[column];
        // Scaled by the row, so that the test does not depend on the size of the picture.
        let size = head.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
        if head[column].is_nan() || head[column].abs() <= 1e-9 * size {
            return None;
        }
        for row in rows.iter_mut().skip(column + 1) {
            let factor = row[column] / head[column];
            for (value, above) in row.iter_mut().zip(head) {
                *value -= factor * above;
            }
        }
    }
    let mut solution = [0.0; 8];
    for column in (0..8).rev() {
        let row = rows[column];
        let known: f64 = (column + 1..8).map(|at| row[at] * solution[at]).sum();
        solution[column] = (row[8] - known) / row[column];
    }
    solution.iter().all(|x| x.is_finite()).then_some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    const SQUARE: [Point; 4] = [
        Point { x: -50.0, y: -40.0 },
        Point { x: 50.0, y: -42.0 },
        Point { x: -36.0, y: 60.0 },
        Point { x: 35.0, y: 61.0 },
    ];

    /// A picture of a plane turned by `yaw` and `pitch` degrees, seen from `far`, then shifted.
    fn seen(p: Point, yaw: f32, pitch: f32, far: f32) -> Point {
        let (sin, cos) = yaw.to_radians().sin_cos();
        let (x, z) = (p.x * cos, p.x * sin);
        let (sin, cos) = pitch.to_radians().sin_cos();
        let (y, z) = (p.y * cos - z * sin, p.y * sin + z * cos);
        point(x * far / (far + z) + 320.0, y * far / (far + z) + 240.0)
    }

    proptest! {
        #[test]
        fn every_point_of_a_plane_goes_where_the_plane_takes_it(
            yaw in -60.0f32..60.0, pitch in -60.0f32..60.0, far in 300.0f32..2000.0,
            x in -60.0f32..60.0, y in -60.0f32..60.0
        ) {
            let onto = SQUARE.map(|p| seen(p, yaw, pitch, far));
            let found = Homography::through(&SQUARE, &onto).unwrap();
            let p = point(x, y);
            let (found, known) = (found.apply(p).unwrap(), seen(p, yaw, pitch, far));
            prop_assert!(found.distance(known) < 0.05, "{found:?} {known:?}");
        }
    }

    #[test]
    fn points_on_a_line_and_wrong_numbers_have_no_homography() {
        let line = [0.0, 1.0, 2.0, 3.0].map(|x| point(x, 2.0 * x));
        assert!(Homography::through(&line, &SQUARE).is_none());
        let mut wrong = SQUARE;
        wrong[1].x = f32::NAN;
        assert!(Homography::through(&SQUARE, &wrong).is_none());
    }
}
