//! Authentication (WebAuthn Level 3 section 7.2; ISO/IEC 27553-1 A.3.3 steps c and i).

use serde_json::{Value, json};

use super::assertion::{Expectation, Form};
use super::ceremony::{AskedState, State};
use super::local::LocalAuthenticationServer;
use super::wire::presentation_attack_detection;
use super::{Asked, CeremonyToken, Challenge, CredentialId, Refusal, VerifiedAuthentication};
use crate::encoding::base64url;
use crate::random;

/// Makes the challenge. The list of allowed credentials is empty (discoverable), the user's, or a decoy.
pub(super) async fn begin(
    server: &LocalAuthenticationServer,
    asked: Asked,
) -> Result<Challenge, Refusal> {
    let (allowed, asked) = match asked {
        Asked::Anyone => (Vec::new(), AskedState::Anyone),
        Asked::User(user) => {
            let held = server.store.credentials_of(user).await?;
            let allowed: Vec<String> = held.iter().map(|record| record.id.to_string()).collect();
            let user = user.0;
            (allowed.clone(), AskedState::User { user, allowed })
        }
        Asked::Nobody { name_key } => {
            let decoy: CredentialId = server.decoys.credential_id(&name_key)?;
            (vec![decoy.to_string()], AskedState::Nobody)
        }
    };
    let challenge = base64url(&random::bytes::<32>()?);
    let list: Vec<Value> = allowed
        .iter()
        .map(|id| json!({ "type": "public-key", "id": id }))
        .collect();
    let mut public_key = json!({
        "challenge": challenge,
        "timeout": server.lifetime_ms,
        "rpId": server.rp_id,
        "allowCredentials": list,
        "userVerification": "required",
    });
    let members = public_key
        .as_object_mut()
        .ok_or(Refusal::Internal("options are not an object"))?;
    presentation_attack_detection::ask(members)?;
    let state = State::Authentication { asked, challenge };
    server.begun(state, public_key).await
}

/// Verifies the response.
pub(super) async fn finish(
    server: &LocalAuthenticationServer,
    token: &CeremonyToken,
    response: &[u8],
) -> Result<VerifiedAuthentication, Refusal> {
    // A body that is no response at all does not use up the ceremony.
    let form = Form::parse(response)?;
    // From here on the challenge is spent, whatever comes of it.
    let State::Authentication { asked, challenge } = server.take(token).await? else {
        return Err(Refusal::CeremonyUnknown);
    };
    let expectation = Expectation {
        challenge: &challenge,
        origin: &server.origin,
        rp_id_hash: &server.rp_id_hash,
        required_layers: &server.required_layers,
    };
    let response = form.check()?;
    let allowed = response.allowed(&asked)?;
    let id = allowed.credential_id();
    let Some(record) = server.store.credential(id).await? else {
        return Err(Refusal::UnknownCredential {
            statement: server.state_unregistered(id).await?,
            credential: id.clone(),
        });
    };
    let verified = allowed
        .identify(&record)?
        .client_data(&expectation)?
        .authenticator_data(&expectation)?
        .signature()?
        .sign_count()?
        .extensions(&expectation)?;
    // Only whoever holds the key learns of the policy.
    if !server.policy.admits(record.aaguid) {
        return Err(Refusal::NotAllowed("AAGUID"));
    }
    Ok(verified)
}
