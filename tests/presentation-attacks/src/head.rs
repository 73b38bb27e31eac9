//! A generic head that carries a filmed face: turned, seen in perspective, and lit from the screen.
//!
//! Lengths are in distances between the eyes. The origin lies on the head's axis, at the height midway between eyes
//! and mouth; x goes to the right of the picture, y down, z to the camera.

use crate::light::{BACKGROUND, Shade};
use crate::picture::{HEIGHT, Picture, WIDTH, to_bytes};
use crate::random::Random;

/// Half axes of the skull's ellipsoid (head breadth, height and length of adults over the distance of the eyes).
const HALF: [f32; 3] = [1.22, 1.85, 1.45];
/// Where the ellipsoid is cut by the plane through eyes and mouth corners, measured along z.
const PLANE: f32 = 1.27;
/// Half the way from the eyes to the mouth.
const HALF_FACE: f32 = 0.55;
/// Distance from the camera: about half a metre.
const CAMERA: f32 = 8.0;
/// Vertices around and down.
const AROUND: usize = 88;
const DOWN: usize = 64;
/// The mesh goes this far around to either side, in radians; beyond it the head's own back is never seen.
const REACH: f32 = 2.1;

/// Where a head is and how it is held.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    /// The head's origin in the picture, in pixels.
    pub origin: [f32; 2],
    /// Pixels in a distance between the eyes.
    pub scale: f32,
    /// Yaw (to the person's own left, the picture's right), pitch (chin up) and roll, in degrees.
    pub pose: [f32; 3],
}

impl Placement {
    /// Fits the head to the five landmarks of a picture, given the distance of the eyes when it looks ahead.
    pub fn of(landmarks: &[[f32; 2]; 5], pose: [f32; 3], scale: f32) -> Self {
        let [right_eye, left_eye, _, right_mouth, left_mouth] = landmarks;
        let middle = |i: usize| (right_eye[i] + left_eye[i] + right_mouth[i] + left_mouth[i]) / 4.0;
        let mut placement = Self {
            origin: [0.0; 2],
            scale,
            // The height of the nose tells the pitch badly: noses differ more than that.
            pose: [pose[0], 0.0, pose[2]],
        };
        let [x, y, _] = placement.project([0.0, 0.0, PLANE]);
        placement.origin = [middle(0) - x, middle(1) - y];
        placement
    }

    /// The same head, turned and nodded further by so many degrees.
    pub fn turned(mut self, [yaw, pitch]: [f32; 2]) -> Self {
        self.pose[0] += yaw;
        self.pose[1] += pitch;
        self
    }

    /// The place in the picture of another head that a place on this one corresponds to, when both are seen from
    /// the same side.
    pub fn onto(&self, other: &Self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (sin, cos) = (other.pose[2] - self.pose[2]).to_radians().sin_cos();
        let size = other.scale / self.scale;
        let (x, y) = ((x - self.origin[0]) * size, (y - self.origin[1]) * size);
        [
            other.origin[0] + x * cos - y * sin,
            other.origin[1] + y * cos + x * sin,
        ]
    }

    /// Where the middle of an eye is in the picture: -1 for the person's right one, 1 for the left.
    pub fn eye(&self, side: f32) -> [f32; 2] {
        let [x, y, _] = self.project([0.5 * side, -HALF_FACE, PLANE]);
        [x, y]
    }

    /// Turns a vector of the head into the camera's directions.
    fn turn(&self, [x, y, z]: [f32; 3]) -> [f32; 3] {
        let [yaw, pitch, roll] = self.pose.map(|degrees| degrees.to_radians().sin_cos());
        let (y, z) = (y * pitch.1 - z * pitch.0, z * pitch.1 + y * pitch.0);
        let (x, z) = (x * yaw.1 + z * yaw.0, z * yaw.1 - x * yaw.0);
        [x * roll.1 - y * roll.0, y * roll.1 + x * roll.0, z]
    }

    /// Pixels and depth of a point of the head.
    fn project(&self, point: [f32; 3]) -> [f32; 3] {
        let [x, y, z] = self.turn(point);
        let size = self.scale * CAMERA / (CAMERA - (z - PLANE));
        [self.origin[0] + x * size, self.origin[1] + y * size, z]
    }
}

/// A point of the solid head.
struct Vertex {
    point: [f32; 3],
    normal: [f32; 3],
    /// How much of it is head: chin and crown fade into neck and hair.
    cover: f32,
}

/// A generic head: the solid that light falls on, and the sheet of picture that is stretched over its front.
pub struct Head {
    solid: Vec<Vertex>,
    /// Points of the front; their `cover` is the part of the head's movement that they follow: all on the face, none
    /// beside it, so that hair, ears and neck are drawn along and the picture stays whole.
    sheet: Vec<Vertex>,
}

/// The light of a room: some from everywhere, the rest from one side. It stays where it is when the head turns, which
/// changes the look of a nose more than its place does.
#[derive(Clone, Copy, Debug)]
pub struct Lamp {
    towards: [f32; 3],
    /// Part of the light that comes from everywhere.
    even: f32,
}

impl Lamp {
    /// A window or lamp before the person, to either side and above the eyes.
    pub fn new(random: &mut Random) -> Self {
        let (aside, above) = (random.between(-1.2, 1.2), random.between(-0.9, -0.2));
        Self {
            towards: unit([aside, above, 1.0]),
            even: random.between(0.35, 0.65),
        }
    }

    /// The light on a surface that faces so, in camera directions; 1 where it faces the lamp.
    fn on(&self, normal: [f32; 3]) -> f32 {
        let facing: f32 = normal.iter().zip(self.towards).map(|(n, l)| n * l).sum();
        self.even + (1.0 - self.even) * facing.max(0.0)
    }
}

/// What a drawn triangle leaves of one pixel.
#[derive(Clone, Copy)]
struct Fragment {
    depth: f32,
    /// Texture place in pixels and how much brighter it has become, or shade and cover.
    values: [f32; 3],
}

/// A projected vertex: place in pixels, and what it leaves.
type Corner = (f32, f32, Fragment);

impl Default for Head {
    fn default() -> Self {
        let part = |i: usize, count: usize| i as f32 / (count - 1) as f32;
        let grid =
            || (0..DOWN).flat_map(|j| (0..AROUND).map(move |i| (part(i, AROUND), part(j, DOWN))));
        let solid = grid().map(|(i, j)| {
            let (around, down) = (REACH * (2.0 * i - 1.0), 2.62 * j - 1.35);
            Vertex {
                point: surface(around, down),
                normal: normal(around, down),
                cover: fade(down, -1.3, -1.05) * fade(-down, -1.22, -0.98),
            }
        });
        let sheet = grid().map(|(i, j)| {
            let (x, y) = (
                1.5 * HALF[0] * (2.0 * i - 1.0),
                1.5 * HALF[1] * (2.0 * j - 1.0),
            );
            let radius = (x / HALF[0]).hypot(y / HALF[1]);
            let inner = (0.97 / radius.max(1e-6)).min(1.0);
            let down = (y * inner / HALF[1]).asin();
            let around = (x * inner / HALF[0] / down.cos()).clamp(-1.0, 1.0).asin();
            Vertex {
                point: [x, y, surface(around, down)[2]],
                normal: normal(around, down),
                cover: fade(-radius, -1.45, -0.85),
            }
        });
        Self {
            solid: solid.collect(),
            sheet: sheet.collect(),
        }
    }
}

/// 0 at `from`, 1 at `to`, smooth between.
fn fade(value: f32, from: f32, to: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The head's surface: an ellipsoid with a nose, sockets and lips.
fn surface(around: f32, down: f32) -> [f32; 3] {
    let x = HALF[0] * around.sin() * down.cos();
    let y = HALF[1] * down.sin();
    let mut z = HALF[2] * around.cos() * down.cos();
    if around.abs() < 1.4 {
        // From the root between the eyes the ridge rises to the tip, and falls steeply to the lip.
        let ridge = fade(y, -0.62, 0.1) * fade(-y, -0.34, -0.16);
        let side = 0.12 + 0.08 * fade(y, -0.4, 0.12);
        z += 0.31 * ridge * (-(x / side).powi(2)).exp();
        let socket = |at: f32| (-((x - at) / 0.2).powi(2) - ((y + HALF_FACE) / 0.14).powi(2)).exp();
        z -= 0.09 * (socket(0.5) + socket(-0.5));
        z += 0.06 * (-(x / 0.3).powi(2) - ((y - HALF_FACE) / 0.13).powi(2)).exp();
    }
    [x, y, z]
}

/// The direction away from the head's surface.
fn normal(around: f32, down: f32) -> [f32; 3] {
    let step = 0.01;
    let (a, b) = (surface(around + step, down), surface(around - step, down));
    let (c, d) = (surface(around, down + step), surface(around, down - step));
    unit(cross(subtract(a, b), subtract(c, d)))
}

fn subtract(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|i| a[i] - b[i])
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn unit(v: [f32; 3]) -> [f32; 3] {
    let length = v
        .iter()
        .map(|part| part * part)
        .sum::<f32>()
        .sqrt()
        .max(1e-6);
    v.map(|part| part / length)
}

impl Head {
    /// The head of `picture`, filmed as `filmed` says, held as `shown` says in the light of `lamp`. With what each
    /// pixel answers to the screen's light.
    pub fn draw(
        &self,
        picture: &Picture,
        filmed: &Placement,
        shown: &Placement,
        lamp: &Lamp,
    ) -> (Picture, Shade) {
        let corners = self.sheet.iter().map(|vertex| {
            let (point, part) = (vertex.point, vertex.cover);
            let [from_x, from_y, _] = filmed.project(point);
            let [to_x, to_y, depth] = shown.project(point);
            let (x, y) = (
                from_x + part * (to_x - from_x),
                from_y + part * (to_y - from_y),
            );
            let [before, after] = [filmed, shown].map(|held| lamp.on(held.turn(vertex.normal)));
            let values = [from_x, from_y, 1.0 + part * (after / before - 1.0)];
            (x, y, Fragment { depth, values })
        });
        let mut out = picture.clone();
        for (pixel, fragment) in out.0.iter_mut().zip(filled(&corners.collect::<Vec<_>>())) {
            if fragment.depth > f32::NEG_INFINITY {
                let [x, y, brighter] = fragment.values;
                // About the power law of sRGB: light that doubles does not double the byte.
                let factor = brighter.powf(1.0 / 2.2);
                *pixel = to_bytes(picture.sample(x, y).map(|byte| byte * factor));
            }
        }
        (out, self.shade(shown))
    }

    /// What each pixel of a filmed picture answers to the screen's light, by the head that stands there.
    pub fn shade(&self, shown: &Placement) -> Shade {
        // The screen stands around the camera or just below it.
        let screen = unit([0.0, 0.12, 1.0]);
        let corners = self.solid.iter().map(|vertex| {
            let [x, y, depth] = shown.project(vertex.point);
            let facing: f32 = shown
                .turn(vertex.normal)
                .iter()
                .zip(screen)
                .map(|(n, l)| n * l)
                .sum();
            let near = (CAMERA / (CAMERA - (depth - PLANE))).powi(2);
            let values = [facing.max(0.0) * near, vertex.cover, 0.0];
            (x, y, Fragment { depth, values })
        });
        let of = |f: Fragment| BACKGROUND + f.values[1] * (f.values[0] - BACKGROUND);
        Shade(
            filled(&corners.collect::<Vec<_>>())
                .into_iter()
                .map(of)
                .collect(),
        )
    }
}

/// Draws a grid of corners with a depth buffer.
fn filled(corners: &[Corner]) -> Vec<Fragment> {
    let empty = Fragment {
        depth: f32::NEG_INFINITY,
        values: [0.0; 3],
    };
    let mut buffer = vec![empty; WIDTH * HEIGHT];
    for j in 1..DOWN {
        for i in 1..AROUND {
            let at = j * AROUND + i;
            let [a, b, c, d] = [at - AROUND - 1, at - AROUND, at - 1, at].map(|k| corners[k]);
            triangle(&mut buffer, [a, b, c]);
            triangle(&mut buffer, [b, d, c]);
        }
    }
    buffer
}

/// Fills one triangle; those turned away are left out.
fn triangle(buffer: &mut [Fragment], [a, b, c]: [Corner; 3]) {
    let area = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
    if area <= 1e-6 {
        return;
    }
    let low = |p: f32, q: f32, r: f32| p.min(q).min(r).ceil().max(0.0) as usize;
    let high = |p: f32, q: f32, r: f32, end: usize| {
        (p.max(q).max(r).floor().max(-1.0) + 1.0).min(end as f32) as usize
    };
    for y in low(a.1, b.1, c.1)..high(a.1, b.1, c.1, HEIGHT) {
        for x in low(a.0, b.0, c.0)..high(a.0, b.0, c.0, WIDTH) {
            let (px, py) = (x as f32, y as f32);
            let of_b = ((px - a.0) * (c.1 - a.1) - (py - a.1) * (c.0 - a.0)) / area;
            let of_c = ((b.0 - a.0) * (py - a.1) - (b.1 - a.1) * (px - a.0)) / area;
            let of_a = 1.0 - of_b - of_c;
            if of_a < 0.0 || of_b < 0.0 || of_c < 0.0 {
                continue;
            }
            let mix = |part: fn(&Fragment) -> f32| {
                of_a * part(&a.2) + of_b * part(&b.2) + of_c * part(&c.2)
            };
            let place = &mut buffer[y * WIDTH + x];
            let depth = mix(|f| f.depth);
            if depth > place.depth {
                *place = Fragment {
                    depth,
                    values: [
                        mix(|f| f.values[0]),
                        mix(|f| f.values[1]),
                        mix(|f| f.values[2]),
                    ],
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placement(yaw: f32) -> Placement {
        Placement {
            origin: [320.0, 240.0],
            scale: 75.0,
            pose: [yaw, 0.0, 0.0],
        }
    }

    /// The tip of the nose, where it lies deepest before the face.
    fn tip() -> [f32; 3] {
        (0..200)
            .map(|i| surface(0.0, -0.2 + i as f32 * 0.003))
            .max_by(|a, b| a[2].total_cmp(&b[2]))
            .unwrap()
    }

    #[test]
    fn the_nose_stands_out_as_noses_do() {
        let tip = tip();
        assert!((0.38..0.52).contains(&(tip[2] - PLANE)), "{tip:?}");
        assert!((0.0..0.3).contains(&tip[1]), "{tip:?}");
        for (x, y) in [(0.5, -HALF_FACE), (0.4, HALF_FACE)] {
            let down = (y / HALF[1]).asin();
            let around = (x / HALF[0] / down.cos()).asin();
            assert!((surface(around, down)[2] - PLANE).abs() < 0.12);
        }
    }

    #[test]
    fn a_turn_to_the_left_moves_the_nose_to_the_right_of_the_picture() {
        let ahead = placement(0.0).project(tip())[0];
        let left = placement(20.0).project(tip())[0];
        assert!(left > ahead + 30.0, "{ahead} {left}");
    }

    #[test]
    fn a_head_that_does_not_turn_is_drawn_as_it_was_filmed() {
        let picture = Picture::drawn(|x, y| [x / 3.0, y / 2.0, (x + y) / 6.0]);
        let (held, lamp) = (placement(5.0), Lamp::new(&mut Random::new(4)));
        let (drawn, shade) = Head::default().draw(&picture, &held, &held, &lamp);
        let worst = (150..330)
            .flat_map(|y| (250..390).map(move |x| y * WIDTH + x))
            .map(|at| {
                (0..3)
                    .map(|i| drawn.0[at][i].abs_diff(picture.0[at][i]))
                    .max()
                    .unwrap()
            });
        assert!(worst.max().unwrap() <= 3);
        let forehead = shade.0[180 * WIDTH + 325];
        assert!(forehead > 0.8, "the forehead faces the screen");
        assert!(
            shade.0[260 * WIDTH + 245] < 0.7 * forehead,
            "the cheek's edge does not"
        );
        assert_eq!(shade.0[0], BACKGROUND);
    }

    #[test]
    fn a_side_that_turns_to_the_lamp_becomes_brighter() {
        let lamp = Lamp {
            towards: unit([-1.0, 0.0, 0.6]), // on the left of the picture
            even: 0.5,
        };
        let (picture, head) = (Picture::plain([120; 3]), Head::default());
        let forehead = |yaw: f32| {
            let (drawn, _) = head.draw(&picture, &placement(0.0), &placement(yaw), &lamp);
            let [x, y, _] = placement(yaw).project(surface(0.0, -0.5));
            assert_eq!(drawn.0[0], [120; 3]);
            drawn.0[y as usize * WIDTH + x as usize][0]
        };
        assert!(forehead(-20.0) > 125 && forehead(20.0) < 115);
    }
}
