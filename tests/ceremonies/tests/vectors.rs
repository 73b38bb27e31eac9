//! The test vectors of WebAuthn Level 3 (section 16, in `vectors/webauthn-level-3.json`), made again byte for byte from
//! their keys: whatever has an ES256 credential and a form of attestation that the agent makes.
//!
//! What depends on the certificate's own bytes is taken from the vector; the rest is computed.

use ctap2::authenticator_data::AttestedCredentialData;
use ctap2::{
    Aaguid, AttestationObject, AttestationStatement, AuthenticatorData, CredentialId,
    Es256PublicKey, Flags,
};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

const VECTORS: &str = include_str!("../../vectors/webauthn-level-3.json");

/// Those that apply. The others have another algorithm or a format of platforms and keys that the agent is not.
const OURS: [&str; 6] = [
    "none.ES256",
    "packed-self.ES256",
    "none.ES256.crossOrigin",
    "none.ES256.topOrigin",
    "none.ES256.long-credential-id",
    "packed.ES256",
];

fn vector(name: &str) -> Value {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let all = all["vectors"].as_array().unwrap();
    all.iter().find(|one| one["name"] == name).unwrap().clone()
}

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    let pair = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(pair).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn sign(key: &SigningKey, data: &[u8], client_data: &Value) -> Vec<u8> {
    let message = [data, &sha256(&bytes(client_data))].concat();
    let signature: DerSignature = key.sign(&message);
    signature.as_bytes().to_vec()
}

/// The flags that the vectors' generator drew: UV, BE and BS are bits 2 to 4, and there is no BS without BE.
fn flags(drawn: u8, backup_eligible: bool) -> Flags {
    Flags {
        user_present: true,
        user_verified: drawn & 0x04 != 0,
        backup_eligible,
        backup_state: backup_eligible && drawn & 0x10 != 0,
    }
}

#[test]
fn registrations_come_out_byte_for_byte() {
    for name in OURS {
        let registration = &vector(name)["registration"];
        let key = SigningKey::from_slice(&bytes(&registration["privateKey"])).unwrap();
        let drawn = bytes(&registration["flagBits"])[0];
        let id = CredentialId::new(bytes(&registration["credentialId"])).unwrap();
        assert!(name != "none.ES256.long-credential-id" || id.as_bytes().len() == 1023);
        let authenticator_data = AuthenticatorData {
            rp_id_hash: sha256(b"example.org"),
            flags: flags(drawn, drawn & 0x08 != 0),
            sign_count: 0,
            attested: Some(AttestedCredentialData {
                aaguid: Aaguid::new(bytes(&registration["aaguid"]).try_into().unwrap()),
                credential_id: id,
                public_key: Es256PublicKey::from(*key.verifying_key()),
            }),
            extensions: None,
        };
        let data = authenticator_data.to_bytes().unwrap();
        let client_data = &registration["clientDataJSON"];
        let made = bytes(&registration["attestationObject"]);
        let statement = match name.split('.').next() {
            Some("none") => AttestationStatement::None,
            Some("packed-self") => AttestationStatement::PackedSelf {
                signature: sign(&key, &data, client_data),
            },
            _ => {
                let key = bytes(&registration["attestationPrivateKey"]);
                let key = SigningKey::from_slice(&key).unwrap();
                AttestationStatement::PackedCertified {
                    signature: sign(&key, &data, client_data),
                    certificates: certificates(&made),
                }
            }
        };
        let object = AttestationObject {
            authenticator_data,
            statement,
        };
        assert_eq!(object.to_cbor().unwrap(), made, "{name}");
        assert_eq!(
            AttestationObject::from_cbor(&made).unwrap(),
            object,
            "{name}"
        );
    }
}

fn certificates(object: &[u8]) -> Vec<Vec<u8>> {
    match AttestationObject::from_cbor(object).unwrap().statement {
        AttestationStatement::PackedCertified { certificates, .. } => certificates,
        other => panic!("no certificates in {other:?}"),
    }
}

#[test]
fn assertions_come_out_byte_for_byte() {
    for name in OURS {
        let vector = vector(name);
        let (registration, authentication) = (&vector["registration"], &vector["authentication"]);
        let key = SigningKey::from_slice(&bytes(&registration["privateKey"])).unwrap();
        let made = bytes(&authentication["authenticatorData"]);
        let data = AuthenticatorData::parse(&made).unwrap();
        let eligible = bytes(&registration["flagBits"])[0] & 0x08 != 0;
        assert_eq!(data.flags.backup_eligible, eligible, "{name}");
        assert_eq!(data.rp_id_hash, sha256(b"example.org"), "{name}");
        assert_eq!(data.to_bytes().unwrap(), made, "{name}");
        let signature = sign(&key, &made, &authentication["clientDataJSON"]);
        assert_eq!(signature, bytes(&authentication["signature"]), "{name}");
    }
}
