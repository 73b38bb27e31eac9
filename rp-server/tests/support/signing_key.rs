//! Credential key pairs of each algorithm that the server offers.

use ciborium::Value as Cbor;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey as P256};
use rcgen::{KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, PublicKeyData, SigningKey as _};
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::PublicKeyParts;

use super::seed;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Algorithm {
    #[default]
    Es256,
    Es384,
    Rs256,
}

impl Algorithm {
    /// The COSE algorithm identifier.
    pub(crate) fn identifier(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::Es384 => -35,
            Self::Rs256 => -257,
        }
    }
}

pub(crate) enum Key {
    Es256(P256),
    /// The libraries take their randomness from the system, not from the seed.
    Es384(KeyPair),
    Rs256 {
        pair: KeyPair,
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl Key {
    pub(crate) fn generate(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => Self::Es256(P256::from_slice(&seed::bytes()).unwrap()),
            Algorithm::Es384 => {
                Self::Es384(KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap())
            }
            Algorithm::Rs256 => {
                let key = rsa::RsaPrivateKey::new(&mut UnwrapErr(SysRng), 2048).unwrap();
                let der = key.to_pkcs8_der().unwrap().as_bytes().to_vec();
                let der = rustls::pki_types::PrivatePkcs8KeyDer::from(der);
                Self::Rs256 {
                    pair: KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).unwrap(),
                    n: key.n().to_be_bytes_trimmed_vartime().to_vec(),
                    e: key.e().to_be_bytes_trimmed_vartime().to_vec(),
                }
            }
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Es256(_) => Algorithm::Es256,
            Self::Es384(_) => Algorithm::Es384,
            Self::Rs256 { .. } => Algorithm::Rs256,
        }
    }

    /// In the form of assertions and attestation statements.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Es384(pair) | Self::Rs256 { pair, .. } => pair.sign(message).unwrap(),
        }
    }

    /// The coordinates of the point, or modulus and exponent.
    pub(crate) fn numbers(&self) -> (Vec<u8>, Vec<u8>) {
        let halves = |point: &[u8]| {
            let (x, y) = point[1..].split_at((point.len() - 1) / 2);
            (x.to_vec(), y.to_vec())
        };
        match self {
            Self::Es256(key) => halves(key.verifying_key().to_sec1_point(false).as_bytes()),
            Self::Es384(pair) => halves(pair.der_bytes()),
            Self::Rs256 { n, e, .. } => (n.clone(), e.clone()),
        }
    }

    /// COSE_Key (RFC 9053 section 7.1.1, RFC 8230 section 4) that names `algorithm`.
    pub(crate) fn cose(&self, algorithm: i64) -> Cbor {
        let (first, second) = self.numbers();
        let (kty, curve) = match self {
            Self::Es256(_) => (2, Some(1)),
            Self::Es384(_) => (2, Some(2)),
            Self::Rs256 { .. } => (3, None),
        };
        let mut numbers = [first, second].into_iter().map(Cbor::Bytes);
        let mut next = || numbers.next().unwrap();
        let mut members: Vec<(Cbor, Cbor)> =
            vec![(1.into(), kty.into()), (3.into(), algorithm.into())];
        if let Some(curve) = curve {
            members.push(((-1).into(), curve.into()));
            members.push(((-2).into(), next()));
            members.push(((-3).into(), next()));
        } else {
            members.push(((-1).into(), next()));
            members.push(((-2).into(), next()));
        }
        Cbor::Map(members)
    }
}
