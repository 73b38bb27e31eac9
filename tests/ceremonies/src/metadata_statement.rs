//! The FIDO metadata statement of our authenticator (FIDO Metadata Statement v3.0, section 3), from the model manifest and
//! from what the authenticator says of itself.

use authentication_agent::attempts::{FIRST_WAIT_MS, FREE};
use authentication_agent::ctap::{Authenticator, Step};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ctap2::cbor::{Fields, Value as Cbor};
use serde_json::{Map, Value, json};

use crate::agent::World;

/// The figures behind the operating point in use stand here, beside the models that they are of.
const MANIFEST: &str =
    include_str!("../../../authenticator-wasm/crates/biometric-system/models.json");

/// authenticatorGetInfo (CTAP 2.1, 6.4).
const GET_INFO: [u8; 1] = [0x04];

/// The statement, with the certificates (PEM) of the roots that attestation certificates lead to; without roots the
/// authenticator has self attestation only.
///
/// # Errors
/// One sentence, when a root is not PEM or the manifest lacks a figure.
pub fn make(roots: &[String]) -> Result<Value, String> {
    let mut types = vec!["basic_surrogate"];
    if !roots.is_empty() {
        // Certificates are made for each credential, so that none of them is of one authenticator.
        types.push("anonca");
    }
    let roots: Vec<String> = roots
        .iter()
        .map(|root| der(root))
        .collect::<Result<_, _>>()?;
    Ok(json!({
        "legalHeader": "Made by the authenticator's own project and measured by itself. Nobody has certified it.",
        "aaguid": authentication_agent::AAGUID.to_string(),
        "description": "Mien: a face in the browser, checked on the device",
        "authenticatorVersion": 1,
        "protocolFamily": "fido2",
        "schema": 3,
        "upv": [{ "major": 1, "minor": 0 }],
        "authenticationAlgorithms": ["secp256r1_ecdsa_sha256_raw"],
        "publicKeyAlgAndEncodings": ["cose"],
        "attestationTypes": types,
        "userVerificationDetails": [[{
            "userVerificationMethod": "faceprint_internal",
            "baDesc": accuracy()?,
        }]],
        "keyProtection": ["software"],
        // What guards a key is code in a page: it can be made to sign without its checks.
        "isKeyRestricted": false,
        "isFreshUserVerificationRequired": true,
        "matcherProtection": ["software"],
        "cryptoStrength": 128,
        "attachmentHint": ["internal"],
        "tcDisplay": [],
        "attestationRootCertificates": roots,
        "authenticatorGetInfo": info()?,
    }))
}

/// The biometric accuracy descriptor (section 3.3), of the operating point in use.
fn accuracy() -> Result<Value, String> {
    let manifest: Value = serde_json::from_str(MANIFEST).map_err(|error| error.to_string())?;
    let missing = || "models.json lacks a figure of the operating point in use".to_owned();
    let points = manifest.get("operatingPoints").and_then(Value::as_array);
    let used = points.and_then(|points| {
        let in_use = |point: &&Value| point.get("inUse") == Some(&Value::Bool(true));
        points.iter().find(in_use)
    });
    let evidence = used.and_then(|point| point.get("evidence"));
    let compared = manifest.get("operatingPointEvidence");
    let rate = |errors: &str, of: &str| {
        let number = |from: Option<&Value>, name| from?.get(name)?.as_f64();
        let rate = number(evidence, errors).zip(number(compared, of));
        let rate = rate.map(|(errors, of)| errors / of);
        // Two figures say what so many trials can.
        rate.and_then(|rate| format!("{rate:.1e}").parse::<f64>().ok())
            .ok_or_else(missing)
    };
    Ok(json!({
        "selfAttestedFRR": rate("falseNonMatches", "genuine")?,
        "selfAttestedFAR": rate("falseMatches", "impostor")?,
        // One face, and none that may stand in for it.
        "maxTemplates": 1,
        "maxRetries": FREE,
        "blockSlowdown": FIRST_WAIT_MS / 1000,
    }))
}

/// What the authenticator answers to authenticatorGetInfo, by the names that the statement has for its members.
fn info() -> Result<Value, String> {
    let mut authenticator = Authenticator::new(&mut World::new(0));
    let Step::Answer(answer) = authenticator.command(&GET_INFO, 0) else {
        return Err("authenticatorGetInfo needs nobody".to_owned());
    };
    let Some((0, answer)) = answer.split_first() else {
        return Err("authenticatorGetInfo was refused".to_owned());
    };
    let mut members = Fields::decode(answer, "info").map_err(|error| error.to_string())?;
    let mut named = Map::new();
    for (key, name) in NAMES {
        if let Some(value) = members.take(key) {
            named.insert(name.to_owned(), to_json(&value)?);
        }
    }
    members
        .finish("a member without a name here")
        .map_err(|error| error.to_string())?;
    Ok(named.into())
}

/// Members of the answer (CTAP 2.1, 6.4).
const NAMES: [(i64, &str); 14] = [
    (0x01, "versions"),
    (0x02, "extensions"),
    (0x03, "aaguid"),
    (0x04, "options"),
    (0x05, "maxMsgSize"),
    (0x06, "pinUvAuthProtocols"),
    (0x07, "maxCredentialCountInList"),
    (0x08, "maxCredentialIdLength"),
    (0x09, "transports"),
    (0x0a, "algorithms"),
    (0x0d, "minPINLength"),
    (0x0e, "firmwareVersion"),
    (0x12, "uvModality"),
    (0x14, "remainingDiscoverableCredentials"),
];

fn to_json(value: &Cbor) -> Result<Value, String> {
    let strange = || format!("no JSON for {value:?}");
    Ok(match value {
        Cbor::Bool(set) => (*set).into(),
        Cbor::Text(text) => text.as_str().into(),
        // The AAGUID, in hexadecimal without dashes (section 3.12).
        Cbor::Bytes(bytes) => bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
            .into(),
        Cbor::Integer(number) => i64::try_from(*number).map_err(|_| strange())?.into(),
        Cbor::Array(items) => items.iter().map(to_json).collect::<Result<Value, _>>()?,
        Cbor::Map(entries) => {
            let mut members = Map::new();
            for (key, value) in entries {
                let key = key.as_text().ok_or_else(strange)?;
                members.insert(key.to_owned(), to_json(value)?);
            }
            members.into()
        }
        _ => return Err(strange()),
    })
}

/// The DER of a PEM certificate, in base64 with padding (section 3, attestationRootCertificates).
fn der(pem: &str) -> Result<String, String> {
    let body: String = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .map(str::trim)
        .collect();
    let bytes = STANDARD
        .decode(body)
        .map_err(|_| "a root is not a certificate in PEM")?;
    Ok(STANDARD.encode(bytes))
}
