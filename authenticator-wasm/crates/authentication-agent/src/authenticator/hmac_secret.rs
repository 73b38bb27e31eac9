//! Authenticator extension `hmac-secret` (CTAP 2.1, 12.5): keys that a credential makes of salts, for a verified person
//! only.

use ctap2::hmac_secret::Input;
use ctap2::{Status, cbor::Value};
use hmac::{Hmac, KeyInit, Mac};
use secret::Secret;
use sha2::Sha256;
use zeroize::Zeroize;

use super::pin_uv_auth_protocol::{KeyAgreement, Protocol, SharedSecret};
use crate::credential_key::Gate;
use crate::environment::Environment;

/// Length of a salt, of an output, and of each random value, in bytes.
const LENGTH: usize = 32;

/// The two random values of a credential, CredRandomWithUV before CredRandomWithoutUV. The second one is never used:
/// nobody is unverified here.
#[derive(Debug)]
pub(crate) struct CredRandom(Secret<Vec<u8>>);

impl CredRandom {
    pub(crate) fn generate(env: &mut impl Environment) -> Self {
        let mut bytes = Secret::new(vec![0; 2 * LENGTH]);
        for value in bytes.expose_secret_mut("drawn in place").chunks_mut(LENGTH) {
            env.random(value);
        }
        Self(bytes)
    }

    /// Takes stored bytes; `None` when they are not two values.
    pub(crate) fn from_secret(bytes: Secret<Vec<u8>>) -> Option<Self> {
        let length = bytes.expose_secret("measured").len();
        (length == 2 * LENGTH).then_some(Self(bytes))
    }

    pub(crate) const fn as_secret(&self) -> &Secret<Vec<u8>> {
        &self.0
    }

    /// One output for each salt. The gate shows that the person was verified.
    pub(crate) fn evaluate(&self, _gate: &Gate, salts: &Salts) -> Result<Secret<Vec<u8>>, Status> {
        let salts = salts.0.expose_secret("evaluates the salts");
        let mut outputs = Secret::new(vec![0; salts.len()]);
        let places = outputs.expose_secret_mut("written in place");
        let (with_uv, _) = self
            .0
            .expose_secret("evaluates the salts")
            .split_at_checked(LENGTH)
            .ok_or(Status::Other)?;
        for (salt, place) in salts.chunks(LENGTH).zip(places.chunks_mut(LENGTH)) {
            let mac = Hmac::<Sha256>::new_from_slice(with_uv).map_err(|_| Status::Other)?;
            let mut output = mac.chain_update(salt).finalize().into_bytes();
            place.copy_from_slice(&output);
            output.as_mut_slice().zeroize();
        }
        Ok(outputs)
    }
}

/// One salt or two, of 32 bytes each.
pub(crate) struct Salts(Secret<Vec<u8>>);

impl Salts {
    /// Takes them from one row of bytes.
    pub(crate) fn new(bytes: Secret<Vec<u8>>) -> Result<Self, Status> {
        match bytes.expose_secret("measured").len() {
            LENGTH | 64 => Ok(Self(bytes)),
            _ => Err(Status::InvalidParameter),
        }
    }

    #[cfg(test)]
    pub(crate) const fn as_secret(&self) -> &Secret<Vec<u8>> {
        &self.0
    }
}

/// What an assertion shall evaluate, and for whom.
pub(crate) enum Wanted {
    /// For the client that this authenticator is part of.
    Client(Salts),
    /// For a platform, under the secret that is shared with it.
    Platform(Salts, SharedSecret),
}

/// Authenticates and decrypts a platform's salts.
pub(crate) fn open(input: &Input, key: &KeyAgreement) -> Result<Wanted, Status> {
    let protocol = Protocol::from_number(input.protocol.unwrap_or(Protocol::One.number()))?;
    let shared = key.decapsulate(protocol, &input.key_agreement)?;
    shared.verify(&input.salt_enc, &input.salt_auth)?;
    let salts = Salts::new(shared.decrypt(&input.salt_enc)?)?;
    Ok(Wanted::Platform(salts, shared))
}

/// What came of it: an extension output, or outputs for the client.
#[derive(Debug, Default)]
pub(crate) struct Evaluated {
    pub(crate) output: Option<Value>,
    pub(crate) for_client: Option<Secret<Vec<u8>>>,
}

/// Evaluates; nothing where nothing is wanted, or where the credential is from before this extension.
pub(crate) fn evaluate(
    wanted: Option<Wanted>,
    cred_random: Option<&CredRandom>,
    gate: &Gate,
    env: &mut impl Environment,
) -> Result<Evaluated, Status> {
    let (Some(wanted), Some(cred_random)) = (wanted, cred_random) else {
        return Ok(Evaluated::default());
    };
    Ok(match wanted {
        Wanted::Client(salts) => Evaluated {
            output: None,
            for_client: Some(cred_random.evaluate(gate, &salts)?),
        },
        Wanted::Platform(salts, shared) => {
            let outputs = cred_random.evaluate(gate, &salts)?;
            Evaluated {
                output: Some(Value::Bytes(shared.encrypt(outputs, env)?)),
                for_client: None,
            }
        }
    })
}

#[cfg(test)]
mod tests;
