//! The forms that come over the wire, read strictly. Registrations pass them before webauthn-rs is asked.

pub(super) mod attestation_object;
pub(super) mod authenticator_data;
mod canonical_cbor;
pub(super) mod client_data;
pub(super) mod presentation_attack_detection;
pub(super) mod uvm;

use serde_json::{Map, Value, json};

use super::{CredentialId, Refusal};
use crate::encoding::base64url;

/// Asks for the extensions whose outputs are read, in creation or request options; returns the extensions, for others
/// to be added.
pub(super) fn ask(options: &mut Map<String, Value>) -> Result<&mut Map<String, Value>, Refusal> {
    let extensions = options.entry("extensions").or_insert(json!(null));
    // webauthn-rs leaves them out, or null, where it has none of its own to ask for.
    if extensions.is_null() {
        *extensions = json!({});
    }
    let extensions = extensions
        .as_object_mut()
        .ok_or(Refusal::Internal("extensions are not an object"))?;
    for identifier in [presentation_attack_detection::IDENTIFIER, uvm::IDENTIFIER] {
        extensions.insert(identifier.into(), json!(true));
    }
    Ok(extensions)
}

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
    use proptest::prelude::*;

    proptest! {
        /// Whatever comes in is refused or read, and what is read is what came in.
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(Some(attested)) = authenticator_data::parse(&bytes).map(|data| data.attested) {
                let id = attested.credential_id;
                prop_assert!(bytes.windows(id.len().max(1)).any(|part| part == id) || id.is_empty());
            }
            prop_assert!(attestation_object::check(&bytes, &[1; 16], true).is_err());
        }

        /// Attested credential data of any shape is found again, and one more byte is one too many.
        #[test]
        fn attested_credential_data_is_found_again(
            aaguid in any::<[u8; 16]>(),
            id in proptest::collection::vec(any::<u8>(), 0..1100),
        ) {
            let mut bytes = vec![0; 32];
            bytes.extend([0x45, 0, 0, 0, 0]); // flags UP, UV, AT; counter 0
            bytes.extend(aaguid);
            bytes.extend(u16::try_from(id.len()).unwrap().to_be_bytes());
            bytes.extend(&id);
            bytes.push(0xa0); // an empty map in place of the COSE key
            let attested = authenticator_data::parse(&bytes).unwrap().attested.unwrap();
            prop_assert_eq!(attested.credential_id, id.as_slice());
            prop_assert_eq!(attested.aaguid.as_bytes(), &aaguid);
            bytes.push(0);
            prop_assert!(authenticator_data::parse(&bytes).is_err());
        }
    }

    #[test]
    fn envelope_binds_id_to_raw_id() {
        let raw = [9; 16];
        assert!(envelope("public-key", &base64url(&raw), &raw).is_ok());
        assert!(envelope("password", &base64url(&raw), &raw).is_err());
        assert!(envelope("public-key", &base64url(&[8; 16]), &raw).is_err());
        assert!(envelope("public-key", &base64url(&[9; 15]), &[9; 15]).is_err());
    }
}
