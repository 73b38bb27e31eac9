//! Wire types of the options. Unknown members and enumeration values are passed over, as WebAuthn
//! prescribes for both; wrong types are refused.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreationOptions {
    pub(super) rp: Rp,
    pub(super) user: User,
    pub(super) challenge: String,
    pub(super) pub_key_cred_params: Vec<Parameters>,
    pub(super) exclude_credentials: Option<Vec<Descriptor>>,
    pub(super) authenticator_selection: Option<Selection>,
    pub(super) attestation: Option<String>,
    pub(super) extensions: Option<Extensions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestOptions {
    pub(super) challenge: String,
    pub(super) rp_id: Option<String>,
    pub(super) allow_credentials: Option<Vec<Descriptor>>,
    pub(super) extensions: Option<RequestExtensions>,
}

#[derive(Deserialize)]
pub(super) struct Rp {
    pub(super) id: Option<String>,
    pub(super) name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) display_name: String,
}

#[derive(Deserialize)]
pub(super) struct Parameters {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) alg: i64,
}

#[derive(Deserialize)]
pub(super) struct Descriptor {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Selection {
    pub(super) authenticator_attachment: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extensions {
    pub(super) cred_props: Option<bool>,
    pub(super) mien_authentication_server: Option<AuthenticationServer>,
    /// Ours: whether authenticator data shall tell which layers of presentation attack detection were passed.
    pub(super) mien_pad: Option<bool>,
    pub(super) uvm: Option<bool>,
    pub(super) credential_protection_policy: Option<String>,
    pub(super) enforce_credential_protection_policy: Option<bool>,
    pub(super) prf: Option<Prf>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestExtensions {
    pub(super) mien_pad: Option<bool>,
    pub(super) uvm: Option<bool>,
    pub(super) prf: Option<Prf>,
}

/// AuthenticationExtensionsPRFInputsJSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Prf {
    pub(super) eval: Option<PrfValues>,
    /// By credential ID, base64url.
    pub(super) eval_by_credential: Option<BTreeMap<String, PrfValues>>,
}

/// Inputs, base64url.
#[derive(Deserialize)]
pub(super) struct PrfValues {
    pub(super) first: String,
    pub(super) second: Option<String>,
}

/// Ours: the key under which the authentication server signs deregistration statements.
#[derive(Deserialize)]
pub(super) struct AuthenticationServer {
    /// Uncompressed P-256 point of SEC 1, 65 bytes, base64url.
    pub(super) key: String,
}
