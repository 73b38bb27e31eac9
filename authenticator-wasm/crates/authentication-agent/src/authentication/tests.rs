//! Authentication, 27553-1 A.3.3: each step on the device done right and abused.
use biometric_system::Decision;
use ctap2::AuthenticatorData;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use serde_json::{Value, json};

use super::begin;
use crate::credential_record::CredentialRecord;
use crate::encoding::{from_base64url, sha256, to_base64url};
use crate::test_support::*;

fn bytes(response: &Value, pointer: &str) -> Vec<u8> {
    from_base64url(response.pointer(pointer).unwrap().as_str().unwrap()).unwrap()
}

/// A whole authentication; the record as stored, and the response.
fn authenticated(
    env: &mut Double,
    seed: u8,
    records: Vec<CredentialRecord>,
) -> (CredentialRecord, Value) {
    let state = authenticating(&request_options(seed, &[]), records);
    let Decision::Accepted(proof) = Person::Enrolled.look(state.ceremony(), state.reference())
    else {
        panic!("the enrolled person is accepted");
    };
    let state = state.verified(proof, env).unwrap();
    let record = reread(state.record());
    (record, answered(state.stored()))
}

#[test]
fn authentication_step_d_refuses_a_foreign_origin() {
    let options = request_options(1, &[]).to_string();
    for origin in [
        "https://evil.example",
        "https://example",
        "https://evilrp.example",
        "http://sub.rp.example",
        "http://rp.example",
        "null",
    ] {
        assert_eq!(code(begin(origin, &options)), "security", "{origin}");
    }
    for origin in [ORIGIN, "https://sub.rp.example"] {
        assert_eq!(code(begin(origin, &options)), "ok", "{origin}");
    }
}

#[test]
fn authentication_step_e_finds_only_what_may_answer() {
    let mut env = Double::new();
    let (mine, _) = registered(&mut env, &creation_options(1, b"user"));
    let id = mine.credential_id().to_vec();
    let begun = |allow: &[&[u8]]| begin(ORIGIN, &request_options(2, allow).to_string()).unwrap();
    assert_eq!(begun(&[]).rp_id(), "rp.example");
    let copy = || reread(&mine);
    assert_eq!(code(begun(&[]).with_credentials(vec![copy()])), "ok");
    assert_eq!(code(begun(&[&id]).with_credentials(vec![copy()])), "ok");
    assert_eq!(
        code(begun(&[&[1; 32]]).with_credentials(vec![copy()])),
        "not-allowed"
    );
    assert_eq!(
        code(begun(&[&id]).with_credentials(Vec::new())),
        "not-allowed"
    );
}

#[test]
fn authentication_step_e_passes_over_other_sites_and_dead_records() {
    let mut env = Double::new();
    let (mut elsewhere, _) = registered(&mut env, &creation_options(1, b"user"));
    elsewhere.rp_id = crate::RpId::parse("other.example").unwrap();
    let (mut dead, _) = registered(&mut env, &creation_options(1, b"user"));
    dead.reference = secret::Secret::new(b"MBR1\x05older".to_vec());
    let state = begin(ORIGIN, &request_options(2, &[]).to_string()).unwrap();
    assert_eq!(
        code(state.with_credentials(vec![elsewhere, dead])),
        "not-allowed"
    );
}

#[test]
fn authentication_step_e_prefers_the_latest_and_lets_the_person_choose() {
    let mut env = Double::new();
    let mut records = Vec::new();
    for user in [b"one", b"two", b"six"] {
        env.now_ms += 1_000;
        records.push(registered(&mut env, &creation_options(1, user)).0);
    }
    let middle = records[1].credential_id().to_vec();
    let state = authenticating(&request_options(2, &[]), records);
    assert_eq!(state.record().user_id(), b"six");
    let others: Vec<_> = state
        .others()
        .iter()
        .map(CredentialRecord::user_id)
        .collect();
    assert_eq!(others, [b"two", b"one"]);
    let state = state.choose(&middle).unwrap();
    assert_eq!(state.record().user_id(), b"two");
    let others: Vec<_> = state
        .others()
        .iter()
        .map(CredentialRecord::user_id)
        .collect();
    assert_eq!(others, [b"six", b"one"]);
    let state = state.choose(&middle).unwrap();
    assert_eq!(state.record().user_id(), b"two");
    assert_eq!(code(state.choose(&[0; 32])), "not-allowed");
}

#[test]
fn authentication_step_f_another_person_gets_no_proof() {
    let mut env = Double::new();
    let (record, _) = registered(&mut env, &creation_options(1, b"user"));
    let state = authenticating(&request_options(2, &[]), vec![record]);
    let look = Person::Other.look(state.ceremony(), state.reference());
    assert!(matches!(look, Decision::Refused));
}

#[test]
fn authentication_step_g_signs_what_the_server_can_verify_alone() {
    let mut env = Double::new();
    let (record, registration) = registered(&mut env, &creation_options(1, b"user"));
    env.now_ms += 60_000;
    let (stored, response) = authenticated(&mut env, 2, vec![record]);
    let client_data: Value =
        serde_json::from_slice(&bytes(&response, "/response/clientDataJSON")).unwrap();
    assert_eq!(
        client_data,
        json!({
            "type": "webauthn.get",
            "challenge": to_base64url(&challenge(2)),
            "origin": ORIGIN,
            "crossOrigin": false,
        })
    );
    let data = bytes(&response, "/response/authenticatorData");
    let parsed = AuthenticatorData::parse(&data).unwrap();
    assert_eq!(parsed.rp_id_hash, sha256(b"rp.example"));
    assert_eq!(parsed.flags.to_byte(), 0b0000_0101);
    assert_eq!((parsed.sign_count, parsed.attested), (1, None));
    assert!(parsed.extensions.is_some(), "signed with the rest");
    let spki = bytes(&registration, "/response/publicKey");
    let key = VerifyingKey::from_public_key_der(&spki).unwrap();
    let hash = sha256(&bytes(&response, "/response/clientDataJSON"));
    let message = [data, hash.to_vec()].concat();
    let signature = bytes(&response, "/response/signature");
    let signature = DerSignature::try_from(signature.as_slice()).unwrap();
    assert!(key.verify(&message, &signature).is_ok());
    assert_eq!(response["id"], registration["id"]);
    assert_eq!(response["rawId"], registration["id"]);
    assert_eq!(response["type"], "public-key");
    assert_eq!(bytes(&response, "/response/userHandle"), b"user");
    assert_eq!(response["clientExtensionResults"], json!({}));
    assert_eq!((stored.sign_count(), stored.used_ms()), (1, env.now_ms));
}

#[test]
fn authentication_evaluates_prf_of_the_credential_that_signs() {
    let mut env = Double::new();
    let mut options = creation_options(1, b"user");
    options["extensions"] = json!({"prf": {"eval": {"first": "AAAA"}}});
    let (mut record, registration) = registered(&mut env, &options);
    let first = &registration["clientExtensionResults"]["prf"]["results"]["first"];
    let id = record.credential_id().to_vec();
    let by_credential = json!({ to_base64url(&id): {"first": "AAAA", "second": "AAAA"} });
    for (allow, prf, told) in [
        (
            &[][..],
            json!({"eval": {"first": "AAAA"}}),
            json!({"results": {"first": first}}),
        ),
        (
            &[id.as_slice()],
            json!({"eval": {"first": "AAAB"}, "evalByCredential": by_credential}),
            json!({"results": {"first": first, "second": first}}),
        ),
        (&[id.as_slice()], json!({}), json!({})),
    ] {
        let mut options = request_options(2, allow);
        options["extensions"] = json!({ "prf": prf });
        let state = authenticating(&options, vec![record]);
        let proof = proof(state.ceremony());
        let state = state.verified(proof, &mut env).unwrap();
        record = reread(state.record());
        let response = answered(state.stored());
        assert_eq!(response["clientExtensionResults"], json!({ "prf": told }));
        // Nothing of it is in signed data, which travels.
        let data = bytes(&response, "/response/authenticatorData");
        assert_eq!(data.len(), 37);
    }
    // A credential from before is not refused; it has no results.
    record.cred_random = None;
    let mut options = request_options(3, &[]);
    options["extensions"] = json!({"prf": {"eval": {"first": "AAAA"}}});
    let state = authenticating(&options, vec![record]);
    let proof = proof(state.ceremony());
    let response = answered(state.verified(proof, &mut env).unwrap().stored());
    assert_eq!(response["clientExtensionResults"], json!({"prf": {}}));
    let other = [9; 32];
    for (allow, refusal) in [(&[][..], "not-supported"), (&[other.as_slice()], "syntax")] {
        let mut options = request_options(4, allow);
        options["extensions"] = json!({"prf": {"evalByCredential": by_credential}});
        let refused = code(begin(ORIGIN, &options.to_string()));
        assert_eq!(refused, refusal);
    }
}

#[test]
fn authentication_tells_how_the_user_was_verified_when_asked() {
    let mut env = Double::new();
    let (record, _) = registered(&mut env, &creation_options(1, b"user"));
    let mut options = request_options(2, &[]);
    options["extensions"] = json!({"uvm": true, "mienPad": true, "minPinLength": true});
    let state = authenticating(&options, vec![record]);
    let proof = proof(state.ceremony());
    let state = state.verified(proof, &mut env).unwrap();
    let response: Value = answered(state.stored());
    let told = json!({"uvm": [[16, 1, 1]]});
    assert_eq!(response["clientExtensionResults"], told);
    let data = bytes(&response, "/response/authenticatorData");
    let start = b"\xa2\x63uvm\x81\x83\x10\x01\x01\x67mienPad";
    assert!(data[37..].starts_with(start));
}

#[test]
fn authentication_step_g_tells_the_layers_of_this_look_only_when_asked() {
    let mut env = Double::new();
    let (mut record, _) = registered(&mut env, &creation_options(1, b"user"));
    for (seed, asked, told) in [
        (2, json!(true), true),
        (3, json!(true), true),
        (4, json!(false), false),
        (5, Value::Null, false),
    ] {
        let mut options = request_options(seed, &[]);
        options["extensions"] = json!({"mienPad": asked});
        let state = authenticating(&options, vec![record]);
        let ceremony = state.ceremony();
        let state = state.verified(proof(ceremony), &mut env).unwrap();
        record = reread(state.record());
        let response: Value = answered(state.stored());
        let data = bytes(&response, "/response/authenticatorData");
        let tail = told.then(|| mien_pad(ceremony));
        assert_eq!(data[32], if told { 0x85 } else { 0x05 }, "{seed}");
        assert_eq!(data[37..], tail.unwrap_or_default(), "{seed}");
    }
}

#[test]
fn authentication_step_g_refuses_a_look_of_another_challenge() {
    let mut env = Double::new();
    let (record, _) = registered(&mut env, &creation_options(1, b"user"));
    let earlier = authenticating(&request_options(2, &[]), vec![reread(&record)]);
    let stale = proof(earlier.ceremony());
    let state = authenticating(&request_options(3, &[]), vec![record]);
    assert_eq!(code(state.verified(stale, &mut env)), "not-allowed");
}

#[test]
fn authentication_step_g_refuses_the_look_of_a_registration_with_the_same_challenge() {
    let mut env = Double::new();
    let (record, _) = registered(&mut env, &creation_options(1, b"user"));
    let options = creation_options(2, b"user").to_string();
    let registering = crate::registration::begin(ORIGIN, &options).unwrap();
    let other_kind = proof(registering.ceremony());
    let state = authenticating(&request_options(2, &[]), vec![record]);
    assert_eq!(code(state.verified(other_kind, &mut env)), "not-allowed");
}

#[test]
fn authentication_step_g_counts_each_use() {
    let mut env = Double::new();
    let (mut record, _) = registered(&mut env, &creation_options(1, b"user"));
    for count in 1..=3 {
        let (stored, response) = authenticated(&mut env, 1 + count, vec![record]);
        let data = bytes(&response, "/response/authenticatorData");
        let data = AuthenticatorData::parse(&data).unwrap();
        assert_eq!(data.sign_count, u32::from(count));
        record = stored;
    }
    // A use that was stored and never answered still counts.
    let state = authenticating(&request_options(9, &[]), vec![record]);
    let proof = proof(state.ceremony());
    let state = state.verified(proof, &mut env).unwrap();
    assert_eq!(reread(state.record()).sign_count(), 4);
}

#[test]
fn authentication_step_g_a_counter_at_its_end_signs_no_more() {
    let mut env = Double::new();
    let (mut record, _) = registered(&mut env, &creation_options(1, b"user"));
    record.sign_count = u32::MAX;
    let state = authenticating(&request_options(2, &[]), vec![record]);
    let proof = proof(state.ceremony());
    assert_eq!(code(state.verified(proof, &mut env)), "unknown");
}

#[test]
fn authentication_step_h_response_holds_nothing_secret() {
    let mut env = Double::new();
    let (record, _) = registered(&mut env, &creation_options(1, b"user"));
    let key = to_base64url(record.key.as_secret().expose_secret("test"));
    let reference = to_base64url(&record.reference.expose_secret("test")[12..48]);
    let (_, response) = authenticated(&mut env, 2, vec![record]);
    let text = response.to_string();
    assert!(!text.contains(&key) && !text.contains(&reference));
    assert!(!text.contains("ada") && !text.contains("Ada"));
}
