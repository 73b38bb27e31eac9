//! A sheet in space that carries a picture: flat, or bent around an upright cylinder towards the camera.

use crate::light::{BACKGROUND, Shade};
use crate::picture::{HEIGHT, Picture, WIDTH, to_bytes};

/// Distance from the camera in eye distances, as for heads.
const CAMERA: f32 = 8.0;

/// Where the sheet is and what part of a picture it shows. Lengths are in eye distances of the printed face.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Place of its middle in the camera's picture, in pixels.
    pub origin: [f32; 2],
    /// Pixels in an eye distance.
    pub scale: f32,
    /// Yaw, pitch and roll in degrees, with the signs of a head's.
    pub pose: [f32; 3],
    /// Half its width and height.
    pub half: [f32; 2],
    /// Radius when bent.
    pub radius: Option<f32>,
    /// Place in the printed picture that lies in its middle, in pixels.
    pub centre: [f32; 2],
    /// Pixels of the printed picture in an eye distance.
    pub density: f32,
}

impl Sheet {
    /// The sheet with `picture` on it before `behind`, and what each pixel answers to the screen's light.
    pub fn draw(&self, picture: &Picture, behind: &Picture) -> (Picture, Shade) {
        let mut out = behind.clone();
        let mut shade = Shade::even(BACKGROUND);
        let axes = self.axes();
        for row in 0..HEIGHT {
            for column in 0..WIDTH {
                let x = (column as f32 - self.origin[0]) / self.scale;
                let y = (row as f32 - self.origin[1]) / self.scale;
                if let Some((u, v, facing)) = self.hit(&axes, [x, y]) {
                    let at = row * WIDTH + column;
                    let (x, y) = (
                        self.centre[0] + u * self.density,
                        self.centre[1] + v * self.density,
                    );
                    out.0[at] = to_bytes(picture.sample(x, y));
                    shade.0[at] = facing;
                }
            }
        }
        (out, shade)
    }

    /// The sheet's own axes in the camera's directions.
    fn axes(&self) -> [[f32; 3]; 3] {
        let [yaw, pitch, roll] = self.pose.map(|degrees| degrees.to_radians().sin_cos());
        let turn = |[x, y, z]: [f32; 3]| {
            let (y, z) = (y * pitch.1 - z * pitch.0, z * pitch.1 + y * pitch.0);
            let (x, z) = (x * yaw.1 + z * yaw.0, z * yaw.1 - x * yaw.0);
            [x * roll.1 - y * roll.0, y * roll.1 + x * roll.0, z]
        };
        [
            turn([1.0, 0.0, 0.0]),
            turn([0.0, 1.0, 0.0]),
            turn([0.0, 0.0, 1.0]),
        ]
    }

    /// Where the ray through a place of the picture meets the sheet: along it, down it, and how it faces the screen.
    fn hit(&self, axes: &[[f32; 3]; 3], [x, y]: [f32; 2]) -> Option<(f32, f32, f32)> {
        let [across, down, out] = axes;
        let along = |axis: &[f32; 3]| axis[0] * x + axis[1] * y - axis[2] * CAMERA;
        let from = [across[2] * CAMERA, down[2] * CAMERA, out[2] * CAMERA];
        let along = [along(across), along(down), along(out)];
        let (t, u, normal) = match self.radius {
            None => {
                let t = -from[2] / along[2];
                (t, from[0] + t * along[0], [0.0_f32, 0.0, 1.0])
            }
            Some(radius) => {
                let (z, a) = (from[2] + radius, along[0].powi(2) + along[2].powi(2));
                let half = from[0] * along[0] + z * along[2];
                let root = half * half - a * (from[0].powi(2) + z * z - radius * radius);
                let t = (-half - (root >= 0.0).then(|| root.sqrt())?) / a;
                let (px, pz) = (from[0] + t * along[0], z + t * along[2]);
                (t, radius * px.atan2(pz), [px / radius, 0.0, pz / radius])
            }
        };
        let v = from[1] + t * along[1];
        if u.abs() > self.half[0] || v.abs() > self.half[1] {
            return None;
        }
        let facing = normal[0] * across[2] + normal[2] * out[2];
        let depth = CAMERA * (1.0 - t);
        Some((u, v, facing.max(0.0) * (CAMERA / (CAMERA - depth)).powi(2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(yaw: f32, radius: Option<f32>) -> Sheet {
        Sheet {
            origin: [320.0, 240.0],
            scale: 80.0,
            pose: [yaw, 0.0, 0.0],
            half: [2.0, 2.0],
            radius,
            centre: [320.0, 240.0],
            density: 80.0,
        }
    }

    fn hit(sheet: &Sheet, x: f32, y: f32) -> Option<(f32, f32, f32)> {
        sheet.hit(&sheet.axes(), [x, y])
    }

    #[test]
    fn a_flat_sheet_that_faces_the_camera_shows_its_picture_as_it_is() {
        let picture = Picture::drawn(|x, y| [x / 4.0, y / 2.0, 9.0]);
        let (drawn, shade) = sheet(0.0, None).draw(&picture, &Picture::plain([0; 3]));
        let at = 200 * WIDTH + 250;
        assert!(
            drawn.0[at]
                .iter()
                .zip(picture.0[at])
                .all(|(a, b)| a.abs_diff(b) <= 1)
        );
        assert!((shade.0[at] - 1.0).abs() < 1e-3);
        assert_eq!((drawn.0[0], shade.0[0]), ([0; 3], BACKGROUND));
    }

    #[test]
    fn the_far_side_of_a_turned_sheet_is_smaller() {
        // Turned to the person's left: the right side of the picture goes away from the camera.
        let sheet = sheet(30.0, None);
        let (near, far) = (
            hit(&sheet, -0.8, 0.0).unwrap(),
            hit(&sheet, 0.8, 0.0).unwrap(),
        );
        assert!(
            far.0 > -near.0 && (near.2 - far.2) > 0.0,
            "{near:?} {far:?}"
        );
    }

    #[test]
    fn a_bent_sheet_turns_away_at_its_sides() {
        let sheet = sheet(0.0, Some(1.2));
        let (middle, side) = (
            hit(&sheet, 0.0, 0.3).unwrap(),
            hit(&sheet, 0.9, 0.3).unwrap(),
        );
        assert!((middle.2 - 1.0).abs() < 0.01 && side.2 < 0.8);
        // The arc is longer than its chord.
        assert!(side.0 > 0.95, "{side:?}");
        assert!(hit(&sheet, 1.4, 0.0).is_none());
    }
}
