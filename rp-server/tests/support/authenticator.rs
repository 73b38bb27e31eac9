//! A software authenticator and client, byte by byte, that can also do wrong whatever a test wants done wrong.

use std::rc::Rc;

use ciborium::{Value as Cbor, cbor};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use rp_server::authentication_server::MIEN_AAGUID;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::settings::RP;
use super::{b64, from_b64, seed};

const UP_UV: u8 = 0x05;
const AT: u8 = 0x40;
const ED: u8 = 0x80;

/// What to do wrong. `Default` does everything right.
#[derive(Clone, Default)]
pub(crate) struct Tweak {
    pub(crate) kind: Option<&'static str>,
    pub(crate) challenge: Option<String>,
    pub(crate) origin: Option<&'static str>,
    /// Appended to clientDataJSON's members.
    pub(crate) client_data_tail: &'static str,
    pub(crate) rp_id: Option<&'static str>,
    /// ED is added where extension data follows.
    pub(crate) flags: Option<u8>,
    pub(crate) extensions: Extensions,
    pub(crate) trailing: &'static [u8],
    pub(crate) credential_type: Option<&'static str>,
    pub(crate) id: Option<String>,
    /// Credential ID in the attested credential data only.
    pub(crate) attested_id: Option<Vec<u8>>,
    /// Credential ID of the new credential.
    pub(crate) new_id: Option<Vec<u8>>,
    pub(crate) user_handle: Option<Value>,
    pub(crate) counter: Option<u32>,
    pub(crate) other_key: bool,
    pub(crate) attestation: Attestation,
    /// Of the new credential's key.
    pub(crate) key: NewKey,
    /// What the credential public key names instead.
    pub(crate) algorithm: Option<i64>,
    pub(crate) aaguid: Option<[u8; 16]>,
}

/// Extension data, at the end of authenticator data.
#[derive(Clone, Default)]
pub(crate) enum Extensions {
    /// What the options ask for: texture and head turn, if the authenticator is ours.
    #[default]
    Asked,
    /// None, whatever is asked.
    Omitted,
    /// These bytes.
    Raw(Vec<u8>),
}

/// `mienPad` as our agent writes it.
pub(crate) fn mien_pad(layers: &[&str]) -> Vec<u8> {
    let list = layers.iter().map(|name| Cbor::from(*name)).collect();
    let output = Cbor::Map(vec![
        ("layers".into(), Cbor::Array(list)),
        ("transcript".into(), Cbor::Bytes(seed::bytes().to_vec())),
    ]);
    encode(&Cbor::Map(vec![("mienPad".into(), output)]))
}

/// Makes an attestation statement over what is to be signed.
pub(crate) type Statement = dyn Fn(&[u8]) -> Cbor;

#[derive(Clone, Default)]
pub(crate) enum Attestation {
    #[default]
    None,
    /// `none`, and yet a statement.
    NoneWithStatement,
    PackedSelf,
    /// Packed self attestation signed by another key.
    PackedForged,
    /// Packed attestation by certificates.
    Packed(Rc<Statement>),
    Unknown,
}

/// A credential's key pair.
pub(crate) trait CredentialKey: Send {
    /// The COSE algorithm identifier.
    fn algorithm(&self) -> i64;
    /// In the form of assertions and attestation statements.
    fn sign(&self, message: &[u8]) -> Vec<u8>;
    /// The coordinates of the point, or modulus and exponent.
    fn numbers(&self) -> (Vec<u8>, Vec<u8>);
    /// COSE_Key that names `algorithm`.
    fn cose(&self, algorithm: i64) -> Cbor;
}

/// Makes a key pair. ES256 by default; others are in `signing_key`, which needs more libraries.
#[derive(Clone, Copy)]
pub(crate) struct NewKey(pub(crate) fn() -> Box<dyn CredentialKey>);

impl Default for NewKey {
    fn default() -> Self {
        Self(|| Box::new(SigningKey::from_slice(&seed::bytes()).unwrap()))
    }
}

impl CredentialKey for SigningKey {
    fn algorithm(&self) -> i64 {
        -7
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = Signer::sign(self, message);
        signature.to_der().as_bytes().to_vec()
    }

    fn numbers(&self) -> (Vec<u8>, Vec<u8>) {
        let point = self.verifying_key().to_sec1_point(false);
        halves(point.as_bytes())
    }

    fn cose(&self, algorithm: i64) -> Cbor {
        ec2(algorithm, 1, self.numbers())
    }
}

/// The coordinates of an uncompressed point.
pub(crate) fn halves(point: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (x, y) = point[1..].split_at((point.len() - 1) / 2);
    (x.to_vec(), y.to_vec())
}

/// COSE_Key of a curve (RFC 9053 section 7.1.1).
pub(crate) fn ec2(algorithm: i64, curve: i64, (x, y): (Vec<u8>, Vec<u8>)) -> Cbor {
    Cbor::Map(vec![
        (1.into(), 2.into()),
        (3.into(), algorithm.into()),
        ((-1).into(), curve.into()),
        ((-2).into(), Cbor::Bytes(x)),
        ((-3).into(), Cbor::Bytes(y)),
    ])
}

pub(crate) struct Authenticator {
    key: Box<dyn CredentialKey>,
    new_key: NewKey,
    pub(crate) id: Vec<u8>,
    pub(crate) user: Vec<u8>,
    pub(crate) counter: u32,
    ours: bool,
}

impl Authenticator {
    /// `navigator.credentials.create()` with `{publicKey}` options; the `RegistrationResponseJSON`.
    pub(crate) fn create(options: &Value, tweak: &Tweak) -> (Self, Value) {
        let options = &options["publicKey"];
        let authenticator = Self {
            key: tweak.key.0(),
            new_key: tweak.key,
            id: tweak
                .new_id
                .clone()
                .unwrap_or_else(|| seed::bytes().to_vec()),
            user: from_b64(options["user"]["id"].as_str().unwrap()),
            counter: 0,
            ours: tweak.aaguid.is_none(),
        };
        let client_data = client_data("webauthn.create", options, tweak);
        let extensions = authenticator.extensions(options, tweak);
        let mut data = header(
            tweak.rp_id.or(options["rp"]["id"].as_str()).unwrap(),
            with_ed(tweak.flags.unwrap_or(UP_UV | AT), &extensions),
            tweak.counter.unwrap_or(0),
        );
        if data[32] & AT != 0 {
            let id = tweak.attested_id.as_ref().unwrap_or(&authenticator.id);
            data.extend(tweak.aaguid.as_ref().unwrap_or(MIEN_AAGUID.as_bytes()));
            data.extend(u16::try_from(id.len()).unwrap().to_be_bytes());
            data.extend(id);
            data.extend(authenticator.cose_key(tweak));
        }
        data.extend(extensions);
        data.extend(tweak.trailing);
        let object = authenticator.attestation(&data, &client_data, &tweak.attestation);
        let response = json!({
            "id": tweak.id.clone().unwrap_or_else(|| b64(&authenticator.id)),
            "rawId": b64(&authenticator.id),
            "type": tweak.credential_type.unwrap_or("public-key"),
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": b64(&client_data),
                "attestationObject": b64(&object),
                "authenticatorData": b64(&data),
                "transports": ["internal"],
                "publicKeyAlgorithm": authenticator.key.algorithm(),
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
        });
        (authenticator, response)
    }

    /// `navigator.credentials.get()` with `{publicKey}` options; the `AuthenticationResponseJSON`.
    pub(crate) fn get(&mut self, options: &Value, tweak: &Tweak) -> Value {
        let options = &options["publicKey"];
        self.counter += 1;
        let client_data = client_data("webauthn.get", options, tweak);
        let extensions = self.extensions(options, tweak);
        let mut data = header(
            tweak.rp_id.or(options["rpId"].as_str()).unwrap(),
            with_ed(tweak.flags.unwrap_or(UP_UV), &extensions),
            tweak.counter.unwrap_or(self.counter),
        );
        data.extend(extensions);
        data.extend(tweak.trailing);
        let signature = if tweak.other_key {
            sign(self.new_key.0().as_ref(), &data, &client_data)
        } else {
            self.sign(&data, &client_data)
        };
        let handle = tweak
            .user_handle
            .clone()
            .unwrap_or_else(|| json!(b64(&self.user)));
        json!({
            "id": tweak.id.clone().unwrap_or_else(|| b64(&self.id)),
            "rawId": b64(&self.id),
            "type": tweak.credential_type.unwrap_or("public-key"),
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": b64(&client_data),
                "authenticatorData": b64(&data),
                "signature": b64(&signature),
                "userHandle": handle,
            },
            "clientExtensionResults": {},
        })
    }

    /// Signs what is given, whatever it is: an assertion signature in DER.
    pub(crate) fn sign(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        sign(self.key.as_ref(), data, client_data)
    }

    /// The public key's coordinates.
    pub(crate) fn point(&self) -> (Vec<u8>, Vec<u8>) {
        self.key.numbers()
    }

    /// The public key as it was registered: a COSE_Key.
    pub(crate) fn public_key(&self) -> Vec<u8> {
        self.cose_key(&Tweak::default())
    }

    fn extensions(&self, options: &Value, tweak: &Tweak) -> Vec<u8> {
        match &tweak.extensions {
            Extensions::Asked if self.ours && options["extensions"]["mienPad"] == true => {
                mien_pad(&["texture", "head-turn"])
            }
            Extensions::Raw(bytes) => bytes.clone(),
            Extensions::Asked | Extensions::Omitted => Vec::new(),
        }
    }

    fn cose_key(&self, tweak: &Tweak) -> Vec<u8> {
        let algorithm = tweak.algorithm.unwrap_or(self.key.algorithm());
        encode(&self.key.cose(algorithm))
    }

    /// An attestation object over what is given, whatever it is.
    pub(crate) fn attestation(
        &self,
        data: &[u8],
        client_data: &[u8],
        kind: &Attestation,
    ) -> Vec<u8> {
        let own = self.key.algorithm();
        let sign = |key: &dyn CredentialKey| Cbor::Bytes(sign(key, data, client_data));
        let (format, statement) = match kind {
            Attestation::None => ("none", cbor!({})),
            Attestation::NoneWithStatement => ("none", cbor!({ "alg" => -7 })),
            Attestation::PackedSelf => (
                "packed",
                cbor!({ "alg" => own, "sig" => sign(self.key.as_ref()) }),
            ),
            Attestation::PackedForged => {
                let other = self.new_key.0();
                let statement = cbor!({ "alg" => own, "sig" => sign(other.as_ref()) });
                ("packed", statement)
            }
            Attestation::Packed(statement) => {
                let signed = [data, Sha256::digest(client_data).as_slice()].concat();
                ("packed", Ok(statement(&signed)))
            }
            Attestation::Unknown => ("invented", cbor!({})),
        };
        let object = cbor!({
            "fmt" => format,
            "attStmt" => statement.unwrap(),
            "authData" => Cbor::Bytes(data.to_vec()),
        });
        encode(&object.unwrap())
    }
}

fn encode(value: &Cbor) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).unwrap();
    out
}

fn header(rp_id: &str, flags: u8, counter: u32) -> Vec<u8> {
    let mut out = Sha256::digest(rp_id).to_vec();
    out.push(flags);
    out.extend(counter.to_be_bytes());
    out
}

fn with_ed(flags: u8, extensions: &[u8]) -> u8 {
    flags | if extensions.is_empty() { 0 } else { ED }
}

fn sign(key: &dyn CredentialKey, data: &[u8], client_data: &[u8]) -> Vec<u8> {
    let signed = [data, Sha256::digest(client_data).as_slice()].concat();
    key.sign(&signed)
}

fn client_data(kind: &str, options: &Value, tweak: &Tweak) -> Vec<u8> {
    let challenge = options["challenge"].as_str().unwrap();
    format!(
        r#"{{"type":"{}","challenge":"{}","origin":"{}","crossOrigin":false{}}}"#,
        tweak.kind.unwrap_or(kind),
        tweak.challenge.as_deref().unwrap_or(challenge),
        tweak.origin.unwrap_or(RP),
        tweak.client_data_tail,
    )
    .replace(r#""crossOrigin":false,"crossOrigin""#, r#""crossOrigin""#)
    .into_bytes()
}
