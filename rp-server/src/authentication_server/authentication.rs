//! Authentication (WebAuthn Level 3 section 7.2; ISO/IEC 27553-1 A.3.3 steps c and i).

use serde_json::{Value, json};
use uuid::Uuid;

use super::assertion::{Expectation, Form, Present, Signed};
use super::attempts;
use super::ceremony::{AskedState, State};
use super::local::LocalAuthenticationServer;
use super::wire;
use super::{Asked, CeremonyToken, Challenge, Refusal, UserId, VerifiedAuthentication};
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
            listed(user.0, allowed, false)
        }
        // The same work as for an account, or the time would tell.
        Asked::Nobody { name_key } => {
            let decoy = server.decoys.of_name(&name_key)?;
            server.store.credentials_of(UserId(decoy.user)).await?;
            let allowed: Vec<String> = decoy.credentials.iter().map(ToString::to_string).collect();
            listed(decoy.user, allowed, true)
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
        "userVerification": server.policy.user_verification.as_str(),
    });
    let members = public_key
        .as_object_mut()
        .ok_or(Refusal::Internal("options are not an object"))?;
    wire::ask(members)?;
    let state = State::Authentication { asked, challenge };
    server.begun(state, public_key).await
}

fn listed(user: Uuid, allowed: Vec<String>, decoy: bool) -> (Vec<String>, AskedState) {
    let asked = AskedState::User {
        user,
        allowed: allowed.clone(),
        decoy,
    };
    (allowed, asked)
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
        user_verification: server.policy.user_verification,
    };
    let response = form.check()?;
    let allowed = response.allowed(&asked)?;
    let id = allowed.credential_id();
    let found = server.store.credential(id).await?;
    let record = match (&asked, found) {
        (
            AskedState::User {
                user, decoy: true, ..
            },
            _,
        ) => server.decoys.record(id, *user),
        (_, Some(record)) => record,
        (_, None) => {
            return Err(Refusal::UnknownCredential {
                statement: server.state_unregistered(id).await?,
                credential: id.clone(),
            });
        }
    };
    let expected = allowed.identify(&record)?.client_data(&expectation)?;
    let held = expected.made_by_holder();
    let verdict = expected
        .authenticator_data(&expectation)
        .and_then(Present::signature)
        .and_then(Signed::sign_count)
        .and_then(|advanced| advanced.extensions(&expectation));
    if matches!(asked, AskedState::User { decoy: true, .. }) {
        return Err(Refusal::Failed("nobody was asked"));
    }
    let verified = if held {
        attempts::judge(server, &record, verdict).await?
    } else {
        verdict?
    };
    // Only whoever holds the key learns of the policy, and it is no failure of theirs.
    if !server.policy.admits(record.aaguid) {
        return Err(Refusal::NotAllowed("AAGUID"));
    }
    Ok(verified)
}
