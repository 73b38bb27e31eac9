//! What the device shares with other tests that need a real look: a filmed man before the camera.

pub mod camera;
