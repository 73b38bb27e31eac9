//! Decoy credential lists: a name without an account gets an answer like any other (WebAuthn Level 3, 14.6.2).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{CredentialId, Refusal};

/// Derives decoys from a key that only this server knows.
pub(super) struct Decoys(Zeroizing<[u8; 32]>);

impl Decoys {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The credential ID for `name_key`: always the same one, of the length our own agent uses.
    pub(super) fn credential_id(&self, name_key: &str) -> Result<CredentialId, Refusal> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_ref())
            .map_err(|_| Refusal::Internal("decoy key"))?;
        mac.update(b"mien decoy credential\0");
        mac.update(name_key.as_bytes());
        CredentialId::new(&mac.finalize().into_bytes()).ok_or(Refusal::Internal("decoy length"))
    }
}

#[cfg(test)]
mod tests {
    use super::Decoys;

    #[test]
    fn decoys_are_stable_and_differ_by_name_and_server() {
        let one = Decoys::new([1; 32]);
        let ada = one.credential_id("ada").unwrap();
        assert_eq!(ada, one.credential_id("ada").unwrap());
        assert_ne!(ada, one.credential_id("bob").unwrap());
        assert_ne!(ada, Decoys::new([2; 32]).credential_id("ada").unwrap());
    }
}
