//! Tests of authenticator data: layout byte by byte, the public vectors, strictness.
use proptest::prelude::*;

use super::{AttestedCredentialData, AuthenticatorData, Flags};
use crate::aaguid::Aaguid;
use crate::attestation::AttestationObject;
use crate::cbor::{CborError, Value};
use crate::credential::CredentialId;
use crate::vectors::*;

const VERIFIED: Flags = Flags {
    user_present: true,
    user_verified: true,
    backup_eligible: false,
    backup_state: false,
};

fn plain() -> AuthenticatorData {
    AuthenticatorData {
        rp_id_hash: [0xAB; 32],
        flags: VERIFIED,
        sign_count: 0x0102_0304,
        attested: None,
        extensions: None,
    }
}

#[test]
fn lays_out_the_37_bytes_of_an_assertion() {
    let expected = [
        &[0xAB; 32][..],           // RP ID hash
        &[0b0000_0101],            // UP, UV
        &[0x01, 0x02, 0x03, 0x04], // counter, big-endian
    ]
    .concat();
    assert_eq!(plain().to_bytes().unwrap(), expected);
}

#[test]
fn reads_the_vectors_and_writes_them_back() {
    let bytes = hex(NONE_ASSERTION_AUTHENTICATOR_DATA);
    let data = AuthenticatorData::parse(&bytes).unwrap();
    assert!(data.flags.user_present && !data.flags.user_verified);
    assert!(data.flags.backup_eligible && data.flags.backup_state);
    assert_eq!(data.to_bytes().unwrap(), bytes);

    let object = AttestationObject::from_cbor(&hex(NONE_ATTESTATION_OBJECT)).unwrap();
    let attested = object.authenticator_data.attested.unwrap();
    assert_eq!(attested.aaguid.as_bytes(), hex(NONE_AAGUID).as_slice());
    assert_eq!(attested.credential_id.as_bytes(), hex(NONE_CREDENTIAL_ID));
}

#[test]
fn refuses_what_another_parser_might_let_pass() {
    let good = plain().to_bytes().unwrap();
    let with_flags = |flags: u8| {
        let mut bytes = good.clone();
        bytes[32] = flags;
        AuthenticatorData::parse(&bytes).unwrap_err()
    };
    assert_eq!(
        with_flags(0x01 | 0x02),
        CborError::Invalid("flags"),
        "reserved bit 1"
    );
    assert_eq!(
        with_flags(0x01 | 0x20),
        CborError::Invalid("flags"),
        "reserved bit 5"
    );
    assert_eq!(
        with_flags(0x01 | 0x10),
        CborError::Invalid("flags"),
        "BS without BE"
    );
    assert_eq!(
        with_flags(0x41),
        CborError::Truncated,
        "AT without a credential"
    );
    assert_eq!(
        with_flags(0x81),
        CborError::Truncated,
        "ED without extensions"
    );
    let longer = [good.as_slice(), &[0]].concat();
    assert_eq!(
        AuthenticatorData::parse(&longer).unwrap_err(),
        CborError::TrailingBytes
    );
    for cut in 0..good.len() {
        assert_eq!(
            AuthenticatorData::parse(&good[..cut]).unwrap_err(),
            CborError::Truncated
        );
    }
    let mut not_a_map = good.clone();
    not_a_map[32] |= 0x80;
    not_a_map.push(0x80);
    assert_eq!(
        AuthenticatorData::parse(&not_a_map).unwrap_err(),
        CborError::UnexpectedType("extensions")
    );
}

/// ED and the outputs behind an assertion's 37 bytes.
fn extended(outputs: &[u8]) -> Result<AuthenticatorData, CborError> {
    let mut bytes = plain().to_bytes().unwrap();
    bytes[32] |= 0x80;
    bytes.extend(outputs);
    AuthenticatorData::parse(&bytes)
}

#[test]
fn extension_outputs_are_one_canonical_map_and_the_last_thing() {
    let outputs = b"\xa1\x61x\xa2\x61a\x80\x62bb\x41\x07";
    let data = extended(outputs).unwrap();
    let bytes = data.to_bytes().unwrap();
    assert_eq!((bytes[32], &bytes[37..]), (0x85, outputs.as_slice()));
    for (wrong, fault) in [
        (&b"\xa2\x61x\xf5\x61x\xf5"[..], CborError::KeyOrder),
        (b"\xa2\x62bb\xf5\x61a\xf5", CborError::KeyOrder),
        (b"\xbf\x61x\xf5\xff", CborError::IndefiniteLength),
        (b"\xa1\x78\x01x\xf5", CborError::NotShortest),
        (b"\xa1\x61x\xf5\x00", CborError::TrailingBytes),
        (b"\xa1\x61x\xf5\xa0", CborError::TrailingBytes),
        (b"\xa1\x61x", CborError::Truncated),
    ] {
        assert_eq!(extended(wrong).unwrap_err(), fault, "{wrong:02x?}");
    }
}

#[test]
fn refuses_to_encode_extensions_that_are_no_map() {
    let data = AuthenticatorData {
        extensions: Some(Value::Null),
        ..plain()
    };
    assert_eq!(
        data.to_bytes().unwrap_err(),
        CborError::UnexpectedType("extensions")
    );
}

fn any_data() -> impl Strategy<Value = AuthenticatorData> {
    let key = AttestationObject::from_cbor(&hex(NONE_ATTESTATION_OBJECT))
        .unwrap()
        .authenticator_data
        .attested
        .unwrap()
        .public_key;
    let attested = (
        any::<[u8; 16]>(),
        proptest::collection::vec(any::<u8>(), 1..=1023),
    )
        .prop_map(move |(aaguid, id)| AttestedCredentialData {
            aaguid: Aaguid::new(aaguid),
            credential_id: CredentialId::new(id).unwrap(),
            public_key: key,
        });
    let extensions =
        (1..4_i64).prop_map(|level| Value::Map(vec![("credProtect".into(), level.into())]));
    (
        any::<[u8; 32]>(),
        any::<[bool; 4]>(),
        any::<u32>(),
        proptest::option::of(attested),
        proptest::option::of(extensions),
    )
        .prop_map(
            |(rp_id_hash, [up, uv, be, bs], sign_count, attested, extensions)| AuthenticatorData {
                rp_id_hash,
                flags: Flags {
                    user_present: up,
                    user_verified: uv,
                    backup_eligible: be,
                    backup_state: be && bs,
                },
                sign_count,
                attested,
                extensions,
            },
        )
}

proptest! {
    #[test]
    fn round_trips(data in any_data()) {
        let bytes = data.to_bytes().unwrap();
        prop_assert_eq!(AuthenticatorData::parse(&bytes).unwrap(), data);
    }

    #[test]
    fn a_changed_byte_is_refused_or_means_something_else(
        data in any_data(), at in any::<prop::sample::Index>(), mask in 1..=255_u8,
    ) {
        let mut bytes = data.to_bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= mask;
        if let Ok(other) = AuthenticatorData::parse(&bytes) {
            prop_assert_ne!(&other, &data);
            prop_assert_eq!(other.to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = AuthenticatorData::parse(&bytes);
    }
}
