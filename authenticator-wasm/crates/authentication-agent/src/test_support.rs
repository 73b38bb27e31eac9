//! For tests: the environment's deterministic double, two people, a relying party, and the way to a
//! `UserVerified`, which leads through a real decision of the biometric system.

use biometric_system::{CeremonyId, Decision, Reference, UserVerified, Verification};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use secret::Secret;
use serde_json::{Value, json};

use crate::consent::{Consent, NOTICE_VERSION};
use crate::credential_record::CredentialRecord;
use crate::encoding::{sha256, to_base64url};
use crate::environment::Environment;
use crate::{authentication, registration};

pub(crate) const ORIGIN: &str = "https://rp.example";

/// Seeded randomness and a clock moved by hand.
pub(crate) struct Double {
    seed: u64,
    draws: u64,
    pub(crate) now_ms: u64,
}

impl Double {
    /// The seed comes from `MIEN_TEST_SEED`, or is a fixed one; it is printed.
    pub(crate) fn new() -> Self {
        let seed = std::env::var("MIEN_TEST_SEED").map_or(27_553, |seed| seed.parse().unwrap());
        println!("MIEN_TEST_SEED={seed}");
        Self {
            seed,
            draws: 0,
            now_ms: 1_700_000_000_000,
        }
    }
}

impl Environment for Double {
    fn random(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.draws += 1;
            let block = sha256(&[self.seed.to_be_bytes(), self.draws.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }

    fn now_ms(&self) -> u64 {
        self.now_ms
    }
}

/// Gives these bytes and then no more.
pub(crate) struct Fixed(pub(crate) Vec<u8>);

impl Environment for Fixed {
    fn random(&mut self, out: &mut [u8]) {
        out.copy_from_slice(&self.0.drain(..out.len()).collect::<Vec<_>>());
    }

    fn now_ms(&self) -> u64 {
        1_700_000_000_000
    }
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Two people whose features have nothing in common.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Person {
    Enrolled,
    Other,
}

impl Person {
    fn features(self) -> [f32; 128] {
        core::array::from_fn(|i| f32::from((i < 64) == (self == Self::Enrolled)))
    }

    pub(crate) fn reference(self) -> Reference {
        Reference::from_raw_features(self.features()).unwrap()
    }

    /// One look of this person, not judged yet.
    pub(crate) fn before_the_camera(self, ceremony: CeremonyId) -> Verification {
        Verification::from_raw_features(ceremony, self.features())
    }

    /// One look of this person, compared with `reference` by the biometric system.
    pub(crate) fn look(self, ceremony: CeremonyId, reference: &Reference) -> Decision {
        self.before_the_camera(ceremony).decide(reference)
    }
}

/// The enrolled person's proof for a ceremony.
pub(crate) fn proof(ceremony: CeremonyId) -> UserVerified {
    let reference = Person::Enrolled.reference();
    let Decision::Accepted(proof) = Person::Enrolled.look(ceremony, &reference) else {
        panic!("the enrolled person is accepted");
    };
    proof
}

pub(crate) const fn consent() -> Consent {
    Consent {
        version: NOTICE_VERSION,
        at_ms: 1_699_999_999_000,
    }
}

/// The bytes of `mienPad` for the enrolled person's look in this ceremony, put together by hand.
pub(crate) fn mien_pad(ceremony: CeremonyId) -> Vec<u8> {
    let proof = proof(ceremony);
    let report = proof.presentation_attack_detection();
    let layers = report.layers();
    let head = |major: u8, length: usize| vec![major << 5 | u8::try_from(length).unwrap()];
    let mut out = b"\xa1\x67mienPad\xa2\x66layers".to_vec();
    out.extend(head(4, layers.len()));
    for name in layers.iter().map(|layer| layer.as_str()) {
        out.extend([head(3, name.len()), name.into()].concat());
    }
    out.extend(b"\x6atranscript\x58\x20");
    out.extend(report.transcript());
    out
}

/// The authentication server's signing key.
pub(crate) fn server_key() -> SigningKey {
    SigningKey::from_slice(&sha256(b"authentication server")).unwrap()
}

pub(crate) fn server_key_sec1() -> String {
    to_base64url(server_key().verifying_key().to_sec1_point(false).as_bytes())
}

/// A compact JWS of the server over any header and payload.
pub(crate) fn jws(key: &SigningKey, header: &str, payload: &str) -> String {
    let signed = [header, payload]
        .map(|part| to_base64url(part.as_bytes()))
        .join(".");
    let signature: p256::ecdsa::Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", to_base64url(&signature.to_bytes()))
}

pub(crate) fn challenge(seed: u8) -> Vec<u8> {
    vec![seed; 32]
}

/// Creation options as our server sends them.
pub(crate) fn creation_options(seed: u8, user: &[u8]) -> Value {
    json!({
        "rp": {"id": "rp.example", "name": "Example"},
        "user": {"id": to_base64url(user), "name": "ada", "displayName": "Ada"},
        "challenge": to_base64url(&challenge(seed)),
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 300_000,
        "excludeCredentials": [],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "none",
        "extensions": {
            "credProps": true,
            "mienAuthenticationServer": {"key": server_key_sec1()},
            "mienPad": true,
        },
    })
}

pub(crate) fn request_options(seed: u8, allow: &[&[u8]]) -> Value {
    let allow: Vec<Value> = allow
        .iter()
        .map(|id| json!({"type": "public-key", "id": to_base64url(id)}))
        .collect();
    json!({
        "challenge": to_base64url(&challenge(seed)),
        "rpId": "rp.example",
        "allowCredentials": allow,
        "userVerification": "required",
        "extensions": {"mienPad": true},
    })
}

/// A registration up to the store, for a person who is new here.
pub(crate) fn enrol(env: &mut Double, options: &Value) -> registration::AwaitStored {
    let state = registration::begin(ORIGIN, &options.to_string()).unwrap();
    let state = state.consented(consent()).unwrap();
    let registration::AwaitSamples::Enrol(state) = state.with_credentials(Vec::new()).unwrap()
    else {
        panic!("new here");
    };
    let proof = proof(state.ceremony());
    state
        .enrolled(Person::Enrolled.reference(), proof, env)
        .unwrap()
}

/// What was stored, read back from its bytes as the edge does.
pub(crate) fn reread(record: &CredentialRecord) -> CredentialRecord {
    let bytes = record.to_cbor().unwrap();
    CredentialRecord::from_cbor(bytes.expose_secret("stored in a test")).unwrap()
}

/// A registered credential's record and the response to the relying party.
pub(crate) fn registered(env: &mut Double, options: &Value) -> (CredentialRecord, Value) {
    let state = enrol(env, options);
    let record = reread(state.record());
    (record, answered(state.stored()))
}

/// The answer that a page gets.
pub(crate) fn answered(response: Result<Secret<String>, crate::Error>) -> Value {
    let json = response.unwrap();
    serde_json::from_str(json.expose_secret("read by a test")).unwrap()
}

/// An authentication up to the look.
pub(crate) fn authenticating(
    options: &Value,
    records: Vec<CredentialRecord>,
) -> authentication::AwaitVerification {
    let state = authentication::begin(ORIGIN, &options.to_string()).unwrap();
    state.with_credentials(records).unwrap()
}

/// The error code of a result whose value cannot be printed.
pub(crate) fn code<T>(result: Result<T, crate::Error>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}
