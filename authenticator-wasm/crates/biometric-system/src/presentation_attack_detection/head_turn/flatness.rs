//! Whether one sheet explains the whole picture of a turned face, not only its landmarks.
//!
//! The frontal crop is carried onto the turned one by the map that fits best: a homography, as a tilted
//! plane makes it, and smooth terms for a sheet that is bent about an upright axis (Gauss-Newton on grey
//! values, with gain and offset of the light; Baker and Matthews, "Lucas-Kanade 20 Years On", 2004). A
//! print or screen agrees after that. A head does not agree around the nose, which covers one cheek and
//! uncovers the other.

use zeroize::Zeroizing;

use super::homography::Homography;
use crate::signal_processing::alignment::SIDE;
use crate::signal_processing::detection::Point;

/// The part of the template that is compared: from the brows to the mouth, without hair and background.
const INNER: [std::ops::Range<u8>; 2] = [26..86, 40..102];
/// The part whose agreement counts in the end: around the nose, where a head and a sheet differ most.
const NOSE: [std::ops::Range<u8>; 2] = [38..74, 46..90];
/// Distance of the pixels compared.
const STEP: usize = 2;
/// Iterations; more change little. In the first ones the sheet stays a plane.
const ITERATIONS: usize = 14;
const PLANE_ONLY: usize = 5;
/// Terms of a bent sheet.
const BENDS: usize = 4;
/// Unknowns: the homography's eight, the bends, gain and offset.
const UNKNOWNS: usize = 14;
/// Keeps an unknown where it is.
const STIFF: f64 = 1e15;
/// Middle of the template's face and a unit of length, for the bends.
const MIDDLE: [f64; 2] = [56.0, 72.0];
const UNIT: f64 = 35.0;

/// A face on the template: grey values of its crop, and its landmarks.
pub(super) struct View<'a> {
    pub(super) grey: &'a [f32],
    pub(super) landmarks: [Point; 5],
}

/// Correlation around the nose, -1 to 1, of the turned crop with the frontal one carried onto it by the
/// sheet that fits best. None when nothing fits.
pub(super) fn flatness(frontal: &View<'_>, turned: &View<'_>) -> Option<f32> {
    let plane = |points: &[Point; 5]| {
        let [a, b, _, c, d] = *points;
        [a, b, c, d]
    };
    let (from, onto) = (plane(&frontal.landmarks), plane(&turned.landmarks));
    // From the landmarks, and from the crops as they lie: one of them leads to the best fit.
    let starts = [
        Homography::through(&from, &onto),
        Homography::through(&from, &from),
    ];
    let (frontal, turned) = (blurred(frontal.grey), blurred(turned.grey));
    let ends = starts
        .into_iter()
        .flatten()
        .filter_map(|start| Map(start, [0.0; BENDS]).fit(&frontal, &turned));
    #[allow(clippy::as_conversions, reason = "a correlation")]
    ends.max_by(f64::total_cmp).map(|best| best as f32)
}

/// From template places of the frontal crop to those of the turned crop.
struct Map(Homography, [f64; BENDS]);

impl Map {
    /// The best correlation on the way from this map.
    fn fit(mut self, frontal: &[f32], turned: &[f32]) -> Option<f64> {
        let mut best: Option<f64> = None;
        for iteration in 0..ITERATIONS {
            let Some((correlation, step)) = self.compare(frontal, turned, iteration < PLANE_ONLY)
            else {
                break;
            };
            best = Some(best.map_or(correlation, |best| best.max(correlation)));
            let Some(next) = step.and_then(|step| self.moved(step)) else {
                break;
            };
            self = next;
        }
        best
    }

    /// Correlation under this map, and the Gauss-Newton step to a better one.
    fn compare(
        &self,
        frontal: &[f32],
        turned: &[f32],
        plane: bool,
    ) -> Option<(f64, Option<[f64; UNKNOWNS]>)> {
        let [xs, ys] = INNER;
        let mut normal = [[0.0_f64; UNKNOWNS]; UNKNOWNS];
        let mut right = [0.0_f64; UNKNOWNS];
        let mut moments = Moments::default();
        for y in ys.step_by(STEP) {
            for x in xs.clone().step_by(STEP) {
                let from = Point {
                    x: f32::from(x),
                    y: f32::from(y),
                };
                let Some((flat, derivative)) = self.0.derivative(from) else {
                    continue;
                };
                let bends = bends(from);
                let onto = self.bent(flat, bends);
                let (Some([model, ..]), Some([seen, dx, dy])) =
                    (sample(frontal, from), sample(turned, onto))
                else {
                    continue;
                };
                if NOSE[0].contains(&x) && NOSE[1].contains(&y) {
                    moments.add(model, seen);
                }
                let mut row = [0.0; UNKNOWNS];
                for (entry, [u, v]) in row.iter_mut().zip(derivative.into_iter().chain(bends)) {
                    *entry = dx * u + dy * v;
                }
                // The light: seen = gain * model + offset.
                let [.., gain, offset] = &mut row;
                (*gain, *offset) = (-model, -1.0);
                for (i, (line, a)) in normal.iter_mut().zip(row).enumerate() {
                    for (entry, b) in line.iter_mut().zip(row) {
                        *entry += a * b;
                    }
                    if let Some(right) = right.get_mut(i) {
                        *right -= a * seen;
                    }
                }
            }
        }
        if plane {
            for (i, line) in normal.iter_mut().enumerate().skip(8).take(BENDS) {
                if let Some(own) = line.get_mut(i) {
                    *own = STIFF;
                }
            }
        }
        Some((moments.correlation()?, solve(normal, right)))
    }

    /// The place that the bends make of that of the plane.
    #[allow(clippy::as_conversions, reason = "places on the template")]
    fn bent(&self, flat: Point, bends: [[f64; 2]; BENDS]) -> Point {
        let sum = |axis: usize| -> f64 {
            let terms = self.1.iter().zip(bends);
            terms
                .map(|(part, term)| part * term.get(axis).copied().unwrap_or_default())
                .sum()
        };
        Point {
            x: flat.x + sum(0) as f32,
            y: flat.y + sum(1) as f32,
        }
    }

    /// The map after a step. None for one that cannot be.
    fn moved(&self, step: [f64; UNKNOWNS]) -> Option<Self> {
        let (plane, rest) = step.split_first_chunk::<8>()?;
        let mut bends = self.1;
        for (bend, step) in bends.iter_mut().zip(rest) {
            *bend += step;
        }
        Some(Self(self.0.moved(*plane)?, bends))
    }
}

/// How a sheet bent about an upright axis moves a place, term by term.
fn bends(at: Point) -> [[f64; 2]; BENDS] {
    let [x, y] = [at.x, at.y].map(f64::from);
    let (x, y) = ((x - MIDDLE[0]) / UNIT, (y - MIDDLE[1]) / UNIT);
    let square = x * x;
    [
        [square, 0.0],
        [square * x, 0.0],
        [0.0, square],
        [0.0, square * y],
    ]
}

/// Sums for a correlation.
#[derive(Default)]
struct Moments {
    count: f64,
    a: f64,
    b: f64,
    aa: f64,
    bb: f64,
    ab: f64,
}

impl Moments {
    fn add(&mut self, a: f64, b: f64) {
        self.count += 1.0;
        self.a += a;
        self.b += b;
        self.aa += a * a;
        self.bb += b * b;
        self.ab += a * b;
    }

    /// None for too few pixels, or without any contrast.
    fn correlation(&self) -> Option<f64> {
        let n = self.count;
        let (aa, bb) = (self.aa - self.a * self.a / n, self.bb - self.b * self.b / n);
        let ab = self.ab - self.a * self.b / n;
        (n >= 250.0 && aa > n && bb > n).then(|| ab / (aa * bb).sqrt())
    }
}

/// Value and slopes at a place of a crop. None outside.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "hot loop, bounds are checked"
)]
fn sample(crop: &[f32], at: Point) -> Option<[f64; 3]> {
    let limit = (SIDE - 2) as f32;
    if !(at.x >= 0.0 && at.y >= 0.0 && at.x < limit && at.y < limit) {
        return None;
    }
    let (column, row) = (at.x as usize, at.y as usize);
    let (u, v) = (f64::from(at.x.fract()), f64::from(at.y.fract()));
    let value = |dx: usize, dy: usize| f64::from(crop[(row + dy) * SIDE + column + dx]);
    let (a, b, c, d) = (value(0, 0), value(1, 0), value(0, 1), value(1, 1));
    Some([
        (a * (1.0 - u) + b * u) * (1.0 - v) + (c * (1.0 - u) + d * u) * v,
        (b - a) * (1.0 - v) + (d - c) * v,
        (c - a) * (1.0 - u) + (d - b) * u,
    ])
}

/// The crop under a 5x5 binomial filter: noise and halftone go, features stay.
#[allow(
    clippy::indexing_slicing,
    reason = "hot loop inside a crop of fixed size"
)]
fn blurred(crop: &[f32]) -> Zeroizing<Vec<f32>> {
    const WEIGHTS: [f32; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];
    let pass = |from: &[f32], stride: usize| {
        let mut to = Zeroizing::new(from.to_vec());
        for y in 2..SIDE - 2 {
            for x in 2..SIDE - 2 {
                let at = y * SIDE + x;
                let taps = WEIGHTS.iter().enumerate();
                to[at] = taps
                    .map(|(i, w)| w * from[at + i * stride - 2 * stride])
                    .sum();
            }
        }
        to
    };
    if crop.len() != SIDE * SIDE {
        return Zeroizing::new(vec![0.0; SIDE * SIDE]);
    }
    let once = pass(crop, 1);
    pass(&once, SIDE)
}

/// Solves the normal equations by Cholesky's method, slightly damped. None when they are singular.
#[allow(clippy::indexing_slicing, reason = "fixed sizes")]
fn solve(
    mut normal: [[f64; UNKNOWNS]; UNKNOWNS],
    mut right: [f64; UNKNOWNS],
) -> Option<[f64; UNKNOWNS]> {
    for (i, line) in normal.iter_mut().enumerate() {
        line[i] *= 1.0 + 1e-6;
    }
    for i in 0..UNKNOWNS {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| normal[i][k] * normal[j][k]).sum();
            let rest = normal[i][j] - known;
            if i == j {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                normal[i][i] = rest.sqrt();
            } else {
                normal[i][j] = rest / normal[j][j];
            }
        }
    }
    for i in 0..UNKNOWNS {
        let known: f64 = (0..i).map(|k| normal[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / normal[i][i];
    }
    for i in (0..UNKNOWNS).rev() {
        let known: f64 = (i + 1..UNKNOWNS).map(|k| normal[k][i] * right[k]).sum();
        right[i] = (right[i] - known) / normal[i][i];
    }
    right.iter().all(|x| x.is_finite()).then_some(right)
}

#[cfg(test)]
mod tests;
