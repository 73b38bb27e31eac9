//! The biometric system of ISO/IEC 27553-1 clause 6.2.1: one module per subsystem, no FIDO inside.
//!
//! Sans-I/O: frames, model files and times come in, guidance and decisions go out. No score, feature or
//! pixel leaves this crate; the only outcome of a comparison is a [`decision::Decision`].

pub mod comparison;
pub mod data_capture;
pub mod data_storage;
pub mod decision;
pub mod enrolment;
pub mod guidance;
pub mod model;
pub mod presentation_attack_detection;
pub mod signal_processing;
pub mod verification;

mod look;
mod observation;
#[cfg(feature = "test-support")]
pub mod test_support;

pub use data_capture::{Frame, FrameError};
pub use data_storage::{Reference, ReferenceError};
pub use decision::{CeremonyId, Decision, UserVerified};
pub use enrolment::{Enrolment, EnrolmentError};
pub use guidance::{FaceBox, Guidance, Light, Step};
pub use model::{BiometricSystem, LoadError, ModelFiles};
pub use signal_processing::features::LENGTH as FEATURE_LENGTH;
pub use verification::Verification;
