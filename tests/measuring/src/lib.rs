//! What measuring programs share: the installed models, seeded numbers, exact bounds, progress.

#![allow(
    clippy::as_conversions,
    reason = "for measuring programs: counts become parts of a whole"
)]

pub mod bounds;
pub mod models;
pub mod progress;
pub mod random;
