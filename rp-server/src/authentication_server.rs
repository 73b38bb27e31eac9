//! The authentication server (ISO/IEC 27553-1, 6.2.5): ceremonies, credential records, verification, statements.
//!
//! Reached through the trait [`AuthenticationServer`], so that it can stand on a machine of its own. It knows
//! nothing of HTTP, cookies, accounts or sessions.

mod assertion;
mod attempts;
mod authentication;
mod ceremony;
mod credential;
mod decoys;
mod local;
mod public_key;
mod refusal;
mod registration;
mod statement;
mod verified;
mod wire;

use async_trait::async_trait;
use serde_json::Value;

pub use attempts::{DISABLED_AT, Failures};
pub use ceremony::{CeremonyToken, StoredCeremony};
pub use credential::{
    CredentialId, CredentialKind, CredentialRecord, CredentialState, MIEN_AAGUID, UserId,
};
pub use local::LocalAuthenticationServer;
pub use public_key::PublicKey;
pub use refusal::Refusal;
pub use verified::{VerifiedAuthentication, VerifiedRegistration};

/// For whom a credential is to be made (`PublicKeyCredentialUserEntity`, WebAuthn Level 3 section 5.4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrant {
    /// User handle: random, says nothing about the person.
    pub user: UserId,
    /// Account name as shown.
    pub name: String,
    /// Display name as shown.
    pub display_name: String,
    /// Whether the account exists already and only gains a credential.
    pub existing: bool,
    /// Coarse description of the browser, for the list of credentials.
    pub device: String,
}

/// Who is asked to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whoever holds a discoverable credential.
    Anyone,
    /// This user.
    User(UserId),
    /// A name without an account. The options must look like those of a real one.
    Nobody {
        /// Folded form of the name: the same name gets the same answer each time.
        name_key: String,
    },
}

/// A begun ceremony.
pub struct Challenge {
    /// Names the ceremony. Goes to the browser that began it and to nobody else.
    pub token: CeremonyToken,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    pub public_key: Value,
    /// How long the ceremony lives, in milliseconds.
    pub lifetime_ms: i64,
}

/// What the relying party asks of the authentication server. Letters: steps of ISO/IEC 27553-1 A.3.
#[async_trait]
pub trait AuthenticationServer: Send + Sync {
    /// A.3.2 step c: checks the request and answers with a challenge.
    async fn begin_registration(&self, registrant: Registrant) -> Result<Challenge, Refusal>;

    /// A.3.2 step i: verifies a `RegistrationResponseJSON` (WebAuthn Level 3 section 7.1).
    async fn finish_registration(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedRegistration, Refusal>;

    /// A.3.3 step c: answers with a challenge.
    async fn begin_authentication(&self, asked: Asked) -> Result<Challenge, Refusal>;

    /// A.3.3 step i: verifies an `AuthenticationResponseJSON` (WebAuthn Level 3 section 7.2).
    async fn finish_authentication(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedAuthentication, Refusal>;

    /// The credential records of a user, oldest first.
    async fn credentials(&self, user: UserId) -> Result<Vec<CredentialRecord>, Refusal>;

    /// The credentials that were disabled after too many failures ([`DISABLED_AT`]), the latest first.
    async fn disabled_credentials(&self) -> Result<Vec<CredentialRecord>, Refusal>;

    /// Forgets the failures of a credential, so that it signs in again; false if it is not registered.
    async fn enable_credential(&self, credential: &CredentialId) -> Result<bool, Refusal>;

    /// Whose credential this is.
    async fn owner(&self, credential: &CredentialId) -> Result<Option<UserId>, Refusal>;

    /// A.3.4 step c: states to the authentication agent that `credential` is not registered (any more).
    /// Refused while it is, so that no caller can talk an agent into erasing a living credential.
    async fn deregistration_statement(&self, credential: &CredentialId) -> Result<String, Refusal>;
}
