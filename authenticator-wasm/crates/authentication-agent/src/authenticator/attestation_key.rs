//! The key that an attestation by certificates is signed with: one for each credential, used once, and kept nowhere.

use ctap2::Status;

use crate::credential_key::CredentialKey;
use crate::environment::Environment;

/// A key that the agent's provider may certify. Like a credential's key it signs behind the gate, and is wiped on drop.
#[derive(Debug)]
pub(crate) struct AttestationKey {
    pub(super) key: CredentialKey,
    /// X.509 in DER, its own first; empty until the provider answered.
    pub(super) certificates: Vec<Vec<u8>>,
}

impl AttestationKey {
    pub(super) fn generate(env: &mut impl Environment) -> Result<Self, Status> {
        Ok(Self {
            key: CredentialKey::generate(env)?,
            certificates: Vec::new(),
        })
    }

    /// Its public key, as the DER of a `SubjectPublicKeyInfo`.
    pub(crate) fn public_key(&self) -> Result<Vec<u8>, Status> {
        Ok(self.key.public_key()?.to_spki_der()?)
    }

    /// Takes the certificates if the first one has this key in it. Others would make a statement that no relying party
    /// believes, so without them the credential vouches for itself.
    pub(super) fn certified(&mut self, certificates: Vec<Vec<u8>>) -> Result<(), Status> {
        let key = self.public_key()?;
        let has_key = |certificate: &Vec<u8>| certificate.windows(key.len()).any(|at| at == key);
        if certificates.first().is_some_and(has_key) {
            self.certificates = certificates;
        }
        Ok(())
    }
}
