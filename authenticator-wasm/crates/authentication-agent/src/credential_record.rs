//! What the agent keeps about one credential. Plain in memory, sealed by the edge at rest.

mod cbor;

use biometric_system::Reference;
use ctap2::{CredProtect, CredentialId, Es256PublicKey, UserEntity};
use secret::Secret;

use crate::authenticator::hmac_secret::CredRandom;
use crate::consent::Consent;
use crate::credential_key::CredentialKey;
use crate::error::Error;
use crate::origin::RpId;

/// The mode of 27553-1 Annex A that a credential uses: compare and release (Figure A.1). The match guards
/// a code path; it is no cryptographic binding of key and face.
pub const MODE: &str = "A.1";

/// One credential with its private key and its biometric reference. Not `Clone`, prints no content.
pub struct CredentialRecord {
    pub(crate) rp_id: RpId,
    pub(crate) credential_id: CredentialId,
    pub(crate) user_id: Vec<u8>,
    pub(crate) user_name: String,
    pub(crate) display_name: String,
    pub(crate) created_ms: u64,
    pub(crate) used_ms: u64,
    pub(crate) sign_count: u32,
    pub(crate) consent: Consent,
    /// Bytes of [`Reference::to_bytes`]: a record whose reference is of an older pipeline can still be
    /// listed and erased.
    pub(crate) reference: Secret<Vec<u8>>,
    pub(crate) key: CredentialKey,
    pub(crate) authentication_server_key: Option<Es256PublicKey>,
    pub(crate) discoverable: bool,
    pub(crate) cred_protect: CredProtect,
    /// `None` where it was made before there were any.
    pub(crate) cred_random: Option<CredRandom>,
}

impl CredentialRecord {
    /// RP ID that the credential is scoped to.
    #[must_use]
    pub fn rp_id(&self) -> &str {
        self.rp_id.as_str()
    }

    /// Credential ID, 32 bytes.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        self.credential_id.as_bytes()
    }

    /// User handle, 1 to 64 bytes.
    #[must_use]
    pub fn user_id(&self) -> &[u8] {
        &self.user_id
    }

    /// Account name for people.
    #[must_use]
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// Name for display.
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// When it was made, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn created_ms(&self) -> u64 {
        self.created_ms
    }

    /// When it last signed; when it was made, as long as it never did.
    #[must_use]
    pub const fn used_ms(&self) -> u64 {
        self.used_ms
    }

    /// Signature counter: the number of assertions made.
    #[must_use]
    pub const fn sign_count(&self) -> u32 {
        self.sign_count
    }

    /// The consent under which the reference was captured.
    #[must_use]
    pub const fn consent(&self) -> Consent {
        self.consent
    }

    /// How key and face are bound: always [`MODE`].
    #[must_use]
    pub const fn mode(&self) -> &'static str {
        MODE
    }

    /// Whether a deregistration statement can be verified: a server key was pinned at registration.
    #[must_use]
    pub const fn has_authentication_server_key(&self) -> bool {
        self.authentication_server_key.is_some()
    }

    /// Whether it can answer without being named (a client-side discoverable credential).
    #[must_use]
    pub const fn is_discoverable(&self) -> bool {
        self.discoverable
    }

    /// What must come before its use (CTAP 2.1, 12.1).
    #[must_use]
    pub const fn cred_protect(&self) -> CredProtect {
        self.cred_protect
    }

    /// The biometric reference, `None` when the pipeline in use cannot compare with it.
    pub(crate) fn reference(&self) -> Option<Reference> {
        Reference::from_bytes(self.reference.expose_secret("rebuilds the reference")).ok()
    }

    pub(crate) fn user_entity(&self) -> UserEntity {
        UserEntity {
            id: self.user_id.clone(),
            name: Some(self.user_name.clone()),
            display_name: Some(self.display_name.clone()),
        }
    }

    /// The byte form of version 1: a canonical CBOR map. Seal it before it is stored.
    ///
    /// # Errors
    /// `unknown` if the encoder fails, which it has no reason to.
    pub fn to_cbor(&self) -> Result<Secret<Vec<u8>>, Error> {
        cbor::encode(self)
    }

    /// Reads the byte form back, strictly.
    ///
    /// # Errors
    /// `unknown` for anything that [`CredentialRecord::to_cbor`] would not have written.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, Error> {
        cbor::decode(bytes)
    }
}

impl core::fmt::Debug for CredentialRecord {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CredentialRecord(..)")
    }
}

#[cfg(test)]
mod tests;
