//! Which ceremonies there are: every form of attestation, with and without extensions, sign-ins with a list and without.

use serde_json::{Value, json};

use crate::RP_ID;
use crate::agent::Agent;

/// One registration with one sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What it is called, unique among them.
    pub name: &'static str,
    /// What the registration asks of attestation.
    attestation: &'static str,
    /// Whether the agent has a provider that certifies its attestation keys.
    pub(crate) certified: bool,
    /// Whether the sign-in leaves it to the person which account is meant, and names no credential.
    discoverable: bool,
    /// Whether both ask for extensions.
    extensions: bool,
}

impl Plan {
    /// All there are.
    #[must_use]
    pub const fn all() -> [Self; 6] {
        const fn plan(name: &'static str, attestation: &'static str) -> Plan {
            Plan {
                name,
                attestation,
                certified: false,
                discoverable: false,
                extensions: false,
            }
        }
        [
            plan("none", "none"),
            plan("none-discoverable-extensions", "none")
                .discoverable()
                .extensions(),
            plan("packed-self-extensions", "direct").extensions(),
            plan("packed-self-discoverable", "indirect").discoverable(),
            plan("packed-certificates", "direct").certified(),
            plan("packed-certificates-discoverable-extensions", "enterprise")
                .certified()
                .discoverable()
                .extensions(),
        ]
    }

    const fn certified(mut self) -> Self {
        self.certified = true;
        self
    }

    const fn discoverable(mut self) -> Self {
        self.discoverable = true;
        self
    }

    const fn extensions(mut self) -> Self {
        self.extensions = true;
        self
    }

    /// The challenge, and `PublicKeyCredentialCreationOptionsJSON`.
    pub(crate) fn creation_options(&self, agent: &mut Agent) -> (String, Value) {
        let challenge = agent.draw();
        let mut options = json!({
            "challenge": challenge,
            "rp": { "id": RP_ID, "name": "Example" },
            "user": { "id": agent.draw(), "name": self.name, "displayName": self.name },
            "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }],
            "authenticatorSelection": { "residentKey": "required", "userVerification": "required" },
            "attestation": self.attestation,
        });
        if self.extensions {
            set(
                &mut options,
                "extensions",
                json!({ "credProps": true, "mienPad": true }),
            );
        }
        (challenge, options)
    }

    /// The challenge, and `PublicKeyCredentialRequestOptionsJSON` for what was registered.
    pub(crate) fn request_options(&self, agent: &mut Agent, registered: &Value) -> (String, Value) {
        let challenge = agent.draw();
        let mut options = json!({
            "challenge": challenge,
            "rpId": RP_ID,
            "userVerification": "required",
        });
        if !self.discoverable {
            let id = registered.pointer("/response/id").cloned();
            let listed = json!([{ "type": "public-key", "id": id }]);
            set(&mut options, "allowCredentials", listed);
        }
        if self.extensions {
            set(&mut options, "extensions", json!({ "mienPad": true }));
        }
        (challenge, options)
    }
}

fn set(options: &mut Value, name: &str, value: Value) {
    if let Some(options) = options.as_object_mut() {
        options.insert(name.to_owned(), value);
    }
}
