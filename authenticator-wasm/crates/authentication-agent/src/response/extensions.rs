//! Client extension outputs, `clientExtensionResults` of both responses.

use serde::Serialize;

use crate::authenticator::user_verification_method;

/// The outputs; what was not asked for is left out.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outputs {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cred_props: Option<CredProps>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uvm: Option<[[u64; 3]; 1]>,
}

/// Level 3, 10.1.3: every credential here is discoverable.
#[derive(Serialize)]
pub(super) struct CredProps {
    pub(super) rk: bool,
}

impl Outputs {
    /// The outputs that repeat those of the authenticator, given the extensions that it was asked for.
    pub(super) fn of_authenticator(asked: &[String]) -> Self {
        let asked = |identifier| asked.iter().any(|name| name == identifier);
        Self {
            cred_props: None,
            // Level 2, 10.3.
            uvm: asked(user_verification_method::IDENTIFIER)
                .then_some([user_verification_method::METHOD]),
        }
    }
}
