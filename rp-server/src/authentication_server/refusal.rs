//! Why the authentication server refuses, sorted by who is to blame.

use webauthn_rs::prelude::WebauthnError;

use super::CredentialId;
use crate::random::NoRandom;
use crate::store::StoreError;

/// A refusal. Callers outside learn the variant, never the reason: that goes to the log.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Not the JSON that WebAuthn Level 3 section 5.1 describes.
    #[error("malformed response: {0}")]
    Malformed(String),
    /// Unknown, expired, used, or begun by another browser.
    #[error("no such ceremony")]
    CeremonyUnknown,
    /// A check of the verification failed.
    #[error("verification failed: {0}")]
    Failed(&'static str),
    /// A check failed of which only the words came here: inside webauthn-rs, or at an authentication server on
    /// another machine.
    #[error("verification failed: {0}")]
    FailedElsewhere(String),
    /// Everything is in order, but the policy does not take this kind of authenticator. Told to the caller: a person
    /// must learn that another one is needed.
    #[error("the policy does not take this authenticator: {0}")]
    NotAllowed(&'static str),
    /// The credential is not registered here (any more).
    #[error("credential not registered")]
    UnknownCredential {
        /// The credential that was presented.
        credential: CredentialId,
        /// Tells the authentication agent so.
        statement: String,
    },
    /// Whoever holds the credential failed too often, and has to wait.
    #[error("too many failed attempts with the credential; {seconds} seconds to wait")]
    CredentialWaits {
        /// How long.
        seconds: u64,
    },
    /// Whoever holds the credential failed so often that it is disabled.
    #[error("the credential is disabled after too many failed attempts")]
    CredentialDisabled,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random numbers.
    #[error(transparent)]
    Random(#[from] NoRandom),
    /// Our own fault.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<WebauthnError> for Refusal {
    fn from(error: WebauthnError) -> Self {
        Self::FailedElsewhere(error.to_string())
    }
}
