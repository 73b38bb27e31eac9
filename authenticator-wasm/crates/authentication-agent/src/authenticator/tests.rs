//! Tests of the two CTAP2 operations, for the steps that no WebAuthn client of ours can reach.
use biometric_system::CeremonyId;
use ctap2::make_credential::Options;
use ctap2::{CredentialId, PinUvAuth, RpEntity, Status, UserEntity, get_assertion as ga};
use secret::Secret;

use super::get_assertion;
use super::make_credential::{Binding, check, create, excluded};
use crate::test_support::{Double, consent, creation_options, proof, registered};
use ctap2::make_credential::Request;

fn request() -> Request {
    Request {
        client_data_hash: [3; 32],
        rp: RpEntity {
            id: "rp.example".into(),
            name: None,
        },
        user: UserEntity {
            id: b"user".to_vec(),
            name: None,
            display_name: None,
        },
        algorithms: vec![-257, -7],
        exclude_list: None,
        extensions: Vec::new(),
        cred_protect: None,
        options: Options::default(),
        pin_uv_auth: None,
        enterprise_attestation: None,
    }
}

fn assertion() -> ga::Request {
    ga::Request {
        rp_id: "rp.example".into(),
        client_data_hash: [3; 32],
        allow_list: None,
        extensions: Vec::new(),
        hmac_secret: None,
        options: Options::default(),
        pin_uv_auth: None,
    }
}

fn token(protocol: Option<i64>) -> Option<PinUvAuth> {
    Some(PinUvAuth {
        parameter: vec![0; 16],
        protocol,
    })
}

#[test]
fn make_credential_step_2_and_get_assertion_step_2_have_given_out_no_pin_uv_token() {
    for (protocol, status) in [
        (None, Status::MissingParameter),
        (Some(0), Status::InvalidParameter),
        (Some(1), Status::PinAuthInvalid),
        (Some(2), Status::PinAuthInvalid),
        (Some(3), Status::InvalidParameter),
    ] {
        let mut made = request();
        made.pin_uv_auth = token(protocol);
        assert_eq!(check(&made).unwrap_err(), status);
        let mut got = assertion();
        got.pin_uv_auth = token(protocol);
        assert_eq!(get_assertion::check(&got).unwrap_err(), status);
    }
}

#[test]
fn make_credential_step_3_needs_es256() {
    let mut request = request();
    assert_eq!(check(&request), Ok(()));
    request.algorithms = vec![-257, -8];
    assert_eq!(check(&request).unwrap_err(), Status::UnsupportedAlgorithm);
    request.algorithms = Vec::new();
    assert_eq!(check(&request).unwrap_err(), Status::UnsupportedAlgorithm);
}

#[test]
fn make_credential_step_5_refuses_a_credential_without_presence() {
    let mut request = request();
    request.options.up = Some(false);
    assert_eq!(check(&request).unwrap_err(), Status::InvalidOption);
    request.options.up = Some(true);
    assert_eq!(check(&request), Ok(()));
}

#[test]
fn make_credential_step_6_verifies_the_user_even_if_not_asked() {
    let mut request = request();
    request.options.uv = Some(false);
    let binding = Binding {
        reference: Secret::new(vec![1]),
        consent: consent(),
        authentication_server_key: None,
        excluded: false,
        salts: None,
    };
    let proof = proof(CeremonyId::new([3; 32]));
    let created = create(&request, binding, proof, &mut Double::new()).unwrap();
    let answer = created.attest().unwrap();
    assert!(answer.authenticator_data.flags.user_verified);
}

#[test]
fn make_credential_step_9_has_no_enterprise_attestation() {
    let mut request = request();
    request.enterprise_attestation = Some(1);
    assert_eq!(check(&request).unwrap_err(), Status::InvalidParameter);
}

#[test]
fn deviation_ctap_2_1_6_1_2_step_12_exclusion_needs_no_verification() {
    let (record, _) = registered(&mut Double::new(), &creation_options(1, b"user"));
    let records = [record];
    let mut request = request();
    assert!(!excluded(&request, &records));
    request.exclude_list = Some(vec![CredentialId::new(vec![1; 32]).unwrap()]);
    assert!(!excluded(&request, &records));
    request.exclude_list = Some(vec![records[0].credential_id.clone()]);
    assert!(excluded(&request, &records));
    // The same ID under another RP ID is another credential.
    request.rp.id = "other.example".into();
    assert!(!excluded(&request, &records));
}

#[test]
fn deviation_ctap_2_1_6_2_2_step_4_no_assertion_without_presence() {
    let mut request = assertion();
    request.options.up = Some(false);
    assert_eq!(
        get_assertion::check(&request).unwrap_err(),
        Status::InvalidOption
    );
    request.options.up = None;
    request.options.rk = Some(false);
    assert_eq!(
        get_assertion::check(&request).unwrap_err(),
        Status::UnsupportedOption
    );
}

#[test]
fn get_assertion_step_7_locates_by_rp_id_and_list() {
    let mut env = Double::new();
    let (record, _) = registered(&mut env, &creation_options(1, b"user"));
    let id = record.credential_id.clone();
    let mut request = assertion();
    request.allow_list = Some(vec![id]);
    let located = get_assertion::locate(&request, vec![record]).unwrap();
    request.rp_id = "other.example".into();
    let none = get_assertion::locate(&request, located)
        .map(|_| ())
        .unwrap_err();
    assert_eq!(none, Status::NoCredentials);
}
