//! The cases that the verifiers of other makers are asked.

use serde_json::{Value, json};

use super::b64;
use super::settings::RP;
use super::verifiers::Known;

/// A case of a registration, for all judges.
pub(crate) fn registration(challenge: &str, body: &[u8]) -> Value {
    json!({
        "ceremony": "registration",
        // What is no UTF-8 has no text; ours refuses it before anything else.
        "body": String::from_utf8_lossy(body),
        "challenge": challenge,
        "origin": RP,
        "rpId": "localhost",
        "algorithms": [-7, -35, -257],
    })
}

/// A case of an authentication with a credential that they know.
pub(crate) fn authentication(known: &Known, challenge: &str, body: &[u8]) -> Value {
    json!({
        "ceremony": "authentication",
        "body": String::from_utf8_lossy(body),
        "challenge": challenge,
        "origin": RP,
        "rpId": "localhost",
        "credentialId": b64(&known.authenticator.id),
        "publicKey": b64(&known.authenticator.public_key()),
        "signCount": known.sign_count,
    })
}
