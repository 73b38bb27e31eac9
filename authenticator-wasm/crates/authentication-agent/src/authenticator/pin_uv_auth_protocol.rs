//! PIN/UV auth protocols one and two (CTAP 2.1, 6.5.6 and 6.5.7), as far as `hmac-secret` needs them: a secret that
//! platform and authenticator share, encryption and authentication by it.

use aes::Aes256;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use ctap2::{KeyAgreementKey, Status};
use hmac::{Hmac, KeyInit, Mac};
use p256::SecretKey;
use p256::ecdh::diffie_hellman;
use secret::Secret;
use sha2::{Digest, Sha256};

use crate::credential_key::draw_scalar;
use crate::environment::Environment;

/// Length of a block and of an initialisation vector of AES.
const BLOCK: usize = 16;

/// A protocol that is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// PIN/UV auth protocol one.
    One,
    /// PIN/UV auth protocol two.
    Two,
}

impl Protocol {
    /// All of them, the preferred one first.
    pub(crate) const ALL: [Self; 2] = [Self::Two, Self::One];

    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The protocol with this number, which a platform must take from the announced ones.
    pub(crate) fn from_number(number: i64) -> Result<Self, Status> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|protocol| protocol.number() == number);
        found.ok_or(Status::InvalidParameter)
    }
}

/// The authenticator's key pair for key agreement: a P-256 scalar, drawn when it is switched on.
pub(crate) struct KeyAgreement(Secret<Vec<u8>>);

impl KeyAgreement {
    pub(crate) fn generate(env: &mut impl Environment) -> Result<Self, Status> {
        draw_scalar(env).map(Self)
    }

    /// getPublicKey.
    pub(crate) fn public_key(&self) -> Result<KeyAgreementKey, Status> {
        let secret = self.secret_key("derives the public key")?;
        Ok(KeyAgreementKey::new(secret.public_key()))
    }

    /// decapsulate: the secret shared with the platform that has this key.
    pub(crate) fn decapsulate(
        &self,
        protocol: Protocol,
        platform: &KeyAgreementKey,
    ) -> Result<SharedSecret, Status> {
        let secret = self.secret_key("agrees on a secret")?;
        let z = diffie_hellman(secret.to_nonzero_scalar(), platform.point().as_affine());
        // kdf(Z).
        let mut keys = Secret::new(vec![0; 64]);
        let bytes = keys.expose_secret_mut("derived in place");
        let (hmac_key, aes_key) = bytes.split_at_mut(32);
        match protocol {
            Protocol::One => {
                let mut hash = Sha256::digest(z.raw_secret_bytes());
                hmac_key.copy_from_slice(&hash);
                aes_key.copy_from_slice(&hash);
                zeroize::Zeroize::zeroize(hash.as_mut_slice());
            }
            Protocol::Two => {
                let hkdf = z.extract::<Sha256>(Some(&[0; 32]));
                for (info, key) in [("CTAP2 HMAC key", hmac_key), ("CTAP2 AES key", aes_key)] {
                    let derived = hkdf.expand(info.as_bytes(), key);
                    derived.map_err(|_| Status::Other)?;
                }
            }
        }
        Ok(SharedSecret { protocol, keys })
    }

    /// `SecretKey` wipes itself on drop.
    fn secret_key(&self, reason: &'static str) -> Result<SecretKey, Status> {
        SecretKey::from_slice(self.0.expose_secret(reason)).map_err(|_| Status::Other)
    }
}

/// What platform and authenticator share: the key of HMAC and that of AES, 32 bytes each (the same one in protocol
/// one).
pub(crate) struct SharedSecret {
    protocol: Protocol,
    keys: Secret<Vec<u8>>,
}

impl SharedSecret {
    fn keys(&self, reason: &'static str) -> (&[u8], &[u8]) {
        self.keys.expose_secret(reason).split_at(32)
    }

    /// verify, in constant time: whether the signature is that of the message.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Status> {
        let (key, _) = self.keys("authenticates the platform's message");
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Status::Other)?;
        mac.update(message);
        let verified = match self.protocol {
            Protocol::One if signature.len() == 16 => mac.verify_truncated_left(signature),
            Protocol::One => return Err(Status::PinAuthInvalid),
            Protocol::Two => mac.verify_slice(signature),
        };
        verified.map_err(|_| Status::PinAuthInvalid)
    }

    /// decrypt.
    pub(crate) fn decrypt(&self, ciphertext: &[u8]) -> Result<Secret<Vec<u8>>, Status> {
        let (iv, blocks) = match self.protocol {
            Protocol::One => ([0; BLOCK].as_slice(), ciphertext),
            Protocol::Two => ciphertext
                .split_at_checked(BLOCK)
                .ok_or(Status::InvalidParameter)?,
        };
        let (_, key) = self.keys("decrypts the platform's message");
        let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key, iv);
        let mut plain = Secret::new(blocks.to_vec());
        cipher
            .map_err(|_| Status::Other)?
            .decrypt_padded::<NoPadding>(plain.expose_secret_mut("decrypted in place"))
            .map_err(|_| Status::InvalidParameter)?;
        Ok(plain)
    }

    /// encrypt; the plain text has whole blocks.
    pub(crate) fn encrypt(
        &self,
        mut plain: Secret<Vec<u8>>,
        env: &mut impl Environment,
    ) -> Result<Vec<u8>, Status> {
        let mut iv = [0; BLOCK];
        if self.protocol == Protocol::Two {
            env.random(&mut iv);
        }
        let (_, key) = self.keys("encrypts for the platform");
        let cipher = cbc::Encryptor::<Aes256>::new_from_slices(key, &iv);
        let bytes = plain.expose_secret_mut("encrypted in place");
        let length = bytes.len();
        let blocks = cipher
            .map_err(|_| Status::Other)?
            .encrypt_padded::<NoPadding>(bytes, length)
            .map_err(|_| Status::Other)?;
        Ok(match self.protocol {
            Protocol::One => blocks.to_vec(),
            Protocol::Two => [&iv, blocks].concat(),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
