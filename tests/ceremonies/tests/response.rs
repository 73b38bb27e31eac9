//! Members of the responses, decoded.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ctap2::AttestationObject;
use serde_json::Value;

/// Of the registration, the bytes that a changed copy is made from.
pub(crate) const OBJECT: &str = "/reg/response/response/attestationObject";
pub(crate) const CREATED: &str = "/reg/response/response/clientDataJSON";
/// Of the sign-in.
pub(crate) const DATA: &str = "/auth/response/response/authenticatorData";
pub(crate) const SIGNATURE: &str = "/auth/response/response/signature";
pub(crate) const GOT: &str = "/auth/response/response/clientDataJSON";

pub(crate) fn text<'a>(ceremony: &'a Value, pointer: &str) -> &'a str {
    ceremony.pointer(pointer).unwrap().as_str().unwrap()
}

/// The bytes of a base64url member.
pub(crate) fn bytes(ceremony: &Value, pointer: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text(ceremony, pointer)).unwrap()
}

pub(crate) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The attestation object of the registration.
pub(crate) fn object(ceremony: &Value) -> AttestationObject {
    AttestationObject::from_cbor(&bytes(ceremony, OBJECT)).unwrap()
}
