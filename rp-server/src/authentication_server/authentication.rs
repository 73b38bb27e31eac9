//! Authentication (WebAuthn Level 3 section 7.2; ISO/IEC 27553-1 A.3.3 steps c and i).

use serde_json::{Value, json};
use webauthn_rs::prelude::PublicKeyCredential;

use super::ceremony::{AskedState, State};
use super::local::LocalAuthenticationServer;
use super::wire::{self, authenticator_data, client_data, presentation_attack_detection};
use super::{
    Asked, CeremonyToken, Challenge, CredentialId, CredentialKind, Refusal, UserId,
    VerifiedAuthentication,
};
use crate::encoding::base64url;

/// Makes the challenge. The list of allowed credentials is empty (discoverable), the user's, or a decoy.
pub(super) async fn begin(
    server: &LocalAuthenticationServer,
    asked: Asked,
) -> Result<Challenge, Refusal> {
    let allowed: Vec<CredentialId> = match &asked {
        Asked::Anyone => Vec::new(),
        Asked::User(user) => {
            let held = server.store.credentials_of(*user).await?;
            held.into_iter().map(|record| record.id).collect()
        }
        Asked::Nobody { name_key } => vec![server.decoys.credential_id(name_key)?],
    };
    // webauthn-rs calls this conditional mediation; the state is the same for a modal one, and we check the
    // list of allowed credentials ourselves.
    let (options, webauthn) = server.webauthn.start_discoverable_authentication()?;
    let state = State::Authentication {
        asked: AskedState::from(&asked),
        challenge: base64url(&options.public_key.challenge),
        webauthn,
    };
    let mut public_key = serde_json::to_value(&options.public_key)
        .map_err(|_| Refusal::Internal("options cannot be written"))?;
    let members = public_key
        .as_object_mut()
        .ok_or(Refusal::Internal("options are not an object"))?;
    members.insert("timeout".into(), json!(server.lifetime_ms));
    let list: Vec<Value> = allowed
        .iter()
        .map(|id| json!({ "type": "public-key", "id": id.to_string() }))
        .collect();
    members.insert("allowCredentials".into(), Value::Array(list));
    presentation_attack_detection::ask(members)?;
    server.begun(state, public_key).await
}

/// Verifies the response.
pub(super) async fn finish(
    server: &LocalAuthenticationServer,
    token: &CeremonyToken,
    response: &[u8],
) -> Result<VerifiedAuthentication, Refusal> {
    // Steps 1 to 4: parse. A body that is no response at all does not use up the ceremony.
    let response: PublicKeyCredential =
        serde_json::from_slice(response).map_err(|e| Refusal::Malformed(e.to_string()))?;
    // From here on the challenge is spent, whatever comes of it.
    let State::Authentication {
        asked,
        challenge,
        webauthn,
    } = server.take(token).await?
    else {
        return Err(Refusal::CeremonyUnknown);
    };
    let id = wire::envelope(&response.type_, &response.id, &response.raw_id)?;
    // Steps 8 to 14: client data.
    client_data::check(
        &response.response.client_data_json,
        &client_data::Expected {
            kind: "webauthn.get",
            challenge: &challenge,
            origin: &server.origin,
        },
    )?;
    // Section 6.1: an assertion's authenticator data has no attested credential data and no tail.
    let parts = authenticator_data::parse(&response.response.authenticator_data)?;
    if parts.attested.is_some() {
        return Err(Refusal::Failed("attested credential data in an assertion"));
    }
    // Step 7: the credential record.
    let Some(record) = server.store.credential(&id).await? else {
        return Err(Refusal::UnknownCredential {
            statement: server.state_unregistered(&id).await?,
            credential: id,
        });
    };
    // Step 6: the user who was asked owns the credential, and so does the user handle.
    check_owner(asked, response.response.user_handle.as_deref(), record.user)?;
    // Steps 15 to 24: rpIdHash, flags, signature, counter.
    let record_kind = record.kind();
    let before = record.passkey;
    let result = server
        .webauthn
        .finish_discoverable_authentication_v2(&response, webauthn, &before)?;
    if !result.user_verified() {
        return Err(Refusal::Failed("user not verified"));
    }
    // Step 18: extension outputs. Only our own agent has one, and it must: what it leaves out, it did not do.
    let layers = match record_kind {
        CredentialKind::MienFace => Some(presentation_attack_detection::require(
            parts.extensions,
            &server.required_layers,
        )?),
        CredentialKind::Passkey => None,
    };
    // Step 26: the record as it shall be.
    let mut after = before.clone();
    after
        .update_credential(&result)
        .ok_or(Refusal::Internal("another credential's result"))?;
    Ok(VerifiedAuthentication::new(
        record.user,
        id,
        before,
        after,
        layers,
    ))
}

/// WebAuthn Level 3 section 7.2 step 6.
fn check_owner(asked: AskedState, handle: Option<&[u8]>, owner: UserId) -> Result<(), Refusal> {
    if handle.is_some_and(|handle| handle != owner.as_bytes()) {
        return Err(Refusal::Failed("user handle of another user"));
    }
    match asked {
        AskedState::Anyone if handle.is_none() => Err(Refusal::Failed("no user handle")),
        AskedState::Anyone => Ok(()),
        AskedState::User(user) if UserId(user) == owner => Ok(()),
        AskedState::User(_) | AskedState::Nobody => {
            Err(Refusal::Failed("credential of another user"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn owner_and_handle_and_asked_user_are_one() {
        let ada = UserId(Uuid::from_u128(1));
        let bob = UserId(Uuid::from_u128(2));
        let passes = |asked, handle: Option<UserId>| {
            check_owner(asked, handle.as_ref().map(UserId::as_bytes), ada).is_ok()
        };
        assert!(passes(AskedState::Anyone, Some(ada)));
        assert!(passes(AskedState::User(ada.0), Some(ada)));
        assert!(passes(AskedState::User(ada.0), None));
        assert!(!passes(AskedState::Anyone, None));
        assert!(!passes(AskedState::Anyone, Some(bob)));
        assert!(!passes(AskedState::User(ada.0), Some(bob)));
        assert!(!passes(AskedState::User(bob.0), Some(ada)));
        assert!(!passes(AskedState::User(bob.0), None));
        assert!(!passes(AskedState::Nobody, Some(ada)));
        assert!(!passes(AskedState::Nobody, None));
    }
}
