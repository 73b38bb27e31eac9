//! The filmed faces that presentations are made of: pieces of test videos, with the face found in each frame.

use std::path::PathBuf;
use std::sync::Arc;

use biometric_system::test_support::locate;
use biometric_system::{BiometricSystem, Frame};

use crate::head::{Head, Placement};
use crate::picture::{HEIGHT, Picture, WIDTH};
use crate::video;

/// One filmed frame and where its head is.
#[derive(Clone)]
pub struct Shot {
    /// As it was filmed.
    pub picture: Arc<Picture>,
    /// The head's place; the scale is that of the whole take.
    pub head: Placement,
}

/// One person filmed at one distance.
pub struct Take {
    /// Which of the men it is.
    pub person: Person,
    /// Looking ahead; may be played forth and back.
    pub ahead: Vec<Shot>,
    /// A turn to the person's own left and back, if it was filmed.
    pub left: Vec<Shot>,
    /// The same to the right.
    pub right: Vec<Shot>,
}

/// The people of the test videos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// The man of cap12 and cap13.
    First,
    /// The man of franck.
    Second,
}

impl Person {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// All takes, and the generic head.
pub struct Material {
    takes: Vec<Take>,
    /// The mesh that faces are put on.
    pub head: Head,
    /// A room without a person.
    pub room: Picture,
}

/// A folder of `target` that `cargo xtask setup` fills.
fn installed(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../target")
        .join(folder)
}

impl Material {
    /// Reads the test videos and finds the face in each frame that is used.
    ///
    /// # Errors
    /// A sentence when a video is not installed or shows no face where one should be.
    pub fn load(system: &BiometricSystem) -> Result<Self, String> {
        let piece = |name: &str, count: usize| shots(system, name, &(0..count).collect::<Vec<_>>());
        let takes = vec![
            take(
                Person::First,
                [
                    piece("cap12-ahead", 18)?,
                    piece("cap12-left", 22)?,
                    piece("cap12-right", 21)?,
                ],
            )?,
            take(
                Person::First,
                [
                    piece("cap12-far-ahead", 18)?,
                    piece("cap12-far-left", 21)?,
                    piece("cap12-far-right", 18)?,
                ],
            )?,
            take(
                Person::First,
                [
                    piece("cap13-ahead", 18)?,
                    piece("cap13-left", 21)?,
                    Vec::new(),
                ],
            )?,
            take(
                Person::Second,
                [piece("franck-ahead", 18)?, Vec::new(), Vec::new()],
            )?,
        ];
        let room = video::read(&installed("test-media").join("no-face.y4m"), &[0])?;
        Ok(Self {
            takes,
            head: Head::default(),
            room: room.into_iter().next().ok_or("no-face.y4m has no frame")?,
        })
    }

    /// The takes of a person.
    pub fn of(&self, person: Person) -> Vec<&Take> {
        self.takes
            .iter()
            .filter(|take| take.person == person)
            .collect()
    }

    /// All takes.
    pub fn takes(&self) -> &[Take] {
        &self.takes
    }
}

/// A frame with what was measured in it: landmarks and pose.
type Found = (Picture, [[f32; 2]; 5], [f32; 3]);

fn shots(system: &BiometricSystem, name: &str, numbers: &[usize]) -> Result<Vec<Found>, String> {
    let path = installed("test-media").join(format!("{name}.y4m"));
    let mut found = Vec::new();
    for picture in video::read(&path, numbers)? {
        let frame = Frame::new(WIDTH as u32, HEIGHT as u32, picture.rgba(), 0.0)
            .map_err(|error| error.to_string())?;
        let (landmarks, pose) =
            locate(system, &frame).ok_or(format!("{name}: a frame shows no face"))?;
        found.push((picture, landmarks, pose));
    }
    Ok(found)
}

/// The scale of a take is the middle distance of the eyes while looking ahead.
fn take(person: Person, [ahead, left, right]: [Vec<Found>; 3]) -> Result<Take, String> {
    let eyes = |(_, [right, left, ..], _): &Found| (left[0] - right[0]).hypot(left[1] - right[1]);
    let mut distances: Vec<f32> = ahead.iter().map(eyes).collect();
    distances.sort_by(f32::total_cmp);
    let scale = *distances
        .get(distances.len() / 2)
        .ok_or("a take without frames")?;
    let shot = |(picture, landmarks, pose): Found| Shot {
        head: Placement::of(&landmarks, pose, scale),
        picture: Arc::new(picture),
    };
    let shots = |found: Vec<Found>| found.into_iter().map(shot).collect();
    Ok(Take {
        person,
        ahead: shots(ahead),
        left: shots(left),
        right: shots(right),
    })
}
