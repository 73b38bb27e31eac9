//! The agent's provider, on the agent's own origin: asked to certify an attestation key. It is told the key and nothing
//! else, and without it the credential vouches for itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, RequestCredentials, RequestInit, RequestRedirect, Response,
    WorkerGlobalScope,
};

const PATH: &str = "/attestation/certificate";

/// A provider that is slower than this is done without: the person waits.
const PATIENCE_MS: u32 = 5_000;

#[derive(Deserialize)]
struct Certified {
    /// X.509 in DER, base64url.
    x5c: Vec<String>,
}

/// Certificates for `public_key` (the DER of a `SubjectPublicKeyInfo`); `None` where nobody certifies.
pub(crate) async fn certify(public_key: &[u8]) -> Option<Vec<Vec<u8>>> {
    let body = serde_json::json!({ "publicKey": URL_SAFE_NO_PAD.encode(public_key) });
    let headers = Headers::new().ok()?;
    headers.set("content-type", "application/json").ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(&body.to_string()));
    request.set_credentials(RequestCredentials::Omit);
    request.set_redirect(RequestRedirect::Error);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    let worker: WorkerGlobalScope = js_sys::global().dyn_into().ok()?;
    let answer = JsFuture::from(worker.fetch_with_str_and_init(PATH, &request));
    let answer: Response = answer.await.ok()?.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    let text = JsFuture::from(answer.text().ok()?)
        .await
        .ok()?
        .as_string()?;
    let certified: Certified = serde_json::from_str(&text).ok()?;
    let decode = |certificate: &String| URL_SAFE_NO_PAD.decode(certificate).ok();
    certified.x5c.iter().map(decode).collect()
}
