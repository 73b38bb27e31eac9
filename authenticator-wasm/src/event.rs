//! What the worker tells its page: the wire form of `web/src/authentication-agent/worker-protocol.ts`.

use authentication_agent::to_secret_json;
use biometric_system::Step;
use secret::Secret;
use serde::Serialize;

/// An answer to a message from the page.
#[derive(Serialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Event {
    /// Nothing to tell.
    Nothing,
    /// Several accounts can answer: the person says which.
    AskAccount { accounts: Vec<Account> },
    /// The person must agree before a camera opens.
    AskConsent {
        version: u32,
        rp_id: String,
        user_name: String,
    },
    /// The camera may open now.
    CameraWanted { purpose: Purpose, needed: u8 },
    /// What a frame showed; also the credit for the next one.
    Guidance {
        guidance: &'static str,
        captured: u8,
        needed: u8,
        face: Option<Face>,
        /// sRGB, for the whole screen.
        light: Option<[u8; 3]>,
    },
    /// This look did not lead to a signature.
    Refused {
        reason: Reason,
        wait_ms: u64,
        tries_left: u32,
    },
    /// The ceremony succeeded; `credential` is WebAuthn Level 3 JSON.
    Done {
        #[serde(serialize_with = "authentication_agent::exposed")]
        credential: Secret<String>,
    },
    /// The ceremony ended without a credential.
    Failed { code: &'static str },
}

/// An account as the person knows it; `credential_id` is base64url.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) credential_id: String,
    pub(crate) user_name: String,
    pub(crate) display_name: String,
}

#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Purpose {
    Enrol,
    Verify,
}

#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    NoMatch,
    Wait,
}

/// The face's box as fractions of the frame, for the preview's ring only.
#[derive(Serialize)]
pub(crate) struct Face {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl From<&Step> for Event {
    fn from(step: &Step) -> Self {
        let face = step.face.as_ref().map(|face| Face {
            x: face.x,
            y: face.y,
            width: face.width,
            height: face.height,
        });
        Self::Guidance {
            guidance: step.guidance.as_str(),
            captured: step.captured,
            needed: step.needed,
            face,
            light: step.light,
        }
    }
}

impl Event {
    pub(crate) fn to_json(&self) -> Secret<String> {
        // Every field is a string or a number: serialisation has nothing to fail on.
        to_secret_json(self)
            .unwrap_or_else(|_| Secret::new(r#"{"kind":"failed","code":"unknown"}"#.into()))
    }
}
