//! What a turned head shows and a plane cannot: the nose tip leaves the place the plane gives it.

use super::homography::Homography;
use crate::signal_processing::detection::Point;

/// How far the nose tip stands aside of where the plane of eyes and mouth would carry it, in eye
/// distances of the turned face, along the line of its eyes; positive to the person's own left.
///
/// Eyes and mouth corners lie nearly in a plane. Their homography from the frontal to the turned picture
/// carries every point of that plane exactly, so a flat picture gives zero at any tilt; the nose tip of a
/// head lies before the plane and moves by about its depth times the sine of the turn. None when the
/// points have no homography.
pub(super) fn parallax(frontal: &[Point; 5], turned: &[Point; 5]) -> Option<f32> {
    let [right, left, nose, right_mouth, left_mouth] = *turned;
    let [a, b, frontal_nose, c, d] = *frontal;
    let plane = Homography::through(&[a, b, c, d], &[right, left, right_mouth, left_mouth])?;
    let flat = plane.apply(frontal_nose)?;
    let width = right.distance(left);
    let (ux, uy) = ((left.x - right.x) / width, (left.y - right.y) / width);
    let aside = ((nose.x - flat.x) * ux + (nose.y - flat.y) * uy) / width;
    aside.is_finite().then_some(aside)
}
