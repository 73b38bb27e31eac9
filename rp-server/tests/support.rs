//! What the tests stand on.

pub(crate) mod authenticator;
pub(crate) mod browser;
pub(crate) mod memory_store;
pub(crate) mod seed;
pub(crate) mod server;
pub(crate) mod verifiers;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_b64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}
