//! Credential key pairs of the algorithms besides ES256. The libraries take their randomness from the system, not from
//! the seed.

use ciborium::Value as Cbor;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use rcgen::{KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, PublicKeyData, SigningKey};
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::PublicKeyParts;
use rustls::pki_types::PrivatePkcs8KeyDer;

use super::authenticator::{CredentialKey, NewKey, ec2, halves};

pub(crate) const ES384: NewKey = NewKey(|| {
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384);
    Box::new(Es384(pair.unwrap()))
});

pub(crate) const RS256: NewKey = NewKey(|| {
    let key = rsa::RsaPrivateKey::new(&mut UnwrapErr(SysRng), 2048).unwrap();
    let der = PrivatePkcs8KeyDer::from(key.to_pkcs8_der().unwrap().as_bytes().to_vec());
    Box::new(Rs256 {
        pair: KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).unwrap(),
        n: key.n().to_be_bytes_trimmed_vartime().to_vec(),
        e: key.e().to_be_bytes_trimmed_vartime().to_vec(),
    })
});

struct Es384(KeyPair);

impl CredentialKey for Es384 {
    fn algorithm(&self) -> i64 {
        -35
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).unwrap()
    }

    fn numbers(&self) -> (Vec<u8>, Vec<u8>) {
        halves(self.0.der_bytes())
    }

    fn cose(&self, algorithm: i64) -> Cbor {
        ec2(algorithm, 2, self.numbers())
    }
}

struct Rs256 {
    pair: KeyPair,
    n: Vec<u8>,
    e: Vec<u8>,
}

impl CredentialKey for Rs256 {
    fn algorithm(&self) -> i64 {
        -257
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).unwrap()
    }

    fn numbers(&self) -> (Vec<u8>, Vec<u8>) {
        (self.n.clone(), self.e.clone())
    }

    /// RFC 8230 section 4.
    fn cose(&self, algorithm: i64) -> Cbor {
        Cbor::Map(vec![
            (1.into(), 3.into()),
            (3.into(), algorithm.into()),
            ((-1).into(), Cbor::Bytes(self.n.clone())),
            ((-2).into(), Cbor::Bytes(self.e.clone())),
        ])
    }
}
