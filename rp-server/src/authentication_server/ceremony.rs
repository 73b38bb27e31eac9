//! Ceremonies under way: bound to one browser by a token, short-lived, deleted when read.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::PasskeyRegistration;

use super::{Refusal, Registrant, UserId};
use crate::clock::UnixMs;
use crate::encoding::{base64url, from_base64url, sha256};
use crate::random;

/// Names one ceremony; 32 random bytes known to the browser that began it. The store keeps only its hash.
pub struct CeremonyToken([u8; 32]);

impl CeremonyToken {
    pub(super) fn generate() -> Result<Self, Refusal> {
        Ok(Self(random::bytes()?))
    }

    /// Parses what [`Self::expose_for_cookie`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(from_base64url(text)?.try_into().ok()?))
    }

    /// Text for the cookie that binds the browser to the ceremony.
    pub fn expose_for_cookie(&self) -> String {
        base64url(&self.0)
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

impl fmt::Debug for CeremonyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CeremonyToken(redacted)")
    }
}

/// A ceremony as the store keeps it.
#[derive(Debug)]
pub struct StoredCeremony {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The user, if one was named: deregistration takes the user's ceremonies along.
    pub user: Option<UserId>,
    /// Opaque to the store.
    pub state: String,
    /// When it ends.
    pub expires_ms: UnixMs,
}

/// State of a ceremony between its two calls.
#[derive(Serialize, Deserialize)]
pub(super) enum State {
    Registration {
        user: Uuid,
        name: String,
        display_name: String,
        existing: bool,
        device: String,
        challenge: String,
        webauthn: PasskeyRegistration,
    },
    Authentication {
        asked: AskedState,
        challenge: String,
    },
}

/// Who was asked, as far as the answer must show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum AskedState {
    /// Whoever holds a discoverable credential.
    Anyone,
    /// This user, with one of these credentials.
    User {
        user: Uuid,
        /// In base64url, as in `allowCredentials`.
        allowed: Vec<String>,
        /// Whether there is no such account. It is treated like one up to the last step, and refused there.
        decoy: bool,
    },
}

impl State {
    pub(super) fn registration(
        registrant: Registrant,
        challenge: &[u8],
        webauthn: PasskeyRegistration,
    ) -> Self {
        Self::Registration {
            user: registrant.user.0,
            name: registrant.name,
            display_name: registrant.display_name,
            existing: registrant.existing,
            device: registrant.device,
            challenge: base64url(challenge),
            webauthn,
        }
    }

    fn user(&self) -> Option<UserId> {
        match self {
            Self::Registration { user, .. }
            | Self::Authentication {
                asked: AskedState::User { user, .. },
                ..
            } => Some(UserId(*user)),
            Self::Authentication { .. } => None,
        }
    }

    /// The row to store.
    pub(super) fn into_stored(
        self,
        token: &CeremonyToken,
        expires_ms: UnixMs,
    ) -> Result<StoredCeremony, Refusal> {
        Ok(StoredCeremony {
            token_hash: token.hash(),
            user: self.user(),
            state: serde_json::to_string(&self)
                .map_err(|_| Refusal::Internal("ceremony state cannot be written"))?,
            expires_ms,
        })
    }

    /// The state of a stored row.
    pub(super) fn from_stored(stored: &StoredCeremony) -> Result<Self, Refusal> {
        serde_json::from_str(&stored.state)
            .map_err(|_| Refusal::Internal("ceremony state cannot be read"))
    }
}
