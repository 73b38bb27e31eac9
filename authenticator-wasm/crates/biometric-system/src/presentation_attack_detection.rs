//! Presentation attack detection subsystem: one module per layer.
//!
//! Each layer is one signal among several; none of them is proof that a living person is there, and
//! nothing here may be described as more than what was measured.

pub(crate) mod capture_sanity;
pub(crate) mod continuity;
mod frozen_picture;
pub(crate) mod head_turn;
pub(crate) mod light;
mod report;
pub(crate) mod seed;
pub(crate) mod texture;
pub(crate) mod texture_verdict;

pub(crate) use frozen_picture::{FrozenPicture, Novelty};
pub(crate) use report::Transcript;
pub use report::{Layer, Report};
