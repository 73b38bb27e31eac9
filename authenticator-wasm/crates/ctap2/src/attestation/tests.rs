//! Tests of attestation objects: the public vectors byte for byte, and what is not of the two forms.
use super::{AttestationObject, AttestationStatement};
use crate::cbor::{CborError, Value, decode, encode};
use crate::vectors::*;

#[test]
fn accepts_the_vectors_and_writes_them_back_byte_for_byte() {
    for (vector, format) in [
        (NONE_ATTESTATION_OBJECT, "none"),
        (SELF_ATTESTATION_OBJECT, "packed"),
    ] {
        let bytes = hex(vector);
        let object = AttestationObject::from_cbor(&bytes).unwrap();
        assert_eq!(object.statement.format(), format);
        assert_eq!(object.to_cbor().unwrap(), bytes);
    }
}

/// The `none` vector with one member of the top map replaced.
fn with(name: &str, value: Value) -> Result<AttestationObject, CborError> {
    let Value::Map(mut entries) = decode(&hex(NONE_ATTESTATION_OBJECT)).unwrap() else {
        panic!("a map");
    };
    entries.retain(|(key, _)| key != &Value::from(name));
    entries.push((name.into(), value));
    AttestationObject::from_cbor(&encode(Value::Map(entries)).unwrap())
}

#[test]
fn refuses_other_formats_and_statements() {
    let statement = |entries: Vec<(Value, Value)>| Value::Map(entries);
    let signed = ("sig".into(), Value::Bytes(vec![1]));
    assert_eq!(
        with("fmt", "tpm".into()).unwrap_err(),
        CborError::Invalid("fmt")
    );
    assert_eq!(
        with("attStmt", statement(vec![signed])).unwrap_err(),
        CborError::Invalid("attStmt"),
        "none with a statement"
    );
    assert_eq!(
        with("fmt", "packed".into()).unwrap_err(),
        CborError::Missing("attStmt.alg"),
        "packed without one"
    );
    assert_eq!(
        with("more", Value::Null).unwrap_err(),
        CborError::Invalid("attestation object")
    );
    assert_eq!(
        with(
            "authData",
            Value::Bytes(hex(NONE_ASSERTION_AUTHENTICATOR_DATA))
        )
        .unwrap_err(),
        CborError::Missing("attested credential data")
    );
}

type Members = Vec<(Value, Value)>;

#[test]
fn refuses_packed_without_a_certificate_in_its_list_or_with_another_algorithm() {
    let change = |edit: fn(&mut Members)| {
        let Value::Map(mut entries) = decode(&hex(SELF_ATTESTATION_OBJECT)).unwrap() else {
            panic!("a map");
        };
        for (_, value) in &mut entries {
            if let Value::Map(statement) = value {
                edit(statement);
            }
        }
        AttestationObject::from_cbor(&encode(Value::Map(entries)).unwrap()).unwrap_err()
    };
    let x5c = change(|statement| statement.push(("x5c".into(), Value::Array(Vec::new()))));
    assert_eq!(x5c, CborError::Invalid("attStmt.x5c"));
    let no_bytes = change(|statement| {
        statement.push(("x5c".into(), Value::Array(vec!["certificate".into()])));
    });
    assert_eq!(no_bytes, CborError::UnexpectedType("attStmt.x5c"));
    let more = change(|statement| statement.push(("ver".into(), "2.0".into())));
    assert_eq!(more, CborError::Invalid("attStmt"));
    let rs256 = change(|statement| statement[0].1 = (-257).into());
    assert_eq!(rs256, CborError::Invalid("attStmt.alg"));
}

#[test]
fn truncation_is_always_refused() {
    let bytes = hex(SELF_ATTESTATION_OBJECT);
    for cut in 0..bytes.len() {
        assert!(AttestationObject::from_cbor(&bytes[..cut]).is_err());
    }
    assert_eq!(AttestationStatement::None.format(), "none");
}
