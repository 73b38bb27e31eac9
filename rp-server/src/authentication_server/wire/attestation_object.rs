//! Attestation objects (WebAuthn Level 3 section 6.5.4), read for their form.

use ciborium::Value;
use uuid::Uuid;

use super::authenticator_data::Flags;
use super::{authenticator_data, canonical_cbor, cbor_item};
use crate::attestation::AttestationType;
use crate::authentication_server::{PublicKey, Refusal};

/// What an attestation object tells.
#[derive(Debug)]
pub(in crate::authentication_server) struct Told {
    /// What the statement claims to be.
    pub attestation: AttestationType,
    /// COSE algorithm identifier of the statement's signature.
    pub algorithm: Option<i64>,
    /// Model of the authenticator.
    pub aaguid: Uuid,
    /// The credential public key.
    pub public_key: PublicKey,
    /// The flags.
    pub flags: Flags,
    /// The signature counter.
    pub sign_count: u32,
    /// The bytes of the extension outputs.
    pub extensions: Option<Vec<u8>>,
}

/// Checks the form and that it is about `credential_id`.
///
/// Formats: `none` with an empty statement (section 8.7), packed self attestation (section 8.2, without `x5c`), and
/// packed attestation by `certificates` where these were asked for: else they would name a device model unasked.
pub(in crate::authentication_server) fn check(
    bytes: &[u8],
    credential_id: &[u8],
    certificates: bool,
) -> Result<Told, Refusal> {
    // Section 6.5: the canonical form. Several verifiers read no other.
    let canonical = canonical_cbor::map(bytes);
    let (map, rest) = canonical.ok_or(Refusal::Failed("attestation object"))?;
    if !rest.is_empty() {
        return Err(Refusal::Failed("bytes after attestation object"));
    }
    let (object, _) = cbor_item(map)?;
    let entries = object
        .as_map()
        .ok_or(Refusal::Failed("attestation object"))?;
    if entries.len() != 3 {
        return Err(Refusal::Failed("attestation object has other members"));
    }
    let member = |name| {
        let named = entries.iter().find(|(key, _)| key.as_text() == Some(name));
        named.map(|(_, value)| value)
    };
    let format = member("fmt").and_then(Value::as_text);
    let statement = member("attStmt").and_then(Value::as_map);
    let data = member("authData").and_then(Value::as_bytes);
    let (Some(format), Some(statement), Some(data)) = (format, statement, data) else {
        return Err(Refusal::Failed("attestation object lacks a member"));
    };
    let entry = |name| {
        let named = statement
            .iter()
            .find(|(key, _)| key.as_text() == Some(name));
        named.map(|(_, value)| value)
    };
    let certified = entry("x5c").is_some();
    let algorithm = entry("alg").and_then(Value::as_integer);
    let attestation = match format {
        "none" if statement.is_empty() => AttestationType::None,
        "packed" if !certified => AttestationType::SelfSigned,
        "packed" if certificates => AttestationType::Certified,
        _ => return Err(Refusal::Failed("attestation format")),
    };
    let parts = authenticator_data::parse(data)?;
    let attested = parts
        .attested
        .ok_or(Refusal::Failed("no attested credential data"))?;
    if attested.credential_id != credential_id {
        return Err(Refusal::Failed("attested credential ID is not rawId"));
    }
    Ok(Told {
        attestation,
        algorithm: algorithm.and_then(|number| number.try_into().ok()),
        aaguid: attested.aaguid,
        public_key: PublicKey::from_cose(attested.public_key)
            .ok_or(Refusal::Failed("credential public key"))?,
        flags: parts.flags,
        sign_count: parts.sign_count,
        extensions: parts.extensions.map(<[u8]>::to_vec),
    })
}
