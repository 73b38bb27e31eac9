//! Tests of the authenticatorGetAssertion messages.
use super::{Request, Response};
use crate::authenticator_data::AuthenticatorData;
use crate::cbor::{CborError, Value, decode, encode};
use crate::credential::{CredentialId, UserEntity};
use crate::hmac_secret;
use crate::key_agreement::KeyAgreementKey;
use crate::make_credential::Options;
use crate::pin_uv_auth::PinUvAuth;
use crate::vectors::*;

fn request() -> Request {
    Request {
        rp_id: "a.b".into(),
        client_data_hash: [0x11; 32],
        allow_list: Some(vec![CredentialId::new(vec![5]).unwrap()]),
        extensions: Vec::new(),
        hmac_secret: None,
        options: Options {
            rk: None,
            up: None,
            uv: Some(true),
        },
        pin_uv_auth: None,
    }
}

#[test]
fn encodes_the_parameter_map_of_ctap_6_2() {
    let expected = [
        &[0xa4][..], // map of four
        &[0x01, 0x63],
        b"a.b", // rpId
        &[0x02, 0x58, 0x20],
        &[0x11; 32], // clientDataHash
        &[0x03, 0x81, 0xa2, 0x62],
        b"id",
        &[0x41, 0x05], // allowList: id,
        &[0x64],
        b"type",
        &[0x6a],
        b"public-key", //            type
        &[0x05, 0xa1, 0x62],
        b"uv",
        &[0xf5], // options
    ]
    .concat();
    assert_eq!(request().to_cbor().unwrap(), expected);
    assert_eq!(Request::from_cbor(&expected).unwrap(), request());
}

#[test]
fn tells_an_absent_list_from_an_empty_one_and_keeps_tokens() {
    for allow_list in [None, Some(Vec::new())] {
        let request = Request {
            allow_list,
            extensions: vec!["asked".into()],
            pin_uv_auth: Some(PinUvAuth {
                parameter: Vec::new(),
                protocol: None,
            }),
            ..request()
        };
        let bytes = request.to_cbor().unwrap();
        assert_eq!(Request::from_cbor(&bytes).unwrap(), request);
    }
}

#[test]
fn the_input_of_hmac_secret_is_read_with_all_its_members() {
    let key = p256::SecretKey::from_slice(&[7; 32]).unwrap().public_key();
    let input = |protocol| hmac_secret::Input {
        key_agreement: KeyAgreementKey::new(key),
        salt_enc: vec![1; 48],
        salt_auth: vec![2; 32],
        protocol,
    };
    for protocol in [None, Some(1), Some(2)] {
        let request = Request {
            extensions: vec!["asked".into()],
            hmac_secret: Some(Box::new(input(protocol))),
            ..request()
        };
        let bytes = request.to_cbor().unwrap();
        assert_eq!(Request::from_cbor(&bytes).unwrap(), request);
    }
    let with = |input: Value| {
        let Value::Map(mut entries) = decode(&request().to_cbor().unwrap()).unwrap() else {
            panic!("a map");
        };
        let inputs = Value::Map(vec![("hmac-secret".into(), input)]);
        entries.push((4.into(), inputs));
        Request::from_cbor(&encode(Value::Map(entries)).unwrap())
    };
    // `true` belongs to the making of a credential.
    let mistyped = CborError::UnexpectedType("hmac-secret");
    assert_eq!(with(Value::Bool(true)).unwrap_err(), mistyped);
    for (member, name) in [(1, "keyAgreement"), (2, "saltEnc"), (3, "saltAuth")] {
        let Value::Map(mut entries) = input(None).to_value() else {
            panic!("a map");
        };
        entries.retain(|(found, _)| *found != Value::from(member));
        let missing = with(Value::Map(entries)).unwrap_err();
        assert_eq!(missing, CborError::Missing(name));
    }
}

#[test]
fn refuses_missing_parameters_and_truncation() {
    let bytes = request().to_cbor().unwrap();
    for cut in 0..bytes.len() {
        assert!(Request::from_cbor(&bytes[..cut]).is_err());
    }
    for (key, name) in [(1, "rpId"), (2, "clientDataHash")] {
        let Value::Map(mut entries) = decode(&bytes).unwrap() else {
            panic!("a map");
        };
        entries.retain(|(found, _)| found != &Value::from(key));
        let bytes = encode(Value::Map(entries)).unwrap();
        assert_eq!(
            Request::from_cbor(&bytes).unwrap_err(),
            CborError::Missing(name)
        );
    }
}

#[test]
fn an_empty_list_is_no_list_and_a_list_of_the_unknown_admits_none() {
    let read = |list: Option<Vec<CredentialId>>| {
        let request = Request {
            allow_list: list,
            ..request()
        };
        Request::from_cbor(&request.to_cbor().unwrap()).unwrap()
    };
    assert_eq!(read(None).allow_list, None);
    assert_eq!(read(Some(Vec::new())).allow_list, Some(Vec::new()));
    let Value::Map(mut entries) = decode(&read(None).to_cbor().unwrap()).unwrap() else {
        panic!("a map");
    };
    entries.push((3.into(), Value::Array(Vec::new())));
    let empty = encode(Value::Map(entries)).unwrap();
    assert_eq!(Request::from_cbor(&empty).unwrap().allow_list, None);
}

#[test]
fn response_round_trips_and_is_closed() {
    let data = hex(NONE_ASSERTION_AUTHENTICATOR_DATA);
    let response = Response {
        credential_id: CredentialId::new(hex(NONE_CREDENTIAL_ID)).unwrap(),
        authenticator_data: AuthenticatorData::parse(&data).unwrap(),
        signature: hex(NONE_ASSERTION_SIGNATURE),
        user: Some(UserEntity {
            id: vec![1],
            name: None,
            display_name: None,
        }),
        number_of_credentials: None,
        user_selected: true,
    };
    let bytes = response.to_cbor().unwrap();
    assert_eq!(Response::from_cbor(&bytes).unwrap(), response);
    let Value::Map(mut entries) = decode(&bytes).unwrap() else {
        panic!("a map");
    };
    entries.push((7.into(), Value::Null));
    let bytes = encode(Value::Map(entries)).unwrap();
    assert_eq!(
        Response::from_cbor(&bytes).unwrap_err(),
        CborError::Invalid("response")
    );
}

#[test]
fn debug_names_no_person_and_no_credential() {
    let text = format!("{:?}", request());
    assert!(text.contains("CredentialId(1 bytes)"), "{text}");
    let user = UserEntity {
        id: vec![1],
        name: Some("alice".into()),
        display_name: None,
    };
    assert_eq!(format!("{user:?}"), "UserEntity(..)");
}
