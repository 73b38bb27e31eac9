//! Responses to the relying party: `RegistrationResponseJSON` and `AuthenticationResponseJSON` of
//! WebAuthn Level 3, 5.1 (`toJSON`).

mod extensions;

use ctap2::{AttestationObject, AttestationStatement, ES256, get_assertion, make_credential};
use extensions::{CredProps, Outputs, Prf};
use secret::Secret;
use serde::Serialize;

use crate::encoding::{to_base64url, to_secret_json};
use crate::error::Error;
use crate::options::{Assertion, Creation};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Credential<R> {
    id: String,
    raw_id: String,
    response: R,
    authenticator_attachment: &'static str,
    client_extension_results: Outputs,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: String,
    transports: [&'static str; 1],
    public_key: String,
    public_key_algorithm: i64,
    attestation_object: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: String,
    signature: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_handle: Option<String>,
}

/// Wraps the authenticator's answer to a registration.
pub(crate) fn registration(
    creation: &Creation,
    answer: make_credential::Response,
    prf: Option<Secret<Vec<u8>>>,
) -> Result<Secret<String>, Error> {
    let attested = answer.authenticator_data.attested.as_ref();
    let attested = attested.ok_or(Error::unknown("no credential in the answer"))?;
    let id = to_base64url(attested.credential_id.as_bytes());
    let public_key = to_base64url(&attested.public_key.to_spki_der()?);
    let authenticator_data = to_base64url(&answer.authenticator_data.to_bytes()?);
    // 5.1.3 step 22, conveyance "none": the statement is dropped. The AAGUID stays; it names this
    // agent's program, which the page has embedded, and no device.
    let statement = if creation.without_attestation {
        AttestationStatement::None
    } else {
        answer.statement
    };
    let attestation_object = AttestationObject {
        authenticator_data: answer.authenticator_data,
        statement,
    };
    let response = AttestationResponse {
        client_data_json: to_base64url(creation.client_data.json().as_bytes()),
        authenticator_data,
        transports: ["internal"],
        public_key,
        public_key_algorithm: ES256,
        attestation_object: to_base64url(&attestation_object.to_cbor()?),
    };
    let extensions = Outputs {
        cred_props: creation.cred_props.then_some(CredProps { rk: true }),
        prf: (creation.prf.as_ref()).map(|_| Prf::of_registration(prf.as_ref())),
        ..Outputs::of_authenticator(&creation.request.extensions)
    };
    to_json(id, response, extensions)
}

/// Wraps the authenticator's answer to an authentication.
pub(crate) fn authentication(
    assertion: &Assertion,
    answer: get_assertion::Response,
    prf: Option<Secret<Vec<u8>>>,
) -> Result<Secret<String>, Error> {
    let response = AssertionResponse {
        client_data_json: to_base64url(assertion.client_data.json().as_bytes()),
        authenticator_data: to_base64url(&answer.authenticator_data.to_bytes()?),
        signature: to_base64url(&answer.signature),
        user_handle: answer.user.map(|user| to_base64url(&user.id)),
    };
    let id = to_base64url(answer.credential_id.as_bytes());
    let extensions = Outputs {
        prf: (assertion.prf.as_ref()).map(|_| Prf::of_authentication(prf.as_ref())),
        ..Outputs::of_authenticator(&assertion.request.extensions)
    };
    to_json(id, response, extensions)
}

fn to_json<R: Serialize>(
    id: String,
    response: R,
    client_extension_results: Outputs,
) -> Result<Secret<String>, Error> {
    let credential = Credential {
        raw_id: id.clone(),
        id,
        response,
        authenticator_attachment: "platform",
        client_extension_results,
        kind: ctap2::credential::PUBLIC_KEY,
    };
    to_secret_json(&credential)
}
