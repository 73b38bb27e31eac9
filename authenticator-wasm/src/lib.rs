//! The browser edge of the authentication agent: what the dedicated worker calls.
//!
//! Every call answers with the JSON of an event of `web/src/authentication-agent/worker-protocol.ts`.
//! A worker makes one call at a time; a second one during a first is refused by `wasm-bindgen`.

mod agent;
mod environment;
mod event;
mod provider;
mod vault;

use biometric_system::ModelFiles;
use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;

use agent::{Agent, Failure};
use biometric_system::Light;
use event::Event;

/// The files that [`AuthenticationAgent::load`] needs: JSON list of `{role, file, bytes, sha256}`.
#[wasm_bindgen(js_name = modelFiles)]
#[must_use]
pub fn model_files() -> String {
    let models = biometric_system::model::manifest().map(|manifest| manifest.models.as_slice());
    let files: Vec<_> = models
        .unwrap_or_default()
        .iter()
        .map(|model| {
            serde_json::json!({
                "role": model.role, "file": model.file, "bytes": model.bytes, "sha256": model.sha256,
            })
        })
        .collect();
    serde_json::Value::from(files).to_string()
}

/// The authentication agent of one worker.
#[wasm_bindgen]
pub struct AuthenticationAgent(Agent);

const fn offered(light: bool) -> Light {
    if light {
        Light::Offered
    } else {
        Light::Declined
    }
}

/// The text leaves this memory as a string of the browser's, and is wiped here: it may hold a key for the page.
fn event(outcome: Result<Event, Failure>) -> JsString {
    let event = outcome.unwrap_or_else(|failure| Event::Failed { code: failure.0 });
    let json = event.to_json();
    JsString::from(json.expose_secret("handed to the agent's page").as_str())
}

#[wasm_bindgen]
impl AuthenticationAgent {
    /// Makes an agent; `undefined` where the browser has no random source.
    #[must_use]
    pub fn create() -> Option<Self> {
        Agent::new().map(Self)
    }

    /// Loads the models; answers `undefined`, or the code of what is wrong with them.
    pub fn load(
        &mut self,
        detector: &[u8],
        extractor: &[u8],
        presentation_attack_detector: &[u8],
    ) -> Option<String> {
        self.0
            .load(ModelFiles {
                detector,
                extractor,
                presentation_attack_detector,
            })
            .err()
            .map(|failure| failure.0.to_owned())
    }

    /// Runs the models once; worth doing while the person reads or the camera starts.
    #[wasm_bindgen(js_name = warmUp)]
    pub fn warm_up(&self) {
        self.0.warm_up();
    }

    /// Begins `create`: `options` is `PublicKeyCredentialCreationOptionsJSON`, `origin` the asker's as the
    /// browser reported it; `light`: whether the screen may show colours.
    #[wasm_bindgen(js_name = beginCreate)]
    pub fn begin_create(&mut self, origin: &str, options: &str, light: bool) -> JsString {
        event(self.0.begin_registration(origin, options, offered(light)))
    }

    /// Begins `get`: `options` is `PublicKeyCredentialRequestOptionsJSON`.
    #[wasm_bindgen(js_name = beginGet)]
    pub async fn begin_get(&mut self, origin: String, options: String, light: bool) -> JsString {
        let light = offered(light);
        event(self.0.begin_authentication(&origin, &options, light).await)
    }

    /// The person chose one of the accounts that `ask-account` listed.
    pub async fn choose(&mut self, credential_id: String) -> JsString {
        event(self.0.choose(&credential_id).await)
    }

    /// The person agreed to the notice of this version.
    pub async fn consent(&mut self, version: u32) -> JsString {
        event(self.0.consent(version).await)
    }

    /// One camera frame, RGBA; `at_ms` rises with every frame. `rgba` is a copy of its own and is wiped.
    pub async fn frame(&mut self, width: u32, height: u32, rgba: Vec<u8>, at_ms: f64) -> JsString {
        event(self.0.frame(width, height, rgba, at_ms).await)
    }

    /// Another look after a refused one; `light`, if given, changes whether the screen may show colours.
    pub async fn retry(&mut self, light: Option<bool>) -> JsString {
        event(self.0.retry(light.map(offered)).await)
    }

    /// Ends whatever runs.
    pub fn cancel(&mut self) {
        self.0.cancel();
    }
}

fn answer(outcome: Result<serde_json::Value, Failure>) -> String {
    match outcome {
        Ok(ok) => serde_json::json!({ "ok": ok }),
        Err(failure) => serde_json::json!({ "error": failure.0 }),
    }
    .to_string()
}

/// `{ok: {credentials, consent}}`: what the asking origin has here.
#[wasm_bindgen]
pub async fn status(origin: String) -> String {
    answer(agent::status(&origin).await.map(|(credentials, consent)| {
        serde_json::json!({ "credentials": credentials, "consent": consent })
    }))
}

/// `{ok: {erased: true}}` after erasing the credential that the statement names.
#[wasm_bindgen]
pub async fn erase(origin: String, statement: String) -> String {
    answer(
        agent::erase(&origin, &statement)
            .await
            .map(|()| serde_json::json!({ "erased": true })),
    )
}

/// `{ok: {erased: true}}` after erasing everything that the asking origin has here.
#[wasm_bindgen(js_name = withdrawConsent)]
pub async fn withdraw_consent(origin: String) -> String {
    answer(
        agent::withdraw_consent(&origin)
            .await
            .map(|()| serde_json::json!({ "erased": true })),
    )
}
