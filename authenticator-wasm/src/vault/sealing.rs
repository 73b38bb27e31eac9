//! Seals and opens rows under keys derived from the device key, by WebCrypto.
//!
//! The device key is an HMAC-SHA-256 key that the browser makes and never exports. A row's key is its
//! HMAC over the row's name; the row is sealed by AES-256-GCM with the name and the format's version as
//! associated data, so that a row moved to another place, or altered, does not open.

use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use secret::Secret;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};
use zeroize::Zeroize;

use super::VaultError;

/// Format: this octet, 12 octets of nonce, ciphertext with its 16-octet tag.
const VERSION: u8 = 1;
const NONCE: usize = 12;

fn crypto() -> Result<Crypto, VaultError> {
    Reflect::get(&js_sys::global(), &"crypto".into())
        .ok()
        .and_then(|value| value.dyn_into().ok())
        .ok_or(VaultError::Unavailable)
}

fn subtle() -> Result<SubtleCrypto, VaultError> {
    Ok(crypto()?.subtle())
}

async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, VaultError> {
    let promise = promise.map_err(|_| VaultError::Unavailable)?;
    JsFuture::from(promise)
        .await
        .map_err(|_| VaultError::Unavailable)
}

fn object(members: &[(&str, &JsValue)]) -> Result<Object, VaultError> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value).map_err(|_| VaultError::Unavailable)?;
    }
    Ok(object)
}

fn usages(names: &[&str]) -> JsValue {
    names
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect::<Array>()
        .into()
}

/// Makes a device key that no script can read.
pub(super) async fn generate_device_key() -> Result<JsValue, VaultError> {
    let algorithm = object(&[
        ("name", &"HMAC".into()),
        ("hash", &"SHA-256".into()),
        ("length", &256.into()),
    ])?;
    settled(subtle()?.generate_key_with_object(&algorithm, false, &usages(&["sign"]))).await
}

async fn row_key(device_key: &CryptoKey, row: &str) -> Result<CryptoKey, VaultError> {
    let label = format!("mien sealed row v{VERSION}\0{row}");
    let mac =
        settled(subtle()?.sign_with_str_and_u8_array("HMAC", device_key, label.as_bytes())).await?;
    let bytes = Uint8Array::new(&mac);
    let imported = settled(subtle()?.import_key_with_str(
        "raw",
        bytes.unchecked_ref(),
        "AES-GCM",
        false,
        &usages(&["encrypt", "decrypt"]),
    ))
    .await;
    bytes.fill(0, 0, bytes.length());
    imported?.dyn_into().map_err(|_| VaultError::Unavailable)
}

fn parameters(row: &str, nonce: &[u8]) -> Result<Object, VaultError> {
    let mut associated = vec![VERSION];
    associated.extend_from_slice(row.as_bytes());
    object(&[
        ("name", &"AES-GCM".into()),
        ("iv", &Uint8Array::from(nonce).into()),
        (
            "additionalData",
            &Uint8Array::from(associated.as_slice()).into(),
        ),
    ])
}

/// Seals `plain` for the place `row`.
pub(super) async fn seal(
    device_key: &CryptoKey,
    row: &str,
    plain: &Secret<Vec<u8>>,
) -> Result<JsValue, VaultError> {
    let mut nonce = [0u8; NONCE];
    getrandom::fill(&mut nonce).map_err(|_| VaultError::Unavailable)?;
    let key = row_key(device_key, row).await?;
    let sealed = settled(subtle()?.encrypt_with_object_and_u8_array(
        &parameters(row, &nonce)?,
        &key,
        plain.expose_secret("to seal it"),
    ))
    .await?;
    let mut record = vec![VERSION];
    record.extend_from_slice(&nonce);
    record.extend_from_slice(&Uint8Array::new(&sealed).to_vec());
    Ok(Uint8Array::from(record.as_slice()).into())
}

/// Opens what [`seal`] made for the place `row`.
///
/// # Errors
/// [`VaultError::Damaged`] when it was altered, cut, moved from another place, or made under another
/// device key.
pub(super) async fn open(
    device_key: &CryptoKey,
    row: &str,
    record: &JsValue,
) -> Result<Secret<Vec<u8>>, VaultError> {
    let record = record
        .dyn_ref::<Uint8Array>()
        .ok_or(VaultError::Damaged)?
        .to_vec();
    let (version, rest) = record.split_first().ok_or(VaultError::Damaged)?;
    let (nonce, sealed) = rest.split_at_checked(NONCE).ok_or(VaultError::Damaged)?;
    if *version != VERSION {
        return Err(VaultError::Damaged);
    }
    let key = row_key(device_key, row).await?;
    let promise = subtle()?
        .decrypt_with_object_and_u8_array(&parameters(row, nonce)?, &key, sealed)
        .map_err(|_| VaultError::Unavailable)?;
    let plain = JsFuture::from(promise)
        .await
        .map_err(|_| VaultError::Damaged)?;
    let plain = Uint8Array::new(plain.unchecked_ref::<ArrayBuffer>());
    let mut copy = plain.to_vec();
    plain.fill(0, 0, plain.length());
    let secret = Secret::new(core::mem::take(&mut copy));
    copy.zeroize();
    Ok(secret)
}
