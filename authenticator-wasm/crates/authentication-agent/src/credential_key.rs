//! The credential's private key and the gate in front of it: no signature without a consumed
//! [`UserVerified`] of the very ceremony that is signed.

use biometric_system::UserVerified;
use ctap2::{Es256PublicKey, Flags, Status};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use secret::Secret;

use crate::authenticator::extensions::Outputs;
use crate::authenticator::presentation_attack_detection::Passed;
use crate::environment::Environment;

/// A `UserVerified` that was found to belong to the client data at hand. Not `Clone`; signing eats it.
#[derive(Debug)]
pub(crate) struct Gate {
    client_data_hash: [u8; 32],
    passed: Passed,
}

impl Gate {
    /// Consumes the proof. The ceremony that it names must be the hash of the client data.
    pub(crate) fn open(proof: UserVerified, client_data_hash: &[u8; 32]) -> Result<Self, Status> {
        if proof.ceremony().as_bytes() == client_data_hash {
            Ok(Self {
                client_data_hash: *client_data_hash,
                passed: Passed::of(&proof),
            })
        } else {
            Err(Status::OperationDenied)
        }
    }

    /// The only place where UP and UV become true. A face before the camera shows both.
    pub(crate) const fn flags(&self) -> Flags {
        Flags {
            user_present: true,
            user_verified: true,
            // The key never leaves this browser profile.
            backup_eligible: false,
            backup_state: false,
        }
    }

    /// Outputs of those extensions that speak of the look, and that the relying party asked for.
    pub(crate) fn extensions(&self, asked: &[String]) -> Outputs {
        Outputs::of_look(&self.passed, asked)
    }
}

/// Draws a private key. A draw is not a valid scalar once in 2^32; a generator that never gives one is broken.
pub(crate) fn draw_scalar(env: &mut impl Environment) -> Result<Secret<Vec<u8>>, Status> {
    for _ in 0..16 {
        let mut bytes = Secret::new(vec![0; 32]);
        env.random(bytes.expose_secret_mut("drawn in place"));
        if SigningKey::from_slice(bytes.expose_secret("checks the scalar")).is_ok() {
            return Ok(bytes);
        }
    }
    Err(Status::Other)
}

/// A P-256 private key: 32 bytes, big-endian, always a valid scalar.
#[derive(Debug)]
pub(crate) struct CredentialKey(Secret<Vec<u8>>);

impl CredentialKey {
    pub(crate) fn generate(env: &mut impl Environment) -> Result<Self, Status> {
        draw_scalar(env).map(Self)
    }

    /// Takes stored bytes; `None` when they are no valid scalar.
    pub(crate) fn from_secret(bytes: Secret<Vec<u8>>) -> Option<Self> {
        let scalar = bytes.expose_secret("checks the scalar");
        // `SigningKey` would pad a shorter one.
        let valid = scalar.len() == 32 && SigningKey::from_slice(scalar).is_ok();
        valid.then_some(Self(bytes))
    }

    pub(crate) const fn as_secret(&self) -> &Secret<Vec<u8>> {
        &self.0
    }

    pub(crate) fn public_key(&self) -> Result<Es256PublicKey, Status> {
        let key = self.signing_key("derives the public key")?;
        Ok((*key.verifying_key()).into())
    }

    /// Signs authenticator data and the client data hash that the gate was opened for (WebAuthn Level 3,
    /// 6.3.2 step 10, 8.2). ECDSA with SHA-256, deterministic by RFC 6979, in DER (6.5.5).
    pub(crate) fn sign(&self, gate: Gate, authenticator_data: &[u8]) -> Result<Vec<u8>, Status> {
        let message = [authenticator_data, gate.client_data_hash.as_slice()].concat();
        let signature: DerSignature = self
            .signing_key("signs for a verified user")?
            .try_sign(&message)
            .map_err(|_| Status::Other)?;
        Ok(signature.as_bytes().to_vec())
    }

    /// `SigningKey` wipes itself on drop.
    fn signing_key(&self, reason: &'static str) -> Result<SigningKey, Status> {
        SigningKey::from_slice(self.0.expose_secret(reason)).map_err(|_| Status::Other)
    }
}

#[cfg(test)]
mod tests;
