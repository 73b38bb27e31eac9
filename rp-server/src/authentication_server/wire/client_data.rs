//! Collected client data (WebAuthn Level 3 section 5.8.1).

use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::authentication_server::Refusal;
use crate::encoding::sha256;
use crate::json;

/// What the ceremony expects.
pub(in crate::authentication_server) struct Expected<'a> {
    /// `webauthn.create` or `webauthn.get`.
    pub kind: &'a str,
    /// Base64url, as sent.
    pub challenge: &'a str,
    /// The relying party's one origin.
    pub origin: &'a str,
}

/// SHA-256 of client data that passed the checks: what the authenticator signed.
#[derive(Debug)]
pub(in crate::authentication_server) struct ClientDataHash([u8; 32]);

impl ClientDataHash {
    /// The hash.
    pub(in crate::authentication_server) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

// Unknown members must be ignored (section 5.8.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CollectedClientData {
    r#type: String,
    challenge: String,
    origin: String,
    cross_origin: Option<bool>,
    top_origin: Option<Value>,
    #[serde(rename = "tokenBinding")]
    _token_binding: Option<TokenBinding>,
}

/// WebAuthn Level 2 section 5.8.1; reserved in Level 3, where nothing depends on it. What was no such thing then is
/// refused, as every other verifier refuses it.
#[derive(Deserialize)]
struct TokenBinding {
    #[serde(rename = "status")]
    _status: TokenBindingStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum TokenBindingStatus {
    Present,
    Supported,
}

/// WebAuthn Level 3 section 7.1 steps 5 to 11 and section 7.2 steps 8 to 14.
pub(in crate::authentication_server) fn check(
    bytes: &[u8],
    expected: &Expected<'_>,
) -> Result<ClientDataHash, Refusal> {
    // No client writes a byte order mark, so the one that "UTF-8 decode" would strip is refused with the rest.
    let data: CollectedClientData =
        json::from_slice(bytes).map_err(|_| Refusal::Failed("clientDataJSON"))?;
    if data.r#type != expected.kind {
        return Err(Refusal::Failed("clientDataJSON.type"));
    }
    let same = data
        .challenge
        .as_bytes()
        .ct_eq(expected.challenge.as_bytes());
    if !bool::from(same) {
        return Err(Refusal::Failed("clientDataJSON.challenge"));
    }
    if data.origin != expected.origin {
        return Err(Refusal::Failed("clientDataJSON.origin"));
    }
    // This relying party's pages are never framed.
    if data.cross_origin == Some(true) {
        return Err(Refusal::Failed("clientDataJSON.crossOrigin"));
    }
    if data.top_origin.is_some() {
        return Err(Refusal::Failed("clientDataJSON.topOrigin"));
    }
    Ok(ClientDataHash(sha256(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(json: &str) -> bool {
        let expected = Expected {
            kind: "webauthn.get",
            challenge: "AAAA",
            origin: "http://localhost:8080",
        };
        check(json.as_bytes(), &expected).is_ok()
    }

    #[test]
    fn only_the_expected_client_data_passes() {
        let with = |tail: &str| {
            format!(
                r#"{{"type":"webauthn.get","challenge":"AAAA","origin":"http://localhost:8080"{tail}}}"#
            )
        };
        for good in [
            "",
            r#","crossOrigin":false"#,
            r#","other":1"#,
            r#","tokenBinding":{"status":"supported"}"#,
            r#","tokenBinding":{"status":"present","id":"AA"}"#,
        ] {
            assert!(passes(&with(good)), "{good}");
        }
        for bad in [
            r#","crossOrigin":true"#,
            r#","topOrigin":"http://localhost:8080""#,
            r#","type":"webauthn.get""#,
            r#","other":1,"other":1"#,
            r#","other":{"a":1,"\u0061":1}"#,
            r#","crossOrigin":1"#,
            r#","tokenBinding":{"status":"maybe"}"#,
            r#","tokenBinding":{}"#,
            r#","tokenBinding":"present""#,
        ] {
            assert!(!passes(&with(bad)), "{bad}");
        }
        for (part, other) in [
            ("webauthn.get", "webauthn.create"),
            ("AAAA", "AAAB"),
            ("localhost:8080", "localhost:8081"),
            ("localhost:8080", "localhost:8080/"),
        ] {
            assert!(!passes(&with("").replace(part, other)), "{other}");
        }
    }
}
