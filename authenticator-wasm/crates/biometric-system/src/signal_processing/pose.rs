//! Head pose, estimated roughly from the five landmarks; used for guidance, never for identity.

use crate::signal_processing::detection::Point;

/// How far the nose tip stands out before the plane of eyes and mouth, in eye distances.
const NOSE_DEPTH: f32 = 0.5;

/// Where the nose tip lies between the eyes (0) and the mouth (1) when the head is level.
const NOSE_HEIGHT: f32 = 0.55;

/// Angles in degrees, good to about five.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pose {
    /// Positive when the head is turned to the person's own left.
    pub(crate) yaw: f32,
    /// Positive when the chin goes up.
    pub(crate) pitch: f32,
    /// Positive when the head leans to the person's own left shoulder.
    pub(crate) roll: f32,
}

impl Pose {
    /// The pose of a face whose landmarks are given in an unmirrored frame.
    pub(crate) fn of(landmarks: &[Point; 5]) -> Self {
        let [right_eye, left_eye, nose, right_mouth, left_mouth] = *landmarks;
        let (across_x, across_y) = (left_eye.x - right_eye.x, left_eye.y - right_eye.y);
        let width = across_x.hypot(across_y).max(f32::EPSILON);
        let (eyes, mouth) = (right_eye.middle(left_eye), right_mouth.middle(left_mouth));
        // Axes of the face as seen: across from the right to the left eye, and down at a right angle.
        let (ux, uy) = (across_x / width, across_y / width);
        let along = |p: Point| {
            (
                (p.x - eyes.x) * ux + (p.y - eyes.y) * uy,
                (p.y - eyes.y) * ux - (p.x - eyes.x) * uy,
            )
        };
        let (nose_across, nose_down) = along(nose);
        let (mouth_across, mouth_down) = along(mouth);
        let mouth_down = mouth_down.max(f32::EPSILON);
        let part = (nose_down / mouth_down).clamp(0.0, 1.0);
        // Measured from the line between eyes and mouth, so that a leaning head does not look turned.
        let aside = (nose_across - part * mouth_across) / width;
        Self {
            yaw: (aside / NOSE_DEPTH).atan().to_degrees(),
            pitch: ((NOSE_HEIGHT - nose_down / mouth_down) / NOSE_DEPTH)
                .atan()
                .to_degrees(),
            roll: across_y.atan2(across_x).to_degrees(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::alignment::TEMPLATE;

    fn rotated(landmarks: [Point; 5], degrees: f32) -> [Point; 5] {
        let (sin, cos) = degrees.to_radians().sin_cos();
        landmarks.map(|p| Point {
            x: p.x * cos - p.y * sin,
            y: p.x * sin + p.y * cos,
        })
    }

    #[test]
    fn the_template_looks_ahead() {
        let pose = Pose::of(&TEMPLATE);
        assert!(
            pose.yaw.abs() < 3.0 && pose.pitch.abs() < 8.0 && pose.roll.abs() < 1.0,
            "{pose:?}"
        );
    }

    #[test]
    fn the_signs_are_the_persons_own() {
        let mut left = TEMPLATE;
        left[2].x += 8.0; // in an unmirrored frame the person's left is to the right
        assert!(Pose::of(&left).yaw > 10.0);
        let mut up = TEMPLATE;
        up[2].y -= 8.0;
        assert!(Pose::of(&up).pitch > 5.0);
    }

    #[test]
    fn leaning_changes_roll_only() {
        let (straight, leaning) = (Pose::of(&TEMPLATE), Pose::of(&rotated(TEMPLATE, 20.0)));
        assert!((leaning.roll - straight.roll - 20.0).abs() < 0.5);
        assert!((leaning.yaw - straight.yaw).abs() < 0.5);
        assert!((leaning.pitch - straight.pitch).abs() < 0.5);
    }
}
