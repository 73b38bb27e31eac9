//! base64url without padding (RFC 4648 clause 5), and SHA-256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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

#[cfg(test)]
mod tests {
    use super::{from_base64url, to_base64url};

    #[test]
    fn refuses_what_another_decoder_might_read_differently() {
        assert_eq!(from_base64url("-_8").unwrap(), [0xfb, 0xff]);
        assert_eq!(to_base64url(&[0xfb, 0xff]), "-_8");
        for text in ["-_8=", "+/8", "-_9", "-", " -_8", "-_8\n"] {
            assert_eq!(from_base64url(text).unwrap_err().code(), "data", "{text:?}");
        }
    }
}
