//! Authenticator extension `uvm` (WebAuthn Level 2, 10.3): how the person was verified, in the numbers of the FIDO
//! registry of predefined values.
//!
//! Input: `true`. Output: a list of one method, `[[method, key protection, matcher protection]]`.

use ctap2::cbor::Value;

/// Identifier of the extension.
pub(crate) const IDENTIFIER: &str = "uvm";

/// `USER_VERIFY_FACEPRINT_INTERNAL` (3.1).
pub(crate) const FACEPRINT_INTERNAL: u64 = 0x10;
/// `KEY_PROTECTION_SOFTWARE` (3.2).
const KEY_PROTECTION_SOFTWARE: u64 = 0x01;
/// `MATCHER_PROTECTION_SOFTWARE` (3.3).
const MATCHER_PROTECTION_SOFTWARE: u64 = 0x01;

/// What every look here is.
pub(crate) const METHOD: [u64; 3] = [
    FACEPRINT_INTERNAL,
    KEY_PROTECTION_SOFTWARE,
    MATCHER_PROTECTION_SOFTWARE,
];

/// The extension output.
pub(super) fn output() -> Value {
    let method = METHOD.map(Value::from).to_vec();
    Value::Array(vec![Value::Array(method)])
}
