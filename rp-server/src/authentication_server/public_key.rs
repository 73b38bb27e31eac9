//! Credential public keys (COSE_Key, RFC 9052 section 7) and the signatures that they verify.
//!
//! WebAuthn Level 3 section 6.5.1.1 asks for the canonical form and section 5.8.5 fixes the curve of each algorithm.
//! That leaves one encoding for each key, so a key is read by comparing with it.

use std::fmt;

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::Refusal;

/// A credential public key as records keep it.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// COSE algorithm identifier.
    pub algorithm: i64,
    /// The COSE_Key, in canonical form where it came from a registration of this version.
    pub cose: Vec<u8>,
}

/// A signature algorithm that registrations offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 bits.
    Rs256,
}

impl Algorithm {
    /// In the order of our preference.
    pub(super) const ALL: [Self; 3] = [Self::Es256, Self::Es384, Self::Rs256];

    /// The COSE algorithm identifier.
    pub(super) const fn identifier(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::Es384 => -35,
            Self::Rs256 => -257,
        }
    }

    /// What stands before each of the two numbers of a key, and how long these are.
    const fn form(self) -> [(&'static [u8], usize); 2] {
        match self {
            // {1: 2 (EC2), 3: -7, -1: 1 (P-256), -2: x, -3: y}
            Self::Es256 => [
                (b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 32),
                (b"\x22\x58\x20", 32),
            ],
            // {1: 2 (EC2), 3: -35, -1: 2 (P-384), -2: x, -3: y}
            Self::Es384 => [
                (b"\xa5\x01\x02\x03\x38\x22\x20\x02\x21\x58\x30", 48),
                (b"\x22\x58\x30", 48),
            ],
            // {1: 3 (RSA), 3: -257, -1: n, -2: e}
            Self::Rs256 => [
                (b"\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00", 256),
                (b"\x21\x43", 3),
            ],
        }
    }

    /// The two numbers of a key of this algorithm.
    fn numbers(self, cose: &[u8]) -> Option<[&[u8]; 2]> {
        let [(before_first, first), (before_second, second)] = self.form();
        let (first, rest) = cose.strip_prefix(before_first)?.split_at_checked(first)?;
        let number = rest.strip_prefix(before_second)?;
        (number.len() == second).then_some([first, number])
    }
}

impl PublicKey {
    /// Takes a COSE_Key in canonical form, of an algorithm that we offer and its curve. Whether the numbers make a
    /// key is found out when it verifies.
    pub(super) fn from_cose(cose: &[u8]) -> Option<Self> {
        let fits = |algorithm: &Algorithm| algorithm.numbers(cose).is_some();
        let algorithm = Algorithm::ALL.into_iter().find(fits)?;
        Some(Self {
            algorithm: algorithm.identifier(),
            cose: cose.to_vec(),
        })
    }

    /// The key with these two numbers: x and y, or n and e. `None` when their lengths are not the algorithm's.
    pub(crate) fn from_numbers(algorithm: i64, first: &[u8], second: &[u8]) -> Option<Self> {
        let known = |known: &Algorithm| known.identifier() == algorithm;
        let [(before_first, _), (before_second, _)] =
            Algorithm::ALL.into_iter().find(known)?.form();
        Self::from_cose(&[before_first, first, before_second, second].concat())
    }

    /// Verifies a signature over `message`. ECDSA signatures are strict DER (WebAuthn Level 3 section 6.5.5).
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        const WRONG: Refusal = Refusal::Failed("signature");
        let read = |algorithm: Algorithm| Some((algorithm, algorithm.numbers(&self.cose)?));
        let found = Algorithm::ALL.into_iter().find_map(read);
        let (algorithm, [first, second]) =
            found.ok_or(Refusal::Failed("a key that verifies nothing"))?;
        if algorithm.identifier() != self.algorithm {
            return Err(Refusal::Failed("a key of another algorithm"));
        }
        let point = || [&[4], first, second].concat();
        let verified =
            match algorithm {
                Algorithm::Es256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point())
                    .verify(message, signature),
                Algorithm::Es384 => UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, point())
                    .verify(message, signature),
                Algorithm::Rs256 => RsaPublicKeyComponents {
                    n: first,
                    e: second,
                }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            };
        verified.map_err(|_| WRONG)
    }
}

// A public key names a credential nearly as well as its ID does.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey(algorithm {})", self.algorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::from_base64url;
    use ciborium::Value;
    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{Signature, SigningKey};

    fn encode(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        ciborium::into_writer(value, &mut out).unwrap();
        out
    }

    fn ec2(algorithm: i64, curve: i64, length: usize) -> Vec<u8> {
        encode(&Value::Map(vec![
            (1.into(), 2.into()),
            (3.into(), algorithm.into()),
            ((-1).into(), curve.into()),
            ((-2).into(), Value::Bytes(vec![1; length])),
            ((-3).into(), Value::Bytes(vec![2; length])),
        ]))
    }

    fn rsa(modulus: usize, exponent: &[u8]) -> Vec<u8> {
        encode(&Value::Map(vec![
            (1.into(), 3.into()),
            (3.into(), (-257).into()),
            ((-1).into(), Value::Bytes(vec![1; modulus])),
            ((-2).into(), Value::Bytes(exponent.to_vec())),
        ]))
    }

    #[test]
    fn keys_of_the_offered_algorithms_are_read_and_written_back() {
        let keys = [
            (-7, ec2(-7, 1, 32), 32, 32),
            (-35, ec2(-35, 2, 48), 48, 48),
            (-257, rsa(256, &[1, 0, 1]), 256, 3),
        ];
        for (algorithm, cose, first, second) in keys {
            let key = PublicKey::from_cose(&cose).unwrap();
            assert_eq!((key.algorithm, &key.cose), (algorithm, &cose));
            let numbers = [vec![1; first], vec![2; second]];
            let second = if algorithm == -257 {
                vec![1, 0, 1]
            } else {
                numbers[1].clone()
            };
            let made = PublicKey::from_numbers(algorithm, &numbers[0], &second);
            assert_eq!(made, Some(key));
            assert_eq!(
                PublicKey::from_numbers(algorithm, &numbers[0][1..], &second),
                None
            );
            assert_eq!(
                PublicKey::from_numbers(algorithm, &numbers[0], &second[1..]),
                None
            );
        }
    }

    #[test]
    fn another_algorithm_curve_length_or_encoding_is_no_key() {
        let good = ec2(-7, 1, 32);
        let mut optional = good.clone();
        optional[0] = 0xa6;
        optional.extend(b"\x04\x81\x02"); // key_ops
        let bad = [
            ec2(-7, 2, 48),
            ec2(-7, 2, 32),
            ec2(-7, 1, 31),
            ec2(-35, 1, 32),
            ec2(-36, 3, 66),
            ec2(-8, 6, 32),
            rsa(255, &[1, 0, 1]),
            rsa(384, &[1, 0, 1]),
            rsa(256, &[3]),
            optional,
            [good.clone(), vec![0]].concat(),
            [&[0xb8, 0x05], &good[1..]].concat(),
            Vec::new(),
            vec![0xa0],
        ];
        for cose in bad {
            assert_eq!(PublicKey::from_cose(&cose), None, "{cose:02x?}");
        }
        for end in 0..good.len() {
            assert_eq!(PublicKey::from_cose(&good[..end]), None, "cut at {end}");
        }
    }

    #[test]
    fn a_key_verifies_what_it_signed_under_its_own_algorithm() {
        let signer = SigningKey::from_slice(&[5; 32]).unwrap();
        let point = signer.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        let mut key = PublicKey::from_numbers(-7, x, y).unwrap();
        let signature: Signature = signer.sign(b"message");
        let signature = signature.to_der();
        key.verify(b"message", signature.as_bytes()).unwrap();
        assert!(key.verify(b"massage", signature.as_bytes()).is_err());
        key.algorithm = -257;
        assert!(key.verify(b"message", signature.as_bytes()).is_err());
        // A point that is not on the curve.
        let off = PublicKey::from_numbers(-7, x, x).unwrap();
        assert!(off.verify(b"message", signature.as_bytes()).is_err());
        // What remains of an older record that never verified anything.
        let dead = PublicKey {
            algorithm: -36,
            cose: vec![0xa0],
        };
        assert!(dead.verify(b"message", signature.as_bytes()).is_err());
    }

    // Made with OpenSSL 3.0 for this test; the private keys were thrown away.
    const MESSAGE: &[u8] = b"authenticator data and hash";
    const RS256_N: &str = "3J8kd-oL99LMytPbNZXU04NXssJ3_fCXU_xGTaezsi4lWEztMxhpoiQMN83wOKLXb-Rk_1CD-vOCrJO8Q0axHIlwKi_LFQozqTX4\
        5bLY-bXdvVK8_JeqH-c3DidUrl7XlXXSy58bVIeKbqCX4OWhirUo8KD3qnJnEXEWLhOsvcTMAcLrIbdw1fS0LMr45ja4NkVMuW9E\
        whEMfpuwqYX8TgI8WfGBg8HJzFZGjZQX4xasOXVkJliBerhLFPunSkPxsPT_bLXg3J_RAYaxqcxEnDOmhFDeBi6B8sp0sTkAEJmn\
        lbkAcKuDBr78v5qMs6HBnqYtP2goOFCEdwitOSBAhw";
    const RS256_SIGNATURE: &str = "TLnJLx7e6_ce2z85M4NZM5vp-vthUDGKNInTfoPwM_7EYFbI3E-dHYWjf9BFfEwPq6UEJkG60ByiPm5w2vqLoDenV4YOhbSZbNw9\
        yUeOL_qA9iLuVGJdWWfsNlmvYSGbO3m8FgAv5o876pzOFtV3KS1gVMpvceWnH17ndkT6laMLlGdSw0RmV525KgRYZZenxqOKhtSI\
        SpawxFmbQJetb_b_KWjyM4azy-q9ld3YcJNHfQePL4m3WXrKwpN-PBAYn-bClP4xd0blYFn87spe9PNbEFJ4DbovXvtUQoPO3-Bp\
        v6e63PJU1Ch47GTC9c-isLeER29bKly0KcI0m7T4Xg";
    const ES384_X: &str = "l86GY79xijq3IlROr6x8z_UmzXISCCiR7FEqOXGEx3UertMrLV7L8d0pHfzZPQ6W";
    const ES384_Y: &str = "THcGGutDzsQs2HOfwLmdSgoHksaoARWtbDS5qG_CO1yfvc0FX92tA_UqDgXB2R9J";
    const ES384_SIGNATURE: &str = "MGUCMQDGBhOma8GLlSDOq9C5Lr1XjULlBKxPkBv1QhLmDoNf2vjPYwtEu5a5bEWZQsGQO6UCMAEfMsni9jwSfZWwWT9D3PC9N6OS\
        6cUVnoQyR9JPVqicgussNeWfnZ3ffy_65Xylzg";

    #[test]
    fn rs256_and_es384_signatures_of_openssl_verify() {
        let bytes = |text: &str| from_base64url(text).unwrap();
        let rsa = PublicKey::from_numbers(-257, &bytes(RS256_N), &[1, 0, 1]).unwrap();
        let p384 = PublicKey::from_numbers(-35, &bytes(ES384_X), &bytes(ES384_Y)).unwrap();
        let cases = [(rsa, RS256_SIGNATURE), (p384, ES384_SIGNATURE)];
        for (key, signature) in &cases {
            let good = bytes(signature);
            key.verify(MESSAGE, &good).unwrap();
            assert!(key.verify(b"another message", &good).is_err());
            for at in [0, good.len() / 2, good.len() - 1] {
                let mut bad = good.clone();
                bad[at] ^= 1;
                assert!(key.verify(MESSAGE, &bad).is_err(), "byte {at}");
            }
            assert!(
                key.verify(MESSAGE, &[good.as_slice(), &[0]].concat())
                    .is_err()
            );
            assert!(key.verify(MESSAGE, &good[..good.len() - 1]).is_err());
        }
        // The signature of one under the key of the other.
        assert!(cases[0].0.verify(MESSAGE, &bytes(ES384_SIGNATURE)).is_err());
        assert!(cases[1].0.verify(MESSAGE, &bytes(RS256_SIGNATURE)).is_err());
    }

    #[test]
    fn debug_does_not_print_the_key() {
        let key = PublicKey::from_cose(&ec2(-7, 1, 32)).unwrap();
        assert_eq!(format!("{key:?}"), "PublicKey(algorithm -7)");
    }
}
