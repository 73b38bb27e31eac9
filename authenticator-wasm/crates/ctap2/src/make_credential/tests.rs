//! Tests of the authenticatorMakeCredential messages.
use super::{Options, Request, Response};
use crate::attestation::AttestationObject;
use crate::cbor::{CborError, Value, decode, encode};
use crate::cred_protect::CredProtect;
use crate::credential::{CredentialId, RpEntity, UserEntity};
use crate::pin_uv_auth::PinUvAuth;
use crate::vectors::*;

fn request() -> Request {
    Request {
        client_data_hash: [0x11; 32],
        rp: RpEntity {
            id: "a.b".into(),
            name: None,
        },
        user: UserEntity {
            id: vec![9],
            name: Some("n".into()),
            display_name: None,
        },
        algorithms: vec![-7],
        exclude_list: None,
        extensions: Vec::new(),
        cred_protect: None,
        options: Options {
            rk: Some(true),
            up: None,
            uv: Some(true),
        },
        pin_uv_auth: None,
        enterprise_attestation: None,
    }
}

#[test]
fn encodes_the_parameter_map_of_ctap_6_1() {
    let expected = [
        &[0xa5][..], // map of five
        &[0x01, 0x58, 0x20],
        &[0x11; 32], // clientDataHash
        &[0x02, 0xa1, 0x62],
        b"id",
        &[0x63],
        b"a.b", // rp
        &[0x03, 0xa2, 0x62],
        b"id",
        &[0x41, 0x09], // user: id,
        &[0x64],
        b"name",
        &[0x61],
        b"n", //       name
        &[0x04, 0x81, 0xa2, 0x63],
        b"alg",
        &[0x26], // pubKeyCredParams: ES256,
        &[0x64],
        b"type",
        &[0x6a],
        b"public-key", //       type
        &[0x07, 0xa2, 0x62],
        b"rk",
        &[0xf5, 0x62],
        b"uv",
        &[0xf5], // options
    ]
    .concat();
    assert_eq!(request().to_cbor().unwrap(), expected);
    assert_eq!(Request::from_cbor(&expected).unwrap(), request());
}

#[test]
fn round_trips_with_every_parameter() {
    let request = Request {
        exclude_list: Some(vec![CredentialId::new(vec![1, 2]).unwrap()]),
        algorithms: vec![-8, -7, -257],
        extensions: vec!["b".into(), "abc".into()],
        cred_protect: Some(CredProtect::UserVerificationRequired),
        pin_uv_auth: Some(PinUvAuth {
            parameter: vec![0; 16],
            protocol: Some(2),
        }),
        enterprise_attestation: Some(1),
        ..request()
    };
    let bytes = request.to_cbor().unwrap();
    assert_eq!(Request::from_cbor(&bytes).unwrap(), request);
    for cut in 0..bytes.len() {
        assert!(Request::from_cbor(&bytes[..cut]).is_err());
    }
}

/// The request with one top-level parameter replaced, or removed.
fn with(key: i64, value: Option<Value>) -> Result<Request, CborError> {
    let Value::Map(mut entries) = decode(&request().to_cbor().unwrap()).unwrap() else {
        panic!("a map");
    };
    entries.retain(|(found, _)| found != &Value::from(key));
    entries.extend(value.map(|value| (key.into(), value)));
    Request::from_cbor(&encode(Value::Map(entries)).unwrap())
}

#[test]
fn refuses_missing_and_mistyped_parameters() {
    let missing = |name| CborError::Missing(name);
    assert_eq!(with(1, None).unwrap_err(), missing("clientDataHash"));
    assert_eq!(with(2, None).unwrap_err(), missing("rp"));
    assert_eq!(with(3, None).unwrap_err(), missing("user"));
    assert_eq!(with(4, None).unwrap_err(), missing("pubKeyCredParams"));
    let bytes = |length| Some(Value::Bytes(vec![0; length]));
    assert_eq!(
        with(1, bytes(31)).unwrap_err(),
        CborError::Invalid("clientDataHash")
    );
    assert_eq!(
        with(2, bytes(1)).unwrap_err(),
        CborError::UnexpectedType("rp")
    );
    let user = |length| {
        Some(Value::Map(vec![(
            "id".into(),
            Value::Bytes(vec![0; length]),
        )]))
    };
    assert_eq!(with(3, user(0)).unwrap_err(), CborError::Invalid("user.id"));
    assert_eq!(
        with(3, user(65)).unwrap_err(),
        CborError::Invalid("user.id")
    );
    assert!(with(3, user(64)).is_ok());
    let list = |id: usize, kind: &str| {
        Some(Value::Array(vec![Value::Map(vec![
            ("id".into(), Value::Bytes(vec![0; id])),
            ("type".into(), kind.into()),
        ])]))
    };
    assert_eq!(
        with(5, list(1024, "public-key")).unwrap_err(),
        CborError::Invalid("credential id")
    );
    assert_eq!(
        with(5, list(1024, "other")).unwrap().exclude_list,
        Some(Vec::new())
    );
}

#[test]
fn passes_over_unknown_types_options_and_parameters() {
    let other = Value::Map(vec![
        ("alg".into(), (-7).into()),
        ("type".into(), "x".into()),
    ]);
    let request = with(4, Some(Value::Array(vec![other]))).unwrap();
    assert_eq!(request.algorithms, Vec::<i64>::new());
    let options = Value::Map(vec![("xx".into(), Value::Bool(true))]);
    assert_eq!(with(7, Some(options)).unwrap().options, Options::default());
    assert!(with(0x40, Some(Value::Null)).is_ok());
}

#[test]
fn extensions_are_those_whose_input_is_true() {
    let inputs = Value::Map(vec![
        ("asked".into(), Value::Bool(true)),
        ("not".into(), Value::Bool(false)),
        ("minPinLength".into(), 2.into()),
        (1.into(), Value::Bool(true)),
    ]);
    assert_eq!(with(6, Some(inputs)).unwrap().extensions, ["asked"]);
    let protect = |input: Value| Some(Value::Map(vec![("credProtect".into(), input)]));
    for (input, read) in [
        (1.into(), Ok(Some(CredProtect::UserVerificationOptional))),
        (3.into(), Ok(Some(CredProtect::UserVerificationRequired))),
        (0.into(), Err(CborError::Invalid("credProtect"))),
        (4.into(), Err(CborError::Invalid("credProtect"))),
        (
            Value::Bool(true),
            Err(CborError::UnexpectedType("credProtect")),
        ),
    ] {
        let found = with(6, protect(input)).map(|request| request.cred_protect);
        assert_eq!(found, read);
    }
    let empty = Value::Map(Vec::new());
    assert!(with(6, Some(empty)).unwrap().extensions.is_empty());
    assert_eq!(
        with(6, Some(Value::Bool(true))).unwrap_err(),
        CborError::UnexpectedType("extensions")
    );
    let twice = Request {
        extensions: vec!["a".into(), "a".into()],
        ..request()
    };
    assert_eq!(twice.to_cbor().unwrap_err(), CborError::KeyOrder);
}

#[test]
fn response_round_trips_with_the_vectors() {
    for vector in [NONE_ATTESTATION_OBJECT, SELF_ATTESTATION_OBJECT] {
        let object = AttestationObject::from_cbor(&hex(vector)).unwrap();
        let response = Response {
            authenticator_data: object.authenticator_data,
            statement: object.statement,
        };
        let bytes = response.to_cbor().unwrap();
        assert_eq!(&bytes[..2], &[0xa3, 0x01]);
        assert_eq!(Response::from_cbor(&bytes).unwrap(), response);
    }
}
