//! base64url without padding (RFC 4648 clause 5), SHA-256, and JSON that may hold secrets.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secret::Secret;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::error::Error;

pub(crate) fn to_base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Strict: no padding, no other alphabet, no stray bits at the end.
pub(crate) fn from_base64url(text: &str) -> Result<Vec<u8>, Error> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| Error::data("not base64url without padding"))
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// JSON text in custody. It is written into a buffer of its final size, so that no part of it is left behind by a
/// buffer that grew.
///
/// # Errors
/// `unknown` when the value has no JSON form.
pub fn to_secret_json<T: Serialize>(value: &T) -> Result<Secret<String>, Error> {
    let failed = |_| Error::unknown("JSON");
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value).map_err(failed)?;
    let mut text = Vec::with_capacity(length.0);
    serde_json::to_writer(&mut text, value).map_err(failed)?;
    match String::from_utf8(text) {
        Ok(text) => Ok(Secret::new(text)),
        Err(error) => {
            drop(Secret::new(error.into_bytes()));
            Err(Error::unknown("JSON"))
        }
    }
}

/// For serde's `serialize_with`: a secret text as it is, to be written by [`to_secret_json`].
///
/// # Errors
/// Those of the serializer.
pub fn exposed<S: Serializer>(text: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.expose_secret("written into JSON in custody"))
}

/// Counts what is written.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::{from_base64url, to_base64url, to_secret_json};

    #[test]
    fn json_is_written_into_one_buffer_of_its_length() {
        let json = to_secret_json(&serde_json::json!({"a": "\"é\u{1}", "b": [1, null]})).unwrap();
        let json = json.expose_secret("test");
        assert_eq!(json, "{\"a\":\"\\\"é\\u0001\",\"b\":[1,null]}");
        assert_eq!(json.capacity(), json.len());

        struct None;
        impl Serialize for None {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("no form"))
            }
        }
        assert_eq!(to_secret_json(&None).unwrap_err().code(), "unknown");
    }

    #[test]
    fn refuses_what_another_decoder_might_read_differently() {
        assert_eq!(from_base64url("-_8").unwrap(), [0xfb, 0xff]);
        assert_eq!(to_base64url(&[0xfb, 0xff]), "-_8");
        for text in ["-_8=", "+/8", "-_9", "-", " -_8", "-_8\n"] {
            assert_eq!(from_base64url(text).unwrap_err().code(), "data", "{text:?}");
        }
    }
}
