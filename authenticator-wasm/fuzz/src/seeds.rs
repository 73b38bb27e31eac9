//! Inputs to begin with: good ones, made by the code that the targets attack.

pub(crate) mod commands;

use authentication_agent::{
    Consent, CredentialRecord, Environment, authentication, consent, registration,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use biometric_system::{Decision, FEATURE_LENGTH, Reference, UserVerified, Verification};
use ctap2::cbor::{self, Value};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use serde_json::json;

/// The page that asks.
pub(crate) const ORIGIN: &str = "https://rp.example";

/// Request options of our server.
pub(crate) const REQUEST_OPTIONS: &str = r#"{"challenge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","rpId":"rp.example","allowCredentials":[],"userVerification":"required","extensions":{"mienPad":true}}"#;

/// Counts where a real one draws: the same inputs at every start.
pub(crate) struct Counting(pub(crate) u8);

impl Environment for Counting {
    fn random(&mut self, out: &mut [u8]) {
        self.0 = self.0.wrapping_add(1);
        out.fill(self.0);
    }

    fn now_ms(&self) -> u64 {
        1_795_305_600_000
    }
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn server_key() -> SigningKey {
    SigningKey::from_slice(&[9; 32]).expect("a scalar")
}

fn creation_options() -> String {
    let key = server_key().verifying_key().to_sec1_point(false);
    json!({
        "rp": {"id": "rp.example", "name": "Example"},
        "user": {"id": "dXNlcg", "name": "ada", "displayName": "Ada"},
        "challenge": base64url([1; 32]),
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "excludeCredentials": [{"type": "public-key", "id": base64url([3; 32])}],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "direct",
        "extensions": {
            "credProps": true,
            "mienAuthenticationServer": {"key": base64url(key.as_bytes())},
            "mienPad": true,
        },
    })
    .to_string()
}

/// A reference that a person could have, and nobody does.
pub(crate) fn own_reference() -> Reference {
    Reference::from_raw_features([1.0; FEATURE_LENGTH]).expect("not null")
}

pub(crate) fn reference() -> Vec<u8> {
    own_reference().to_bytes().expose_secret("a seed").clone()
}

/// A look of the person of [`own_reference`], or of somebody else.
pub(crate) fn look(ceremony: biometric_system::CeremonyId, enrolled: bool) -> Verification {
    let sign = |at| if enrolled || at % 2 == 0 { 1.0 } else { -1.0 };
    Verification::from_raw_features(ceremony, core::array::from_fn(sign))
}

pub(crate) fn proof(ceremony: biometric_system::CeremonyId) -> UserVerified {
    match look(ceremony, true).decide(&own_reference()) {
        Decision::Accepted(proof) => proof,
        Decision::Refused => unreachable!("the same features match"),
    }
}

/// A registration and an authentication of the real agent: the record's bytes, and the two responses.
fn ceremonies() -> (Vec<u8>, [serde_json::Value; 2]) {
    let env = &mut Counting(0);
    let consent = Consent {
        version: consent::NOTICE_VERSION,
        at_ms: env.now_ms(),
    };
    let state = registration::begin(ORIGIN, &creation_options()).expect("good options");
    let state = state.consented(consent).expect("the notice in force");
    let Ok(registration::AwaitSamples::Enrol(state)) = state.with_credentials(Vec::new()) else {
        unreachable!("nobody is registered");
    };
    let proof_of_enrolment = proof(state.ceremony());
    let state = state.enrolled(own_reference(), proof_of_enrolment, env);
    let state = state.expect("a credential");
    let bytes = state
        .record()
        .to_cbor()
        .expect("a record")
        .expose_secret("a seed")
        .clone();
    let registered = state.stored().expect("a response");
    let state = authentication::begin(ORIGIN, REQUEST_OPTIONS).expect("good options");
    let record = CredentialRecord::from_cbor(&bytes).expect("what was written is read");
    let state = state.with_credentials(vec![record]).expect("it fits");
    let proof_of_look = proof(state.ceremony());
    let state = state
        .verified(proof_of_look, env)
        .expect("a proof of this ceremony");
    let authenticated = state.stored().expect("a response");
    let responses = [registered, authenticated];
    let read =
        responses.map(|text| serde_json::from_str(text.expose_secret("a seed")).expect("JSON"));
    (bytes, read)
}

pub(crate) fn record() -> Vec<u8> {
    ceremonies().0
}

fn member(response: &serde_json::Value, name: &str) -> Vec<u8> {
    let text = response["response"][name].as_str().expect("a member");
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// The statement of the server whose key is pinned in [`record`].
pub(crate) fn statement() -> String {
    let record = CredentialRecord::from_cbor(&record()).expect("our own record is read");
    let header = r#"{"alg":"ES256","typ":"mien-deregistration+jwt"}"#;
    let id = base64url(record.credential_id());
    let payload = json!({"iss": "rp.example", "sub": id, "iat": 1_795_305_600_u64}).to_string();
    let signed = [base64url(header), base64url(payload)].join(".");
    let signature: p256::ecdsa::Signature = server_key().sign(signed.as_bytes());
    format!("{signed}.{}", base64url(signature.to_bytes()))
}

pub(crate) fn options() -> Vec<Vec<u8>> {
    let all = [
        creation_options(),
        REQUEST_OPTIONS.to_owned(),
        ORIGIN.to_owned(),
    ];
    all.map(String::into_bytes).to_vec()
}

pub(crate) fn authenticator_data() -> Vec<Vec<u8>> {
    let (_, responses) = ceremonies();
    responses
        .map(|response| member(&response, "authenticatorData"))
        .to_vec()
}

pub(crate) fn cose_key() -> Vec<Vec<u8>> {
    let key = *server_key().verifying_key();
    let sec1 = key.to_sec1_point(false).as_bytes().to_vec();
    let key = ctap2::Es256PublicKey::from(key);
    vec![key.to_cose().expect("a key can be written"), sec1]
}

pub(crate) fn cbor() -> Vec<Vec<u8>> {
    let (record, [registered, authenticated]) = ceremonies();
    let entity = |name: &str| Value::Map(vec![("id".into(), name.into())]);
    let user = Value::Map(vec![("id".into(), Value::Bytes(vec![1]))]);
    let algorithm = Value::Map(vec![
        ("alg".into(), (-7).into()),
        ("type".into(), "public-key".into()),
    ]);
    let extensions = Value::Map(vec![("mienPad".into(), Value::Bool(true))]);
    let hash = || Value::Bytes(vec![2; 32]);
    let make = Value::Map(vec![
        (1.into(), hash()),
        (2.into(), entity("rp.example")),
        (3.into(), user),
        (4.into(), Value::Array(vec![algorithm])),
        (6.into(), extensions.clone()),
    ]);
    let get = Value::Map(vec![
        (1.into(), "rp.example".into()),
        (2.into(), hash()),
        (4.into(), extensions),
    ]);
    let answer = Value::Map(vec![
        (
            1.into(),
            Value::Map(vec![
                ("id".into(), Value::Bytes(vec![5; 32])),
                ("type".into(), "public-key".into()),
            ]),
        ),
        (
            2.into(),
            Value::Bytes(member(&authenticated, "authenticatorData")),
        ),
        (3.into(), Value::Bytes(member(&authenticated, "signature"))),
    ]);
    let mut seeds = vec![record, member(&registered, "attestationObject")];
    seeds.extend([make, get, answer].map(|value| cbor::encode(value).expect("canonical")));
    seeds
}

/// Blank, striped, noisy; a length that does not fit; a time that is none.
pub(crate) fn frames() -> Vec<Vec<u8>> {
    let frame = |width, height, spoilt, at_ms: f64, tile: &[u8]| {
        [&[width, height, spoilt][..], &at_ms.to_le_bytes(), tile].concat()
    };
    let noise: Vec<u8> = (0..255_u8).map(|i| i.wrapping_mul(167) ^ 0x5a).collect();
    vec![
        frame(160, 120, 0, 0.0, &[128; 4]),
        frame(255, 255, 0, 1e6, &noise),
        frame(64, 64, 0, -5.0, &[0, 0, 0, 255, 255, 255, 255, 255]),
        frame(1, 1, 0, 0.0, &[]),
        frame(0, 9, 0, 0.0, &[1]),
        frame(9, 9, 1, 0.0, &[1]),
        frame(9, 9, 0, f64::NAN, &[1]),
        frame(9, 9, 0, f64::MAX, &[1]),
    ]
}
