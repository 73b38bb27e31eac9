//! Client extension outputs, `clientExtensionResults` of both responses.

use secret::Secret;
use serde::Serialize;

use crate::authenticator::user_verification_method;
use crate::encoding::{exposed, to_base64url};

/// The outputs; what was not asked for is left out.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outputs {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cred_props: Option<CredProps>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prf: Option<Prf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uvm: Option<[[u64; 3]; 1]>,
}

/// Level 3, 10.1.3: every credential here is discoverable.
#[derive(Serialize)]
pub(super) struct CredProps {
    pub(super) rk: bool,
}

/// Level 3, 10.1.4. The results are keys: they go to the page that asked, and nowhere else.
#[derive(Serialize)]
pub(super) struct Prf {
    /// In registrations only.
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Results>,
}

#[derive(Serialize)]
struct Results {
    first: Base64url,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<Base64url>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Base64url(#[serde(serialize_with = "exposed")] Secret<String>);

impl Prf {
    /// A new credential has the function in any case.
    pub(super) fn of_registration(outputs: Option<&Secret<Vec<u8>>>) -> Self {
        Self {
            enabled: Some(true),
            results: outputs.and_then(results),
        }
    }

    pub(super) fn of_authentication(outputs: Option<&Secret<Vec<u8>>>) -> Self {
        Self {
            enabled: None,
            results: outputs.and_then(results),
        }
    }
}

/// One output of 32 bytes or two.
fn results(outputs: &Secret<Vec<u8>>) -> Option<Results> {
    let mut outputs = outputs.expose_secret("told to the page").chunks(32);
    let mut next = || {
        let text = outputs.next().map(to_base64url);
        text.map(|text| Base64url(Secret::new(text)))
    };
    Some(Results {
        first: next()?,
        second: next(),
    })
}

impl Outputs {
    /// The outputs that repeat those of the authenticator, given the extensions that it was asked for.
    pub(super) fn of_authenticator(asked: &[String]) -> Self {
        let asked = |identifier| asked.iter().any(|name| name == identifier);
        Self {
            cred_props: None,
            prf: None,
            // Level 2, 10.3.
            uvm: asked(user_verification_method::IDENTIFIER)
                .then_some([user_verification_method::METHOD]),
        }
    }
}
