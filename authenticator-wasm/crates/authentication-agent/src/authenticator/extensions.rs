//! The authenticator extensions that work here, and their outputs for authenticator data (WebAuthn Level 3, 9.5).
//! Others are passed over, `minPinLength` among them: there is no PIN.

use ctap2::cbor::Value;
use ctap2::{cred_protect, hmac_secret};

use super::presentation_attack_detection::{self, Passed};
use super::user_verification_method;

/// Identifiers of all of them, for authenticatorGetInfo.
pub(crate) const IDENTIFIERS: [&str; 4] = [
    cred_protect::IDENTIFIER,
    hmac_secret::IDENTIFIER,
    presentation_attack_detection::IDENTIFIER,
    user_verification_method::IDENTIFIER,
];

/// Outputs, each with its identifier.
#[derive(Debug, Default)]
pub(crate) struct Outputs(Vec<(Value, Value)>);

impl Outputs {
    /// What a look has to say, as far as the relying party asked for it.
    pub(crate) fn of_look(passed: &Passed, asked: &[String]) -> Self {
        let mut outputs = Self::default();
        let asked = |identifier| asked.iter().any(|name| name == identifier);
        if asked(presentation_attack_detection::IDENTIFIER) {
            outputs.push(
                presentation_attack_detection::IDENTIFIER,
                Some(passed.output()),
            );
        }
        if asked(user_verification_method::IDENTIFIER) {
            outputs.push(
                user_verification_method::IDENTIFIER,
                Some(user_verification_method::output()),
            );
        }
        outputs
    }

    /// Adds an output, if there is one.
    pub(crate) fn push(&mut self, identifier: &'static str, output: Option<Value>) {
        let entry = output.map(|output| (identifier.into(), output));
        self.0.extend(entry);
    }

    /// The map for authenticator data; none if it would be empty.
    pub(crate) fn into_map(self) -> Option<Value> {
        (!self.0.is_empty()).then_some(Value::Map(self.0))
    }
}
