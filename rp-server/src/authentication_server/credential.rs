//! Credential records (WebAuthn Level 3, section 4, "credential record") and their names.

use std::fmt;

use uuid::Uuid;

use super::{Failures, PublicKey};
use crate::attestation::AttestationType;
use crate::clock::UnixMs;
use crate::encoding::{base64url, from_base64url};
use crate::presentation_attack_detection::Layers;
use crate::user_verification::Methods;

/// AAGUID of this product's authentication agent. It labels; without an attestation root it proves nothing.
pub const MIEN_AAGUID: Uuid = Uuid::from_u128(0x6d69_656e_2d66_4163_8a51_9e0c_7b1d_4f20);

/// User handle (WebAuthn Level 3 section 5.4.3): 16 random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserId(pub Uuid);

impl UserId {
    /// The bytes that authenticators store and return.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Credential ID, 16 to 1023 bytes (WebAuthn Level 3 section 4 and 7.1 step 25).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// Accepts 16 to 1023 bytes.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (16..=1023)
            .contains(&bytes.len())
            .then(|| Self(bytes.to_vec()))
    }

    /// Parses the base64url form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(&from_base64url(text)?)
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url(&self.0))
    }
}

// A credential ID points at a person's account: logs get its first characters only.
impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = base64url(&self.0).chars().take(6).collect();
        write!(f, "CredentialId({text}…)")
    }
}

/// What kind of authenticator made a credential, as far as its AAGUID tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// This product's agent.
    MienFace,
    /// Any other passkey.
    Passkey,
}

/// What each authentication brings up to date in a credential record (section 7.2 step 24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CredentialState {
    /// Signature counter of the last ceremony; stays 0 where the authenticator has none.
    pub sign_count: u32,
    /// Whether the user was ever verified with it (`uvInitialized`).
    pub uv_initialized: bool,
    /// Whether the user was verified in the last ceremony.
    pub user_verified: bool,
    /// Whether it is backed up now.
    pub backup_state: bool,
    /// Failed attempts since the last success; a success leaves none.
    pub failures: Failures,
}

/// A credential record as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRecord {
    /// The credential ID.
    pub id: CredentialId,
    /// The owner.
    pub user: UserId,
    /// The public key.
    pub public_key: PublicKey,
    /// Counter and flags of the last ceremony.
    pub state: CredentialState,
    /// Whether it may be backed up. Never changes.
    pub backup_eligible: bool,
    /// How its authenticator said it can be reached, a hint: `internal`, `hybrid`, `usb` …
    pub transports: Vec<String>,
    /// Model of the authenticator.
    pub aaguid: Uuid,
    /// Browser at registration, coarse.
    pub device: String,
    /// When it was registered.
    pub created_ms: UnixMs,
    /// When it last authenticated.
    pub used_ms: Option<UnixMs>,
    /// The layers of presentation attack detection of its last ceremony; none known for authenticators of others.
    pub presentation_attack_detection: Option<Layers>,
    /// How the user was verified in its last ceremony, where the authenticator told (extension `uvm`).
    pub user_verification_methods: Option<Methods>,
    /// What its registration showed of the authenticator; not known of records from before this was kept.
    pub attestation: Option<AttestationType>,
}

impl CredentialRecord {
    /// The kind that the AAGUID tells.
    pub fn kind(&self) -> CredentialKind {
        if self.aaguid == MIEN_AAGUID {
            CredentialKind::MienFace
        } else {
            CredentialKind::Passkey
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credential_id_has_16_to_1023_bytes() {
        for (length, good) in [(15, false), (16, true), (1023, true), (1024, false)] {
            assert_eq!(
                CredentialId::new(&vec![7; length]).is_some(),
                good,
                "{length}"
            );
        }
    }

    #[test]
    fn debug_does_not_print_the_credential_id() {
        let id = CredentialId::new(&[0xa5; 32]).unwrap();
        assert_eq!(format!("{id:?}"), "CredentialId(paWlpa…)");
        assert!(id.to_string().starts_with("paWlpaWlpa"));
    }

    #[test]
    fn the_aaguid_is_the_published_one() {
        assert_eq!(
            MIEN_AAGUID.to_string(),
            "6d69656e-2d66-4163-8a51-9e0c7b1d4f20"
        );
    }
}
