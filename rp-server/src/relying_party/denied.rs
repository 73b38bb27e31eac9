//! Why the relying party denies a call.

use super::HookError;
use crate::authentication_server::Refusal;
use crate::random::NoRandom;
use crate::store::StoreError;

/// A denial. What the caller learns of it is decided at the HTTP boundary.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// The account name breaks a rule.
    #[error("account name: {0}")]
    InvalidName(&'static str),
    /// The account exists, and this is not its session.
    #[error("the account name is taken")]
    NameTaken,
    /// The application's hook allows no account of this name.
    #[error("the application does not allow this registration")]
    RegistrationNotAllowed,
    /// The application's hook failed.
    #[error("a hook failed: {0}")]
    Hook(HookError),
    /// There is no session, or it has ended.
    #[error("not signed in")]
    NotSignedIn,
    /// The last user verification is too long ago for this call.
    #[error("the session is not fresh")]
    SessionStale,
    /// No such thing, or not yours.
    #[error("not found")]
    NotFound,
    /// The authentication server refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// No random numbers.
    #[error(transparent)]
    Random(#[from] NoRandom),
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NameTaken => Self::NameTaken,
            // The record changed under a verified response: the response does not fit any more.
            StoreError::Conflict => Self::Refused(Refusal::Failed("the record changed meanwhile")),
            other => Self::Store(other),
        }
    }
}
