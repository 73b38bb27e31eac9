//! Presentation attacks and bona fide presentations, made from real video by a seed.
//!
//! Each presentation runs in a closed loop: it sees the screen (prompt and colour) and answers with pictures, as a
//! person or an attacker before a phone would. They are for regression: what is measured with them says nothing of
//! attacks made by hand in a laboratory.

#![allow(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a package for tests only, full of loops over pixels"
)]

pub mod actor;
pub mod head;
pub mod light;
pub mod material;
pub mod picture;
pub mod random;
pub mod session;
pub mod sheet;
pub mod species;
pub mod video;

use biometric_system::Guidance;

/// What the attacker or the person sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    /// The prompt that is shown.
    pub prompt: Guidance,
    /// The sRGB colour of the whole screen, if it shows one.
    pub light: Option<[u8; 3]>,
}

/// Somebody or something before the camera, or in its place.
pub trait Presentation {
    /// The camera's picture at `at_ms`, 640x480 RGBA, given what the screen shows. None when the presentation ends.
    fn picture(&mut self, at_ms: f64, screen: Screen) -> Option<Vec<u8>>;
}
