//! Tests of the key and of the gate in front of it.
use biometric_system::CeremonyId;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use secret::Secret;

use super::{CredentialKey, Gate};
use crate::encoding::sha256;
use crate::environment::Environment;
use crate::test_support::{Double, proof};

#[test]
fn the_gate_takes_a_proof_of_its_own_ceremony_only() {
    let hash = sha256(b"client data");
    assert!(Gate::open(proof(CeremonyId::new(hash)), &hash).is_ok());
    let other = CeremonyId::new(sha256(b"other client data"));
    let refusal = Gate::open(proof(other), &hash).unwrap_err();
    assert_eq!(refusal, ctap2::Status::OperationDenied);
}

#[test]
fn flags_of_the_gate_are_up_and_uv_without_backup() {
    let gate = Gate::open(proof(CeremonyId::new([1; 32])), &[1; 32]).unwrap();
    assert_eq!(gate.flags().to_byte(), 0b0000_0101);
}

#[test]
fn signs_data_and_hash_so_that_another_implementation_path_verifies() {
    let mut env = Double::new();
    let key = CredentialKey::generate(&mut env).unwrap();
    let gate = Gate::open(proof(CeremonyId::new([7; 32])), &[7; 32]).unwrap();
    let signature = key.sign(gate, b"authenticator data").unwrap();
    let point = key.public_key().unwrap().to_sec1();
    let verifying = VerifyingKey::from_sec1_bytes(&point).unwrap();
    let signature = DerSignature::try_from(signature.as_slice()).unwrap();
    let message = [b"authenticator data".as_slice(), &[7; 32]].concat();
    assert!(verifying.verify(&message, &signature).is_ok());
    assert!(verifying.verify(b"authenticator data", &signature).is_err());
}

/// RFC 6979, A.2.5: P-256 with SHA-256, message "sample" (through the inner key, since `sign` would append
/// a client data hash to it).
#[test]
fn key_and_nonce_are_those_of_rfc_6979() {
    use p256::ecdsa::signature::Signer;
    let bytes = |text: &str| -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    };
    let private = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    let key = CredentialKey::from_secret(Secret::new(bytes(private))).unwrap();
    let x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
    let y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    let point = [vec![4], bytes(x), bytes(y)].concat();
    assert_eq!(key.public_key().unwrap().to_sec1(), point);
    let signature: p256::ecdsa::Signature = key.signing_key("test").unwrap().sign(b"sample");
    let r = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
    let s = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    assert_eq!(signature.to_bytes().to_vec(), [bytes(r), bytes(s)].concat());
}

/// A generator that yields what the test lines up.
struct Lined(Vec<[u8; 32]>);

impl Environment for Lined {
    fn random(&mut self, out: &mut [u8]) {
        let draw = if self.0.len() > 1 {
            self.0.remove(0)
        } else {
            self.0[0]
        };
        out.copy_from_slice(&draw);
    }

    fn now_ms(&self) -> u64 {
        0
    }
}

#[test]
fn a_draw_that_is_no_scalar_is_drawn_again_and_a_dead_generator_gives_no_key() {
    let mut env = Lined(vec![[0; 32], [0xff; 32], [5; 32]]);
    let key = CredentialKey::generate(&mut env).unwrap();
    assert_eq!(key.as_secret().expose_secret("test"), &vec![5; 32]);
    let refusal = CredentialKey::generate(&mut Lined(vec![[0; 32]])).unwrap_err();
    assert_eq!(refusal, ctap2::Status::Other);
}

#[test]
fn debug_shows_no_key() {
    let key = CredentialKey::from_secret(Secret::new(vec![5; 32])).unwrap();
    assert_eq!(format!("{key:?}"), "CredentialKey(Secret(..))");
}

#[test]
fn no_key_from_other_lengths() {
    for length in [0, 31, 33, 64] {
        assert!(
            CredentialKey::from_secret(Secret::new(vec![5; length])).is_none(),
            "{length}"
        );
    }
}
