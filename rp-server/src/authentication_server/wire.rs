//! Checks of the wire form that webauthn-rs 0.6.2 leaves to the caller; each refuses before it is asked.

pub(super) mod attestation_object;
pub(super) mod authenticator_data;
pub(super) mod client_data;

use super::{CredentialId, Refusal};
use crate::encoding::base64url;

/// WebAuthn Level 3 section 5.1: `type` is "public-key" and `id` is the base64url form of `rawId`; section 4:
/// the ID has a sensible length.
pub(super) fn envelope(kind: &str, id: &str, raw_id: &[u8]) -> Result<CredentialId, Refusal> {
    if kind != "public-key" {
        return Err(Refusal::Failed("type is not public-key"));
    }
    if id != base64url(raw_id) {
        return Err(Refusal::Failed("id is not rawId"));
    }
    CredentialId::new(raw_id).ok_or(Refusal::Failed("credential ID has a wrong length"))
}

/// One CBOR item off the front of `bytes`; returns it with what follows.
fn cbor_item(bytes: &[u8]) -> Result<(ciborium::Value, &[u8]), Refusal> {
    let mut rest = bytes;
    let item = ciborium::from_reader(&mut rest).map_err(|_| Refusal::Failed("CBOR"))?;
    Ok((item, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelope_binds_id_to_raw_id() {
        let raw = [9; 16];
        assert!(envelope("public-key", &base64url(&raw), &raw).is_ok());
        assert!(envelope("password", &base64url(&raw), &raw).is_err());
        assert!(envelope("public-key", &base64url(&[8; 16]), &raw).is_err());
        assert!(envelope("public-key", &base64url(&[9; 15]), &[9; 15]).is_err());
    }
}
