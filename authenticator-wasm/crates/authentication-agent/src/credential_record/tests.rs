//! Tests of the stored record: round trip, strictness, silence.
use ctap2::CredProtect;
use ctap2::cbor::{Value, decode, encode};
use proptest::prelude::*;

use super::CredentialRecord;
use crate::test_support::{Double, code, consent, creation_options, registered, reread};

fn record() -> CredentialRecord {
    registered(&mut Double::new(), &creation_options(1, b"user")).0
}

fn bytes() -> Vec<u8> {
    let bytes = record().to_cbor().unwrap();
    bytes.expose_secret("test").clone()
}

#[test]
fn round_trips_with_every_member() {
    let record = record();
    let bytes = record.to_cbor().unwrap();
    let back = CredentialRecord::from_cbor(bytes.expose_secret("test")).unwrap();
    assert_eq!(back.to_cbor().unwrap(), bytes);
    assert_eq!(back.rp_id(), "rp.example");
    assert_eq!(back.credential_id(), record.credential_id());
    assert_eq!(back.credential_id().len(), 32);
    assert_eq!(back.user_id(), b"user");
    assert_eq!((back.user_name(), back.display_name()), ("ada", "Ada"));
    assert_eq!(
        (back.created_ms(), back.used_ms()),
        (1_700_000_000_000, 1_700_000_000_000)
    );
    assert_eq!(back.sign_count(), 0);
    assert_eq!(back.consent(), consent());
    assert_eq!(back.mode(), "A.1");
    assert!(back.has_authentication_server_key());
    assert!(back.reference().is_some());
}

#[test]
fn does_without_a_server_key() {
    let mut options = creation_options(1, b"user");
    options.as_object_mut().unwrap().remove("extensions");
    let (record, _) = registered(&mut Double::new(), &options);
    let bytes = record.to_cbor().unwrap();
    let back = CredentialRecord::from_cbor(bytes.expose_secret("test")).unwrap();
    assert!(!back.has_authentication_server_key());
}

#[test]
fn only_what_is_not_discoverable_says_so() {
    let mut record = record();
    assert!(record.is_discoverable());
    let stored = decode(&bytes()).unwrap().into_map().unwrap();
    let written = stored.iter().any(|(key, _)| *key == Value::from(15));
    assert!(!written, "as it always was");
    record.discoverable = false;
    let bytes = record.to_cbor().unwrap();
    let bytes = bytes.expose_secret("test");
    assert!(bytes.windows(2).any(|part| part == [0x0f, 0xf4]));
    assert!(
        !CredentialRecord::from_cbor(bytes)
            .unwrap()
            .is_discoverable()
    );
    // There is one form for each meaning.
    assert_eq!(with(15, Some(Value::Bool(true))), "unknown");
}

#[test]
fn only_a_protection_above_the_least_is_written() {
    let mut record = record();
    assert_eq!(record.cred_protect(), CredProtect::default());
    assert_eq!(with(16, None), "ok", "absent, as it always was");
    for level in [2, 3] {
        record.cred_protect = CredProtect::from_level(level).unwrap();
        let back = reread(&record).cred_protect();
        assert_eq!(back.level(), level);
    }
    // There is one form for each meaning.
    for (level, read) in [
        (0, "unknown"),
        (1, "unknown"),
        (2, "ok"),
        (3, "ok"),
        (4, "unknown"),
    ] {
        assert_eq!(with(16, Some(level.into())), read, "{level}");
    }
}

#[test]
fn an_older_record_has_no_random_values_and_a_new_one_keeps_its_own() {
    let record = record();
    let values = |record: &CredentialRecord| {
        let values = record.cred_random.as_ref();
        values.map(|values| values.as_secret().expose_secret("test").clone())
    };
    assert_eq!(values(&record).unwrap().len(), 64);
    assert_eq!(values(&reread(&record)), values(&record));
    assert_eq!(with(17, None), "ok");
    let mut older = record;
    older.cred_random = None;
    assert_eq!(values(&reread(&older)), None);
    for length in [0, 32, 63, 65] {
        let bytes = Value::Bytes(vec![1; length]);
        assert_eq!(with(17, Some(bytes)), "unknown", "{length}");
    }
}

#[test]
fn refuses_truncation_and_trailing_bytes() {
    let bytes = bytes();
    for cut in 0..bytes.len() {
        assert_eq!(code(CredentialRecord::from_cbor(&bytes[..cut])), "unknown");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(code(CredentialRecord::from_cbor(&longer)), "unknown");
}

/// The record with one member replaced, or removed.
fn with(key: i64, value: Option<Value>) -> &'static str {
    let Value::Map(mut entries) = decode(&bytes()).unwrap() else {
        panic!("a map");
    };
    entries.retain(|(found, _)| found != &Value::from(key));
    entries.extend(value.map(|value| (key.into(), value)));
    code(CredentialRecord::from_cbor(
        &encode(Value::Map(entries)).unwrap(),
    ))
}

#[test]
fn refuses_missing_unknown_and_inadmissible_members() {
    for key in 1..=13 {
        assert_eq!(with(key, None), "unknown", "member {key} missing");
        assert_eq!(with(key, Some(Value::Null)), "unknown", "member {key} null");
    }
    assert_eq!(with(14, None), "ok", "the server key may be absent");
    assert_eq!(with(18, Some(Value::Null)), "unknown", "a member too many");
    let bytes = |length: usize| Some(Value::Bytes(vec![0; length]));
    for (key, value, what) in [
        (1, Some(2.into()), "a later version"),
        (2, Some("127.0.0.1".into()), "RP ID that is no domain"),
        (3, bytes(31), "short credential ID"),
        (4, bytes(0), "empty user handle"),
        (4, bytes(65), "long user handle"),
        (7, Some((-1).into()), "negative time"),
        (9, Some((1_i64 << 32).into()), "counter beyond 32 bits"),
        (11, Some("A.2".into()), "another mode"),
        (13, bytes(32), "key that is no scalar"),
        (14, bytes(65), "server key off the curve"),
    ] {
        assert_eq!(with(key, value), "unknown", "{what}");
    }
}

#[test]
fn a_reference_of_another_pipeline_is_kept_and_not_used() {
    let mut record = record();
    record.reference = secret::Secret::new(b"MBR1\x05older".to_vec());
    let bytes = record.to_cbor().unwrap();
    let back = CredentialRecord::from_cbor(bytes.expose_secret("test")).unwrap();
    assert!(back.reference().is_none());
    assert_eq!(back.user_name(), "ada");
}

#[test]
fn debug_shows_nothing() {
    assert_eq!(format!("{:?}", record()), "CredentialRecord(..)");
}

proptest! {
    #[test]
    fn a_flipped_bit_never_panics_and_never_reads_as_the_same(
        at in any::<prop::sample::Index>(), bit in 0..8_u32,
    ) {
        let good = bytes();
        let mut bad = good.clone();
        let at = at.index(bad.len());
        bad[at] ^= 1_u8 << bit;
        if let Ok(record) = CredentialRecord::from_cbor(&bad) {
            let again = record.to_cbor().unwrap();
            prop_assert_eq!(again.expose_secret("test"), &bad);
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = CredentialRecord::from_cbor(&bytes);
    }
}
