//! Copies of a ceremony with one bit changed, none of which a verifier may accept.

use ctap2::AttestationStatement;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::response::{CREATED, DATA, GOT, OBJECT, SIGNATURE, b64, bytes, object};

/// A changed copy.
pub(crate) struct Changed {
    pub(crate) what: String,
    /// Whether it is the registration that was changed; else the sign-in.
    pub(crate) registration: bool,
    /// Whether it is in a certificate.
    pub(crate) certificate: bool,
    pub(crate) ceremony: Value,
}

/// Every so many-th byte.
const STEP: usize = 11;

/// Copies with a bit changed in what is signed, or in the signature.
pub(crate) fn of(ceremony: &Value) -> Vec<Changed> {
    let signed = object(ceremony).statement.format() != "none";
    let created = bytes(ceremony, CREATED);
    let all = |pointer| (0..bytes(ceremony, pointer).len()).step_by(STEP);
    let mut places: Vec<(&str, usize)> = Vec::new();
    if signed {
        places.extend(all(OBJECT).map(|at| (OBJECT, at)));
        places.extend(all(CREATED).map(|at| (CREATED, at)));
    } else {
        // Nothing signs it. What verifiers compare is the hash of the RP ID, the flags, and three members.
        let hash = Sha256::digest(ceremonies::RP_ID);
        let at = find(&bytes(ceremony, OBJECT), &hash);
        places.extend([at, at + 31, at + 32].map(|at| (OBJECT, at)));
        for value in [
            "webauthn.create",
            ceremonies::ORIGIN,
            ceremony["reg"]["challenge"].as_str().unwrap(),
        ] {
            let at = find(&created, value.as_bytes());
            places.extend((at..at + value.len()).step_by(STEP).map(|at| (CREATED, at)));
        }
    }
    for pointer in [DATA, SIGNATURE, GOT] {
        places.extend(all(pointer).map(|at| (pointer, at)));
    }
    places.retain(|(pointer, at)| !is_frame(ceremony, pointer, *at));
    places
        .into_iter()
        .map(|(pointer, at)| Changed {
            what: format!("{} {pointer} byte {at}", ceremony["name"]),
            registration: [OBJECT, CREATED].contains(&pointer),
            certificate: pointer == OBJECT && in_certificate(ceremony, at),
            ceremony: flipped(ceremony, pointer, at),
        })
        .collect()
}

fn in_certificate(ceremony: &Value, at: usize) -> bool {
    let AttestationStatement::PackedCertified { certificates, .. } = object(ceremony).statement
    else {
        return false;
    };
    let begin = find(&bytes(ceremony, OBJECT), &certificates[0]);
    (begin..begin + certificates[0].len()).contains(&at)
}

/// Whether the byte is a tag or a length of a DER signature. Parsers that are lenient there read the same two numbers.
///
/// Nor is the length of the authenticator data changed: they end the object, and two verifiers take what is there where
/// their length says more.
fn is_frame(ceremony: &Value, pointer: &str, at: usize) -> bool {
    if pointer == OBJECT {
        let data = object(ceremony).authenticator_data.to_bytes().unwrap();
        let begin = find(&bytes(ceremony, OBJECT), &data);
        if (begin - 3..begin).contains(&at) {
            return true;
        }
    }
    if pointer == OBJECT && is_frame_of_certificate(ceremony, at) {
        return true;
    }
    let signature = match (pointer, object(ceremony).statement) {
        (SIGNATURE, _) => bytes(ceremony, SIGNATURE),
        (
            OBJECT,
            AttestationStatement::PackedSelf { signature }
            | AttestationStatement::PackedCertified { signature, .. },
        ) => signature,
        _ => return false,
    };
    let begin = find(&bytes(ceremony, pointer), &signature);
    frame(&signature).contains(&at.wrapping_sub(begin))
}

/// Tags and lengths of an ECDSA signature in DER.
fn frame(signature: &[u8]) -> [usize; 6] {
    let first = usize::from(signature[3]);
    [0, 1, 2, 3, 4 + first, 5 + first]
}

/// The same of the certificate's own signature, with the bit string around it.
fn is_frame_of_certificate(ceremony: &Value, at: usize) -> bool {
    let AttestationStatement::PackedCertified { certificates, .. } = object(ceremony).statement
    else {
        return false;
    };
    let (_, certificate) = X509Certificate::from_der(&certificates[0]).unwrap();
    let signature = &certificate.signature_value.data;
    let begin = find(&bytes(ceremony, OBJECT), signature);
    at + 1 == begin || frame(signature).contains(&at.wrapping_sub(begin))
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    let mut windows = bytes.windows(wanted.len());
    windows.position(|window| window == wanted).unwrap()
}

fn flipped(ceremony: &Value, pointer: &str, at: usize) -> Value {
    let mut changed = bytes(ceremony, pointer);
    changed[at] ^= 1;
    let mut ceremony = ceremony.clone();
    *ceremony.pointer_mut(pointer).unwrap() = b64(&changed).into();
    ceremony
}
