//! The authentication agent of ISO/IEC 27553-1 (6.2.3): the policy and the ceremony state of the
//! authenticator, without I/O, clock, randomness, storage or async.
//!
//! A ceremony is a chain of values, one type per thing awaited, and each method consumes its state:
//!
//! ```no_run
//! use authentication_agent::{Consent, Environment, Error, registration};
//! use biometric_system::{Reference, UserVerified};
//! use secret::Secret;
//!
//! fn register(
//!     origin: &str,
//!     options_json: &str,
//!     consent: Consent,
//!     enrol: impl FnOnce() -> (Reference, UserVerified),
//!     env: &mut impl Environment,
//! ) -> Result<Option<Secret<String>>, Error> {
//!     let state = registration::begin(origin, options_json)?;
//!     let state = state.consented(consent)?;
//!     let registration::AwaitSamples::Enrol(state) = state.with_credentials(Vec::new())? else {
//!         return Ok(None);
//!     };
//!     let (reference, proof) = enrol();
//!     let state = state.enrolled(reference, proof, env)?;
//!     let _sealed_and_stored = state.record().to_cbor()?;
//!     state.stored().map(Some)
//! }
//! ```
//!
//! An order of events that the flow does not allow does not compile:
//!
//! ```compile_fail,E0599
//! // Nobody reaches a credential without consent.
//! # use authentication_agent::registration;
//! let state = registration::begin("https://rp.example", "{}").unwrap();
//! state.with_credentials(Vec::new());
//! ```
//! ```compile_fail,E0382
//! // A state is used once.
//! # use authentication_agent::{authentication, CredentialRecord};
//! # fn f(state: authentication::AwaitCredentials, records: Vec<CredentialRecord>) {
//! let first = state.with_credentials(records);
//! let second = state.with_credentials(Vec::new());
//! # }
//! ```
//! ```compile_fail,E0382
//! // One look before the camera signs once.
//! # use authentication_agent::{authentication::AwaitVerification, Environment};
//! # use biometric_system::UserVerified;
//! # fn f(a: AwaitVerification, b: AwaitVerification, proof: UserVerified, env: &mut impl Environment) {
//! let first = a.verified(proof, env);
//! let second = b.verified(proof, env);
//! # }
//! ```
//! ```compile_fail,E0277
//! // "Yes" is not a proof.
//! # use authentication_agent::{authentication::AwaitVerification, Environment};
//! # fn f(state: AwaitVerification, env: &mut impl Environment) {
//! let signed = state.verified(From::from(true), env);
//! # }
//! ```
//! ```compile_fail,E0599
//! // No response before the record is stored.
//! # use authentication_agent::registration::AwaitEnrolment;
//! # fn f(state: AwaitEnrolment) {
//! let response = state.stored();
//! # }
//! ```

pub mod attempts;
pub mod authentication;
pub mod consent;
pub mod ctap;
pub mod deregistration;
pub mod registration;

mod authenticator;
mod client_data;
mod credential_key;
mod credential_record;
mod encoding;
mod environment;
mod error;
mod options;
mod origin;
mod response;

pub use authenticator::AAGUID;
pub use consent::Consent;
pub use credential_record::{CredentialRecord, MODE};
pub use encoding::{exposed, to_secret_json};
pub use environment::Environment;
pub use error::Error;
pub use origin::{Origin, RpId};

#[cfg(test)]
mod test_support;
