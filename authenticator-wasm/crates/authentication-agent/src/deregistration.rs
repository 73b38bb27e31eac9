//! Deregistration (27553-1 A.3.4, steps d and e): believing the authentication server that a credential
//! is gone, and only it.
//!
//! The statement is a compact JWS (RFC 7515), ES256, type `mien-deregistration+jwt`, under the key that
//! the server announced at registration and the agent pinned in the record.

use ctap2::CredentialId;
use serde::Deserialize;

use crate::credential_record::CredentialRecord;
use crate::encoding::{from_base64url, to_base64url};
use crate::error::Error;
use crate::origin::Origin;

/// Longest statement that is read; ours has about 300 bytes.
const MAX_LENGTH: usize = 4096;

/// Leave to erase one record. Made by [`verify`] only.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Erase {
    credential_id: CredentialId,
}

impl Erase {
    /// The record to erase, with its attempt count.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        self.credential_id.as_bytes()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    iss: String,
    sub: String,
    /// Seconds since 1970-01-01 UTC. Credential IDs are never used again, so an old statement about one
    /// stays true and needs no expiry.
    #[serde(rename = "iat")]
    _iat: u64,
}

/// Checks that `statement` is the pinned server's word on `record`, handed over by a page of the record's
/// own relying party.
///
/// # Errors
/// `data` for a malformed statement; `security` for another origin, another credential, another key, a
/// bad signature, or a record without a pinned key.
pub fn verify(origin: &str, statement: &str, record: &CredentialRecord) -> Result<Erase, Error> {
    let rp_id = Origin::parse(origin)?.rp_id(Some(record.rp_id()))?;
    let key = record
        .authentication_server_key
        .ok_or(Error::security("no authentication server key is pinned"))?;
    if statement.len() > MAX_LENGTH {
        return Err(Error::data("statement is too long"));
    }
    let malformed = Error::data("statement is malformed");
    let (signed, signature) = statement.rsplit_once('.').ok_or(malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(malformed)?;
    let header: Header = member(header)?;
    if header.alg != "ES256" || header.typ != "mien-deregistration+jwt" {
        return Err(Error::security("not a deregistration statement"));
    }
    if !key.verify_raw(signed.as_bytes(), &from_base64url(signature)?) {
        return Err(Error::security("statement is not the server's"));
    }
    let payload: Payload = member(payload)?;
    let credential_id = to_base64url(record.credential_id());
    if payload.iss != rp_id.as_str() || payload.sub != credential_id {
        return Err(Error::security("statement is about another credential"));
    }
    Ok(Erase {
        credential_id: record.credential_id.clone(),
    })
}

fn member<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    let bytes = from_base64url(text)?;
    serde_json::from_slice(&bytes).map_err(|_| Error::data("statement is malformed"))
}

#[cfg(test)]
mod tests;
