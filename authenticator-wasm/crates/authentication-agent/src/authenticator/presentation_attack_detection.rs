//! Our authenticator extension `mienPad` (WebAuthn Level 3, 9.5): which layers of presentation attack
//! detection the person passed in this ceremony, and the hash of the look's transcript, under the signature.
//!
//! Input: `true`. Output, a CBOR map: `{"layers": [text…], "transcript": bytes(32)}`. What it says comes from
//! the consumed [`UserVerified`], so it cannot speak of another look than the one that is signed for.

use biometric_system::UserVerified;
use ctap2::cbor::Value;

/// Identifier of the extension.
pub(crate) const IDENTIFIER: &str = "mienPad";

/// What a look passed.
#[derive(Debug)]
pub(crate) struct Passed {
    layers: Vec<&'static str>,
    transcript: [u8; 32],
}

impl Passed {
    /// Reads the report of the look out of its proof.
    pub(crate) fn of(proof: &UserVerified) -> Self {
        let report = proof.presentation_attack_detection();
        let layers = report.layers();
        Self {
            layers: layers.into_iter().map(|layer| layer.as_str()).collect(),
            transcript: *report.transcript(),
        }
    }

    /// The extension output.
    pub(crate) fn output(&self) -> Value {
        let layers = self.layers.iter().map(|name| (*name).into()).collect();
        Value::Map(vec![
            ("layers".into(), Value::Array(layers)),
            ("transcript".into(), Value::Bytes(self.transcript.to_vec())),
        ])
    }
}
