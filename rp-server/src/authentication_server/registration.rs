//! Registration (WebAuthn Level 3 section 7.1; ISO/IEC 27553-1 A.3.2 steps c and i).

use serde_json::{Value, json};
use webauthn_rs::prelude::{CreationChallengeResponse, Credential, RegisterPublicKeyCredential};

use super::ceremony::State;
use super::local::LocalAuthenticationServer;
use super::verified::NewCredential;
use super::wire::{self, attestation_object, client_data, presentation_attack_detection};
use super::{
    CeremonyToken, Challenge, CredentialState, Failures, MIEN_AAGUID, Refusal, Registrant, UserId,
    VerifiedRegistration,
};
use crate::attestation::{self, AttestationType};
use crate::config::Attestation;
use crate::json;
use crate::presentation_attack_detection::Layer;
use crate::user_verification::UserVerification;

/// Makes the challenge. Credentials that the user already has are excluded.
pub(super) async fn begin(
    server: &LocalAuthenticationServer,
    registrant: Registrant,
) -> Result<Challenge, Refusal> {
    let held = server.store.credentials_of(registrant.user).await?;
    let exclude = held
        .iter()
        .map(|record| record.id.as_bytes().to_vec())
        .collect();
    let (options, state) = server.webauthn.start_passkey_registration(
        registrant.user.0,
        &registrant.name,
        &registrant.display_name,
        Some(exclude),
    )?;
    let challenge = options.public_key.challenge.clone();
    let public_key = creation_options(server, &options)?;
    let state = State::registration(registrant, &challenge, state);
    server.begun(state, public_key).await
}

/// `PublicKeyCredentialCreationOptionsJSON`. webauthn-rs asks for a non-discoverable credential and has no
/// room for an extension of ours, so the JSON is completed here.
fn creation_options(
    server: &LocalAuthenticationServer,
    options: &CreationChallengeResponse,
) -> Result<Value, Refusal> {
    let mut public_key = serde_json::to_value(&options.public_key)
        .map_err(|_| Refusal::Internal("options cannot be written"))?;
    let members = public_key
        .as_object_mut()
        .ok_or(Refusal::Internal("options are not an object"))?;
    members.insert("timeout".into(), json!(server.lifetime_ms));
    members.insert(
        "attestation".into(),
        json!(server.policy.conveyance().as_str()),
    );
    members.insert(
        "authenticatorSelection".into(),
        json!({
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        }),
    );
    let extensions = wire::ask(members)?;
    if server.policy.user_verification != UserVerification::Required {
        // Else the authenticator would not answer a sign-in without.
        let policy = "userVerificationOptionalWithCredentialIDList";
        extensions.insert("credentialProtectionPolicy".into(), json!(policy));
    }
    extensions.insert(
        "mienAuthenticationServer".into(),
        json!({ "key": server.statements.public_key() }),
    );
    Ok(public_key)
}

/// Verifies the response.
pub(super) async fn finish(
    server: &LocalAuthenticationServer,
    token: &CeremonyToken,
    response: &[u8],
) -> Result<VerifiedRegistration, Refusal> {
    // Steps 1 to 4: parse. A body that is no response at all does not use up the ceremony.
    let response = parse(response)?;
    // From here on the challenge is spent, whatever comes of it.
    let State::Registration {
        user,
        name,
        display_name,
        existing,
        device,
        challenge,
        webauthn,
    } = server.take(token).await?
    else {
        return Err(Refusal::CeremonyUnknown);
    };
    let id = wire::envelope(&response.type_, &response.id, &response.raw_id)?;
    // Steps 5 to 11: client data.
    client_data::check(
        &response.response.client_data_json,
        &client_data::Expected {
            kind: "webauthn.create",
            challenge: &challenge,
            origin: &server.origin,
        },
    )?;
    // Step 13: the attestation object's form.
    let object = &response.response.attestation_object;
    let roots = server.policy.attestation_roots.as_ref();
    let told = attestation_object::check(object, id.as_bytes(), roots.is_some())?;
    // Steps 12 to 22: hashes, flags, algorithm, attestation statement.
    let passkey = server
        .webauthn
        .finish_passkey_registration(&response, &webauthn)?;
    let statement = Credential::from(passkey).attestation.data;
    let names_its_key = |algorithm| attestation::key_is_of(&statement, algorithm);
    if told.attestation == AttestationType::Certified && !told.algorithm.is_some_and(names_its_key)
    {
        return Err(Refusal::Failed("attestation algorithm"));
    }
    // Step 28, before the record is made: extension outputs. That of our own agent counts, and it must have one. An
    // enrolment shows no colours, so their layer is asked of sign-ins only.
    let layers = if told.aaguid == MIEN_AAGUID {
        let required = server.required_layers.without(Layer::Light);
        let extensions = told.extensions.as_deref();
        Some(presentation_attack_detection::require(
            extensions, &required,
        )?)
    } else {
        None
    };
    let methods = wire::uvm::read(told.extensions.as_deref())?;
    // Steps 23 and 24: only now that all of it is in order does the caller learn of the policy.
    let trusted = match (roots, told.attestation) {
        (Some(roots), AttestationType::Certified) => {
            roots.lead_from(&statement, server.clock.now_ms())
        }
        (Some(_), _) => false,
        (None, AttestationType::None) => server.policy.attestation == Attestation::None,
        (None, _) => true,
    };
    if !trusted {
        return Err(Refusal::NotAllowed("attestation"));
    }
    if !server.policy.admits(told.aaguid) {
        return Err(Refusal::NotAllowed("AAGUID"));
    }
    // Step 26: nobody else may hold this credential ID. The store's primary key holds it against races.
    if server.store.credential(&id).await?.is_some() {
        return Err(Refusal::Failed("credential ID is taken"));
    }
    let registrant = Registrant {
        user: UserId(user),
        name,
        display_name,
        existing,
        device,
    };
    // Step 27: the record, from the bytes that were verified.
    let state = CredentialState {
        sign_count: told.sign_count,
        uv_initialized: told.flags.user_verified(),
        user_verified: told.flags.user_verified(),
        backup_state: told.flags.backup_state(),
        failures: Failures::default(),
    };
    let credential = NewCredential {
        id,
        public_key: told.public_key,
        state,
        backup_eligible: told.flags.backup_eligible(),
        transports: transports(&response),
        aaguid: told.aaguid,
        layers,
        methods,
        attestation: told.attestation,
    };
    Ok(VerifiedRegistration::new(registrant, credential))
}

/// `RegistrationResponseJSON`. webauthn-rs takes a list for the outputs of client extensions, which are an object.
fn parse(text: &[u8]) -> Result<RegisterPublicKeyCredential, Refusal> {
    let malformed = |e| Refusal::Malformed(json::reason(&e));
    let credential = json::object(text).map_err(malformed)?;
    let outputs = credential.get("clientExtensionResults");
    if outputs.is_some_and(|outputs| !outputs.is_object()) {
        let what = "clientExtensionResults is of a wrong type";
        return Err(Refusal::Malformed(what.to_owned()));
    }
    serde_json::from_value(Value::Object(credential)).map_err(malformed)
}

/// The transports that the client told, those that we know, each once. A hint that nobody signed.
fn transports(response: &RegisterPublicKeyCredential) -> Vec<String> {
    let told = serde_json::to_value(&response.response.transports).unwrap_or_default();
    let told = told.as_array().map(Vec::as_slice).unwrap_or_default();
    ["usb", "nfc", "ble", "hybrid", "internal"]
        .into_iter()
        .filter(|known| told.iter().any(|name| name == known))
        .map(str::to_owned)
        .collect()
}
