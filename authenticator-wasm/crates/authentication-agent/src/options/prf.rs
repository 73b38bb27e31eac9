//! Extension `prf` (WebAuthn Level 3, 10.1.4): which inputs are to be evaluated for which credential, as the salts of
//! `hmac-secret`.

use std::collections::BTreeMap;

use ctap2::CredentialId;
use secret::Secret;

use super::wire;
use crate::authenticator::hmac_secret::Salts;
use crate::encoding::{from_base64url, sha256};
use crate::error::Error;

/// In front of each input, so that a page reaches no salt of another use of the credential.
const PREFIX: &[u8] = b"WebAuthn PRF\0";

/// The inputs of one ceremony.
pub(crate) struct Prf {
    by_credential: BTreeMap<CredentialId, Salts>,
    otherwise: Option<Salts>,
}

impl Prf {
    /// Of a registration: there is no credential yet that inputs could be for.
    pub(super) fn of_creation(inputs: &wire::Prf) -> Result<Self, Error> {
        if inputs.eval_by_credential.is_some() {
            return Err(Error::not_supported(
                "prf.evalByCredential in a registration",
            ));
        }
        Ok(Self {
            by_credential: BTreeMap::new(),
            otherwise: inputs.eval.as_ref().map(salts).transpose()?,
        })
    }

    /// Of an authentication: each key names a credential that is allowed.
    pub(super) fn of_request(
        inputs: &wire::Prf,
        allowed: Option<&[CredentialId]>,
    ) -> Result<Self, Error> {
        let mut by_credential = BTreeMap::new();
        for (key, values) in inputs.eval_by_credential.iter().flatten() {
            let Some(allowed) = allowed else {
                return Err(Error::not_supported(
                    "prf.evalByCredential without allowCredentials",
                ));
            };
            let id = from_base64url(key).ok();
            let id = id.and_then(|id| CredentialId::new(id).ok());
            let id = id.filter(|id| allowed.contains(id)).ok_or(Error::syntax(
                "prf.evalByCredential names no allowed credential",
            ))?;
            by_credential.insert(id, salts(values)?);
        }
        Ok(Self {
            by_credential,
            otherwise: inputs.eval.as_ref().map(salts).transpose()?,
        })
    }

    /// What to evaluate for the new credential.
    pub(crate) fn take(&mut self) -> Option<Salts> {
        self.otherwise.take()
    }

    /// What to evaluate for this credential.
    pub(crate) fn take_for(&mut self, credential_id: &CredentialId) -> Option<Salts> {
        let own = self.by_credential.remove(credential_id);
        own.or_else(|| self.otherwise.take())
    }
}

fn salts(values: &wire::PrfValues) -> Result<Salts, Error> {
    let mut salts = Secret::new(Vec::with_capacity(64));
    let row = salts.expose_secret_mut("hashed in place");
    for value in [Some(&values.first), values.second.as_ref()]
        .into_iter()
        .flatten()
    {
        let input = Secret::new(from_base64url(value)?);
        let mut prefixed = Secret::new(Vec::with_capacity(PREFIX.len() + value.len()));
        let message = prefixed.expose_secret_mut("hashed");
        message.extend_from_slice(PREFIX);
        message.extend_from_slice(input.expose_secret("hashed"));
        row.extend_from_slice(&sha256(message));
    }
    Salts::new(salts).map_err(Error::from)
}

#[cfg(test)]
mod tests;
