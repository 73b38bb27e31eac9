//! Registration, 27553-1 A.3.2: each step on the device done right and abused.
use biometric_system::{CeremonyId, Decision};
use ctap2::cbor::Fields;
use ctap2::{AttestationObject, AttestationStatement, AuthenticatorData};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use serde_json::{Value, json};

mod attestation;

use super::{AwaitSamples, begin};
use crate::AAGUID;
use crate::consent::{Consent, NOTICE_VERSION};
use crate::encoding::{from_base64url, sha256, to_base64url};
use crate::test_support::*;

fn bytes(response: &Value, pointer: &str) -> Vec<u8> {
    from_base64url(response.pointer(pointer).unwrap().as_str().unwrap()).unwrap()
}

#[test]
fn registration_step_d_takes_the_origin_that_the_browser_reported() {
    let (_, response) = registered(&mut Double::new(), &creation_options(1, b"user"));
    let client_data = bytes(&response, "/response/clientDataJSON");
    let client_data: Value = serde_json::from_slice(&client_data).unwrap();
    assert_eq!(
        client_data,
        json!({
            "type": "webauthn.create",
            "challenge": to_base64url(&challenge(1)),
            "origin": ORIGIN,
            "crossOrigin": false,
        })
    );
}

#[test]
fn registration_step_d_refuses_a_foreign_origin() {
    let options = creation_options(1, b"user").to_string();
    for origin in [
        "https://evil.example",
        "https://rp.example.evil.example",
        "null",
        "",
    ] {
        assert_eq!(code(begin(origin, &options)), "security", "{origin:?}");
    }
}

#[test]
fn registration_step_e_asks_for_consent_and_then_for_an_enrolment() {
    let options = creation_options(1, b"user").to_string();
    let state = begin(ORIGIN, &options).unwrap();
    assert_eq!((state.rp_id(), state.user_name()), ("rp.example", "ada"));
    let ceremony = state.ceremony();
    let state = state.consented(consent()).unwrap();
    assert_eq!(state.rp_id(), "rp.example");
    let AwaitSamples::Enrol(state) = state.with_credentials(Vec::new()).unwrap() else {
        panic!("enrolment expected");
    };
    assert_eq!(state.ceremony(), ceremony);
}

#[test]
fn registration_step_e_refuses_consent_to_another_notice() {
    let options = creation_options(1, b"user").to_string();
    for version in [0, NOTICE_VERSION - 1, NOTICE_VERSION + 1] {
        let state = begin(ORIGIN, &options).unwrap();
        let other = Consent {
            version,
            ..consent()
        };
        assert_eq!(code(state.consented(other)), "not-allowed");
    }
}

#[test]
fn registration_step_e_refuses_malformed_challenges_before_any_camera() {
    let mut options = creation_options(1, b"user");
    for challenge in ["", "AAAA", "not base64url!"] {
        options["challenge"] = json!(challenge);
        assert_eq!(code(begin(ORIGIN, &options.to_string())), "data");
    }
}

#[test]
fn registration_step_e_known_account_needs_the_enrolled_face_to_replace() {
    let mut env = Double::new();
    let (existing, _) = registered(&mut env, &creation_options(1, b"user"));
    let old = existing.credential_id().to_vec();
    let options = creation_options(2, b"user").to_string();
    let state = begin(ORIGIN, &options)
        .unwrap()
        .consented(consent())
        .unwrap();
    let AwaitSamples::Verify(state) = state.with_credentials(vec![existing]).unwrap() else {
        panic!("verification expected");
    };
    // The biometric system does not take another person for the enrolled one.
    let look = Person::Other.look(state.ceremony(), state.reference());
    assert!(matches!(look, Decision::Refused));
    let Decision::Accepted(proof) = Person::Enrolled.look(state.ceremony(), state.reference())
    else {
        panic!("the enrolled person is accepted");
    };
    let state = state.verified(proof, &mut env).unwrap();
    assert_eq!(state.replaces(), Some(old.as_slice()));
    let record = reread(state.record());
    assert_ne!(record.credential_id(), old);
    // The new record is guarded by the same reference.
    let reference = record.reference().unwrap();
    let look = Person::Enrolled.look(CeremonyId::new([9; 32]), &reference);
    assert!(matches!(look, Decision::Accepted(_)));
}

#[test]
fn registration_step_e_other_accounts_and_sites_are_no_reason_to_verify() {
    let mut env = Double::new();
    let (other_user, _) = registered(&mut env, &creation_options(1, b"someone else"));
    let (mut other_site, _) = registered(&mut env, &creation_options(1, b"user"));
    other_site.rp_id = crate::RpId::parse("other.example").unwrap();
    let options = creation_options(2, b"user").to_string();
    let state = begin(ORIGIN, &options)
        .unwrap()
        .consented(consent())
        .unwrap();
    let samples = state
        .with_credentials(vec![other_user, other_site])
        .unwrap();
    assert!(matches!(samples, AwaitSamples::Enrol(_)));
}

#[test]
fn registration_step_e_a_dead_record_is_replaced_by_a_new_enrolment() {
    let mut env = Double::new();
    let (mut dead, _) = registered(&mut env, &creation_options(1, b"user"));
    dead.reference = secret::Secret::new(b"MBR1\x05older".to_vec());
    let old = dead.credential_id().to_vec();
    let options = creation_options(2, b"user").to_string();
    let state = begin(ORIGIN, &options)
        .unwrap()
        .consented(consent())
        .unwrap();
    let AwaitSamples::Enrol(state) = state.with_credentials(vec![dead]).unwrap() else {
        panic!("enrolment expected");
    };
    let proof = proof(state.ceremony());
    let state = state
        .enrolled(Person::Enrolled.reference(), proof, &mut env)
        .unwrap();
    assert_eq!(state.replaces(), Some(old.as_slice()));
}

#[test]
fn registration_step_e_refuses_an_excluded_credential_after_consent_only() {
    let (existing, _) = registered(&mut Double::new(), &creation_options(1, b"user"));
    let mut options = creation_options(2, b"another user");
    let id = to_base64url(existing.credential_id());
    options["excludeCredentials"] = json!([{"type": "public-key", "id": id}]);
    let consented = || {
        begin(ORIGIN, &options.to_string())
            .unwrap()
            .consented(consent())
            .unwrap()
    };
    assert_eq!(code(consented().with_credentials(Vec::new())), "ok");
    assert_eq!(
        code(consented().with_credentials(vec![existing])),
        "invalid-state"
    );
}

#[test]
fn registration_step_f_refuses_a_look_of_another_ceremony() {
    let mut env = Double::new();
    let options = creation_options(1, b"user").to_string();
    let state = begin(ORIGIN, &options)
        .unwrap()
        .consented(consent())
        .unwrap();
    let AwaitSamples::Enrol(state) = state.with_credentials(Vec::new()).unwrap() else {
        panic!("enrolment expected");
    };
    let elsewhere = begin(ORIGIN, &creation_options(2, b"user").to_string()).unwrap();
    let stolen = proof(elsewhere.ceremony());
    let result = state.enrolled(Person::Enrolled.reference(), stolen, &mut env);
    assert_eq!(code(result), "not-allowed");
}

#[test]
fn registration_step_g_makes_a_credential_with_up_and_uv() {
    let (record, response) = registered(&mut Double::new(), &creation_options(1, b"user"));
    let object = bytes(&response, "/response/attestationObject");
    let object = AttestationObject::from_cbor(&object).unwrap();
    assert_eq!(object.statement, AttestationStatement::None);
    let data = &object.authenticator_data;
    assert_eq!(
        data.to_bytes().unwrap(),
        bytes(&response, "/response/authenticatorData")
    );
    assert_eq!(data.rp_id_hash, sha256(b"rp.example"));
    assert_eq!(data.flags.to_byte(), 0b0000_0101);
    assert_eq!(data.sign_count, 0);
    let attested = data.attested.as_ref().unwrap();
    assert_eq!(attested.aaguid, AAGUID);
    assert_eq!(AAGUID.to_string(), "6d69656e-2d66-4163-8a51-9e0c7b1d4f20");
    assert_eq!(attested.credential_id.as_bytes(), record.credential_id());
    let spki = bytes(&response, "/response/publicKey");
    let key = VerifyingKey::from_public_key_der(&spki).unwrap();
    assert_eq!(attested.public_key, key.into());
    assert_eq!(response["response"]["publicKeyAlgorithm"], -7);
    let id = to_base64url(record.credential_id());
    assert_eq!(
        (&response["id"], &response["rawId"]),
        (&json!(id), &json!(id))
    );
    assert_eq!(response["type"], "public-key");
    assert_eq!(response["authenticatorAttachment"], "platform");
    assert_eq!(response["response"]["transports"], json!(["internal"]));
    assert_eq!(
        response["clientExtensionResults"],
        json!({"credProps": {"rk": true}})
    );
    assert_eq!(record.sign_count(), 0);
}

#[test]
fn registration_takes_the_protection_policy_into_the_record_and_the_signed_data() {
    for (policy, enforce, level) in [
        (json!("userVerificationOptional"), false, Ok(Some(1))),
        (
            json!("userVerificationOptionalWithCredentialIDList"),
            true,
            Ok(Some(2)),
        ),
        (json!("userVerificationRequired"), true, Ok(Some(3))),
        (Value::Null, true, Ok(None)),
        (json!("fromTheFuture"), false, Ok(None)),
        (json!("fromTheFuture"), true, Err("not-supported")),
        (json!(3), false, Err("data")),
    ] {
        let mut options = creation_options(1, b"user");
        options["extensions"] = json!({
            "credentialProtectionPolicy": policy,
            "enforceCredentialProtectionPolicy": enforce,
        });
        let told = match begin(ORIGIN, &options.to_string()) {
            Err(error) => Err(error.code()),
            Ok(_) => {
                let (record, response) = registered(&mut Double::new(), &options);
                let data = bytes(&response, "/response/authenticatorData");
                let outputs = AuthenticatorData::parse(&data).unwrap().extensions;
                let told = outputs.map(|outputs| {
                    let mut outputs = Fields::from_value(outputs, "outputs").unwrap();
                    let level = outputs.unsigned("credProtect", "level").unwrap().unwrap();
                    outputs.finish("outputs").unwrap();
                    level
                });
                assert_eq!(record.cred_protect().level(), told.unwrap_or(1));
                assert_eq!(response["clientExtensionResults"], json!({}));
                Ok(told)
            }
        };
        assert_eq!(told, level, "{policy} {enforce}");
    }
}

#[test]
fn registration_evaluates_prf_for_the_page_and_for_nobody_else() {
    let with = |prf: Value| {
        let mut options = creation_options(1, b"user");
        options["extensions"] = json!({ "prf": prf });
        registered(&mut Double::new(), &options)
    };
    let (record, plain) = with(json!({}));
    let enabled = json!({"prf": {"enabled": true}});
    assert_eq!(plain["clientExtensionResults"], enabled);
    let data = bytes(&plain, "/response/authenticatorData");
    assert!(data.ends_with(b"\xa1\x6bhmac-secret\xf5"));
    let (_, one) = with(json!({"eval": {"first": "AAAA"}}));
    let (_, two) = with(json!({"eval": {"first": "AAAA", "second": "AAAB"}}));
    let result = |response: &Value, name: &str| {
        bytes(
            response,
            &format!("/clientExtensionResults/prf/results/{name}"),
        )
    };
    // HMAC-SHA-256 by hand over the stored value.
    let random = record.cred_random.as_ref().unwrap().as_secret();
    let key = &random.expose_secret("test")[..32];
    let pad = |byte: u8| -> Vec<u8> {
        let key = key.iter().chain(&[0; 32]);
        key.map(|part| part ^ byte).collect()
    };
    let by_hand = |input: &[u8]| {
        let salt = sha256(&[b"WebAuthn PRF\0", input].concat());
        let inner = sha256(&[pad(0x36), salt.to_vec()].concat());
        sha256(&[pad(0x5c), inner.to_vec()].concat()).to_vec()
    };
    assert_eq!(result(&one, "first"), by_hand(&[0, 0, 0]));
    assert_eq!(result(&two, "first"), by_hand(&[0, 0, 0]));
    assert_eq!(result(&two, "second"), by_hand(&[0, 0, 1]));
    let second = one.pointer("/clientExtensionResults/prf/results/second");
    assert_eq!(second, None);
    assert_eq!(two["clientExtensionResults"]["prf"]["enabled"], true);
    for (bad, refusal) in [
        (json!(1), "data"),
        (json!({"eval": {}}), "data"),
        (json!({"eval": {"first": "="}}), "data"),
        (json!({"evalByCredential": {}}), "not-supported"),
    ] {
        let mut options = creation_options(1, b"user");
        options["extensions"] = json!({ "prf": bad });
        let refused = code(begin(ORIGIN, &options.to_string()));
        assert_eq!(refused, refusal, "{bad}");
    }
}

#[test]
fn registration_tells_of_an_excluded_credential_that_requires_verification_after_the_look_only() {
    let mut env = Double::new();
    let mut options = creation_options(1, b"user");
    options["extensions"]["credentialProtectionPolicy"] = json!("userVerificationRequired");
    let (record, _) = registered(&mut env, &options);
    let id = to_base64url(record.credential_id());
    for user in [b"user".as_slice(), b"other"] {
        let mut again = creation_options(2, user);
        again["excludeCredentials"] = json!([{"type": "public-key", "id": id}]);
        let state = begin(ORIGIN, &again.to_string()).unwrap();
        let state = state.consented(consent()).unwrap();
        let stored = match state.with_credentials(vec![reread(&record)]).unwrap() {
            AwaitSamples::Verify(state) => {
                let proof = proof(state.ceremony());
                state.verified(proof, &mut env)
            }
            AwaitSamples::Enrol(state) => {
                let proof = proof(state.ceremony());
                state.enrolled(Person::Enrolled.reference(), proof, &mut env)
            }
        };
        assert_eq!(code(stored), "invalid-state");
    }
}

#[test]
fn registration_and_authentication_tell_how_the_user_was_verified_when_asked() {
    let mut options = creation_options(1, b"user");
    options["extensions"] = json!({"uvm": true, "minPinLength": true});
    let (_, response) = registered(&mut Double::new(), &options);
    let told = json!({"uvm": [[16, 1, 1]]});
    assert_eq!(response["clientExtensionResults"], told);
    let data = bytes(&response, "/response/authenticatorData");
    assert!(data.ends_with(b"\xa1\x63uvm\x81\x83\x10\x01\x01"));
    options["extensions"] = json!({"uvm": false});
    let (_, response) = registered(&mut Double::new(), &options);
    assert_eq!(response["clientExtensionResults"], json!({}));
    assert_eq!(bytes(&response, "/response/authenticatorData")[32], 0x45);
}

#[test]
fn registration_step_g_tells_the_layers_only_when_asked() {
    for (asked, told) in [
        (json!(true), true),
        (json!(false), false),
        (Value::Null, false),
    ] {
        let mut options = creation_options(1, b"user");
        options["extensions"]["mienPad"] = asked.clone();
        let (_, response) = registered(&mut Double::new(), &options);
        let data = bytes(&response, "/response/authenticatorData");
        let ceremony = begin(ORIGIN, &options.to_string()).unwrap().ceremony();
        let tail = told.then(|| mien_pad(ceremony));
        assert_eq!(data[32], if told { 0xc5 } else { 0x45 }, "{asked}");
        assert!(data.ends_with(&tail.unwrap_or_default()), "{asked}");
        let key = &AuthenticatorData::parse(&data).unwrap();
        assert_eq!(key.extensions.is_some(), told, "{asked}");
    }
}

#[test]
fn registration_step_g_self_attestation_is_a_proof_of_possession() {
    let mut options = creation_options(1, b"user");
    options["attestation"] = json!("direct");
    let (_, response) = registered(&mut Double::new(), &options);
    let object = bytes(&response, "/response/attestationObject");
    let object = AttestationObject::from_cbor(&object).unwrap();
    let AttestationStatement::PackedSelf { signature } = object.statement else {
        panic!("packed expected");
    };
    let mut message = bytes(&response, "/response/authenticatorData");
    message.extend(sha256(&bytes(&response, "/response/clientDataJSON")));
    let key = VerifyingKey::from_public_key_der(&bytes(&response, "/response/publicKey")).unwrap();
    let signature = DerSignature::try_from(signature.as_slice()).unwrap();
    assert!(key.verify(&message, &signature).is_ok());
    message[32] ^= 0x04;
    assert!(
        key.verify(&message, &signature).is_err(),
        "UV bit taken away"
    );
}

#[test]
fn registration_step_g_keys_and_ids_are_never_the_same_twice() {
    let mut env = Double::new();
    let (first, _) = registered(&mut env, &creation_options(1, b"user"));
    let (second, _) = registered(&mut env, &creation_options(1, b"user"));
    assert_ne!(first.credential_id(), second.credential_id());
    assert_ne!(first.key.as_secret(), second.key.as_secret());
}

#[test]
fn registration_step_h_response_holds_nothing_secret_and_nothing_biometric() {
    let state = enrol(&mut Double::new(), &creation_options(1, b"user"));
    let record = reread(state.record());
    let json = state.stored().unwrap();
    let json = json.expose_secret("searched by a test");
    let response: Value = serde_json::from_str(json).unwrap();
    let mut haystack = json.clone().into_bytes();
    for pointer in [
        "clientDataJSON",
        "authenticatorData",
        "publicKey",
        "attestationObject",
    ] {
        haystack.extend(bytes(&response, &format!("/response/{pointer}")));
    }
    let finds = |needle: &[u8]| {
        haystack
            .windows(needle.len())
            .any(|window| window == needle)
    };
    let key = record.key.as_secret().expose_secret("test");
    let reference = record.reference.expose_secret("test");
    assert!(finds(record.credential_id()), "the search works");
    assert!(!finds(key) && !finds(to_base64url(key).as_bytes()));
    for part in reference.chunks_exact(16) {
        assert!(!finds(part) && !finds(&to_base64url(part).as_bytes()[..21]));
    }
}
