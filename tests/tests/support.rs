//! What the ceremonies stand on: a site, browsers that visit it, and devices with people before them.

pub(crate) mod browser;
pub(crate) mod device;
pub(crate) mod seed;
pub(crate) mod site;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

pub(crate) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_b64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The text of a member, by JSON pointer.
#[track_caller]
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
}

/// `value` with the bytes of one base64url member changed.
pub(crate) fn changed(value: &Value, pointer: &str, change: impl FnOnce(&mut Vec<u8>)) -> Value {
    let mut bytes = from_b64(text(value, pointer));
    change(&mut bytes);
    let mut out = value.clone();
    *out.pointer_mut(pointer).unwrap() = b64(&bytes).into();
    out
}
