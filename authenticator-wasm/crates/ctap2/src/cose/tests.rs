//! Tests of the COSE key: form, point, signatures of the public vectors.
use p256::ecdsa::SigningKey;
use sha2::Digest;

use super::Es256PublicKey;
use crate::attestation::{AttestationObject, AttestationStatement};
use crate::cbor::CborError;
use crate::vectors::*;

fn key() -> Es256PublicKey {
    let signing = SigningKey::from_slice(&hex(NONE_PRIVATE_KEY)).unwrap();
    (*signing.verifying_key()).into()
}

#[test]
fn derives_the_key_of_the_vector_and_encodes_it_canonically() {
    let cose = key().to_cose().unwrap();
    assert_eq!(
        &cose[..10],
        &[
            0xa5, // map of five
            0x01, 0x02, // kty: EC2
            0x03, 0x26, // alg: ES256
            0x20, 0x01, // crv: P-256
            0x21, 0x58, 0x20, // x: 32 bytes
        ]
    );
    assert_eq!(&cose[42..45], &[0x22, 0x58, 0x20]); // y: 32 bytes
    assert!(hex(NONE_ATTESTATION_OBJECT).ends_with(&cose));
    assert_eq!(Es256PublicKey::from_cose(&cose).unwrap(), key());
}

#[test]
fn refuses_other_keys() {
    let good = key().to_cose().unwrap();
    let with = |at: usize, byte: u8| {
        let mut cose = good.clone();
        cose[at] = byte;
        Es256PublicKey::from_cose(&cose)
    };
    assert!(with(2, 0x01).is_err(), "kty OKP");
    assert!(with(4, 0x27).is_err(), "alg EdDSA");
    assert!(with(6, 0x02).is_err(), "crv P-384");
    assert!(with(44, 0x1f).is_err(), "y of 31 bytes, one byte behind");
    assert!(with(76, good[76] ^ 1).is_err(), "not on the curve");
    let mut trailing = good.clone();
    trailing.push(0);
    assert_eq!(
        Es256PublicKey::from_cose(&trailing).unwrap_err(),
        CborError::TrailingBytes
    );
    // A sixth member (key_ops: [verify]) in its canonical place.
    let mut more = vec![0xa6, 0x01, 0x02, 0x03, 0x26, 0x04, 0x81, 0x02];
    more.extend_from_slice(&good[5..]);
    assert!(Es256PublicKey::from_cose(&more).is_err());
    // A private key where the public one belongs.
    let mut private = good.clone();
    private[0] = 0xa6;
    private.extend_from_slice(&[0x23, 0x58, 0x20]);
    private.extend_from_slice(&[7; 32]);
    assert!(Es256PublicKey::from_cose(&private).is_err());
}

#[test]
fn refuses_points_in_other_forms() {
    let point = key().to_sec1();
    assert_eq!(Es256PublicKey::from_sec1(&point).unwrap(), key());
    let compressed = [&[0x02], &point[1..33]].concat();
    for bytes in [&[][..], &[0], &compressed, &point[..64], &[4; 65]] {
        assert!(Es256PublicKey::from_sec1(bytes).is_err());
    }
}

#[test]
fn spki_is_the_prefix_of_rfc_5480_and_the_point() {
    let prefix = hex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    assert_eq!(
        key().to_spki_der().unwrap(),
        [prefix, key().to_sec1()].concat()
    );
}

#[test]
fn verifies_the_signatures_of_the_vectors_and_no_other() {
    let hash = |bytes: Vec<u8>| sha2::Sha256::digest(bytes).to_vec();
    let data = hex(NONE_ASSERTION_AUTHENTICATOR_DATA);
    let mut message = [data, hash(hex(NONE_ASSERTION_CLIENT_DATA))].concat();
    let signature = hex(NONE_ASSERTION_SIGNATURE);
    assert!(key().verify_der(&message, &signature));
    message[0] ^= 1;
    assert!(!key().verify_der(&message, &signature));

    let object = AttestationObject::from_cbor(&hex(SELF_ATTESTATION_OBJECT)).unwrap();
    let data = object.authenticator_data.to_bytes().unwrap();
    let message = [data, hash(hex(SELF_CLIENT_DATA))].concat();
    let attested = object.authenticator_data.attested.unwrap();
    let AttestationStatement::PackedSelf { signature } = object.statement else {
        panic!("packed expected");
    };
    assert!(attested.public_key.verify_der(&message, &signature));
    assert!(!key().verify_der(&message, &signature));
    assert!(!attested.public_key.verify_raw(&message, &signature));
    assert!(!attested.public_key.verify_der(&message, &[]));
}
