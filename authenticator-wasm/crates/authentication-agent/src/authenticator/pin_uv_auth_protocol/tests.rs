//! Key agreement against the test vectors of WebAuthn Level 3 (16.17.2), and a platform that is written apart from it.
use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit as _};
use ctap2::KeyAgreementKey;
use hmac::{Hmac, Mac};
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::{Digest, Sha256};

use super::{KeyAgreement, Protocol};
use crate::test_support::{Double, Fixed, hex};

/// SHA-256 of the vectors' seed and a number.
pub(crate) fn vector_seed(number: u8) -> [u8; 32] {
    Sha256::digest([b"WebAuthn PRF test vectors".as_slice(), &[number]].concat()).into()
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

/// The other side, with the vectors' private key: HKDF and CBC are put together by hand.
pub(crate) struct Platform {
    secret: SecretKey,
    pub(crate) protocol: i64,
    hmac_key: Vec<u8>,
    aes_key: Vec<u8>,
}

impl Platform {
    pub(crate) fn new(key: &KeyAgreementKey, protocol: i64) -> Self {
        let secret = SecretKey::from_slice(&vector_seed(4)).unwrap();
        let scalar = *secret.to_nonzero_scalar();
        let point = (key.point().to_projective() * scalar).to_affine();
        let z = point.to_sec1_point(false).x().unwrap().to_vec();
        let (hmac_key, aes_key) = if protocol == 1 {
            let key = Sha256::digest(&z).to_vec();
            (key.clone(), key)
        } else {
            let prk = hmac(&[0; 32], &z);
            (
                hmac(&prk, b"CTAP2 HMAC key\x01"),
                hmac(&prk, b"CTAP2 AES key\x01"),
            )
        };
        Self {
            secret,
            protocol,
            hmac_key,
            aes_key,
        }
    }

    pub(crate) fn key(&self) -> KeyAgreementKey {
        KeyAgreementKey::new(self.secret.public_key())
    }

    pub(crate) fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        let mut code = hmac(&self.hmac_key, message);
        code.truncate(if self.protocol == 1 { 16 } else { 32 });
        code
    }

    /// With an initialisation vector of ones, where there is one.
    pub(crate) fn encrypt(&self, plain: &[u8]) -> Vec<u8> {
        let mut before = vec![u8::from(self.protocol != 1); 16];
        let mut message = if self.protocol == 1 {
            Vec::new()
        } else {
            before.clone()
        };
        let cipher = Aes256::new_from_slice(&self.aes_key).unwrap();
        for block in plain.chunks(16) {
            let mixed: Vec<u8> = block.iter().zip(&before).map(|(a, b)| a ^ b).collect();
            let mut bytes = aes::Block::try_from(mixed.as_slice()).unwrap();
            cipher.encrypt_block(&mut bytes);
            message.extend_from_slice(&bytes);
            before = bytes.to_vec();
        }
        message
    }

    pub(crate) fn decrypt(&self, message: &[u8]) -> Vec<u8> {
        let start = if self.protocol == 1 { 0 } else { 16 };
        let mut before = [0; 16].to_vec();
        if start == 16 {
            before.copy_from_slice(&message[..16]);
        }
        let cipher = Aes256::new_from_slice(&self.aes_key).unwrap();
        let mut plain = Vec::new();
        for block in message[start..].chunks(16) {
            let mut bytes = aes::Block::try_from(block).unwrap();
            cipher.decrypt_block(&mut bytes);
            plain.extend(
                bytes
                    .iter()
                    .zip(&before)
                    .map(|(byte, before)| byte ^ before),
            );
            before = block.to_vec();
        }
        plain
    }
}

#[test]
fn level_3_vectors_of_the_shared_secret() {
    let authenticator = KeyAgreement::generate(&mut Fixed(vector_seed(5).to_vec())).unwrap();
    let key = authenticator.public_key().unwrap();
    let point = key.point().to_sec1_point(false);
    assert_eq!(
        point.as_bytes()[1..],
        hex(concat!(
            "a30522c2de402b561965c3cf949a1cab020c6f6ea36fcf7e911ac1a0f1515300",
            "9961a929abdb2f42e6566771887d41484d889e735e3248518a53112d2b915f00",
        ))
    );
    let platform = SecretKey::from_slice(&vector_seed(4)).unwrap();
    let platform = KeyAgreementKey::new(platform.public_key());
    let two = concat!(
        "0c63083de8170101d38bcf8bd72309568ddb4550867e23404b35d85712f7c20d",
        "8bc911ee23c06034cbc14290b9669bec07739053c5a416e313ef905c79955876",
    );
    let one = "23e5ed7157c25892b77732fb9c8a107e3518800db2af4142f9f4adfacb771d39";
    for (protocol, expected) in [
        (Protocol::Two, two.to_owned()),
        (Protocol::One, one.repeat(2)),
    ] {
        let shared = authenticator.decapsulate(protocol, &platform).unwrap();
        assert_eq!(shared.keys.expose_secret("test"), &hex(&expected));
    }
}

#[test]
fn each_start_has_its_own_key_and_each_message_its_own_vector() {
    let mut env = Double::new();
    let first = KeyAgreement::generate(&mut env).unwrap();
    let second = KeyAgreement::generate(&mut env).unwrap();
    assert_ne!(first.public_key().unwrap(), second.public_key().unwrap());
    let platform = Platform::new(&first.public_key().unwrap(), 2);
    let shared = first.decapsulate(Protocol::Two, &platform.key()).unwrap();
    let mut encrypted = || {
        let plain = secret::Secret::new(vec![5; 32]);
        shared.encrypt(plain, &mut env).unwrap()
    };
    let (one, other) = (encrypted(), encrypted());
    assert_ne!(one, other);
    for message in [one, other] {
        assert_eq!(platform.decrypt(&message), [5; 32]);
        let back = shared.decrypt(&message).unwrap();
        assert_eq!(back.expose_secret("test"), &[5; 32]);
    }
}

#[test]
fn a_generator_that_gives_no_scalar_is_an_error() {
    assert!(KeyAgreement::generate(&mut Fixed(vec![0; 32 * 16])).is_err());
}
