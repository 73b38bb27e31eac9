//! Attested credential data (WebAuthn Level 3, 6.5.1): AAGUID, credential ID, public key.

use crate::aaguid::Aaguid;
use crate::cbor::{CborError, split_first};
use crate::cose::Es256PublicKey;
use crate::credential::CredentialId;

/// The credential that a registration made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttestedCredentialData {
    /// The make of authenticator.
    pub aaguid: Aaguid,
    /// The new credential's ID.
    pub credential_id: CredentialId,
    /// Its public key.
    pub public_key: Es256PublicKey,
}

impl AttestedCredentialData {
    pub(super) fn append_to(&self, bytes: &mut Vec<u8>) -> Result<(), CborError> {
        let id = self.credential_id.as_bytes();
        let length = u16::try_from(id.len()).map_err(|_| CborError::Invalid("credential id"))?;
        bytes.extend_from_slice(self.aaguid.as_bytes());
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(id);
        bytes.extend(self.public_key.to_cose()?);
        Ok(())
    }

    /// Parses the structure at the head of `bytes`; returns what follows it.
    pub(super) fn parse_first(bytes: &[u8]) -> Result<(Self, &[u8]), CborError> {
        let (aaguid, rest) = bytes.split_first_chunk().ok_or(CborError::Truncated)?;
        let (length, rest) = rest.split_first_chunk().ok_or(CborError::Truncated)?;
        let (id, rest) = rest
            .split_at_checked(usize::from(u16::from_be_bytes(*length)))
            .ok_or(CborError::Truncated)?;
        let (key, rest) = split_first(rest)?;
        let attested = Self {
            aaguid: Aaguid::new(*aaguid),
            credential_id: CredentialId::new(id.to_vec())?,
            public_key: Es256PublicKey::from_cose(key)?,
        };
        Ok((attested, rest))
    }
}
