//! Deregistration statements (ISO/IEC 27553-1 A.3.4 steps c and d): the authentication server tells the
//! authentication agent, in a form that the agent can check, that a credential is not registered.
//!
//! Compact JWS (RFC 7515), ES256 (RFC 7518 section 3.4). The agent pinned the key at registration.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;

use super::{CredentialId, Refusal};
use crate::clock::UnixMs;
use crate::encoding::base64url;

#[derive(Serialize)]
struct Header {
    alg: &'static str,
    typ: &'static str,
}

#[derive(Serialize)]
struct Payload<'a> {
    iss: &'a str,
    sub: &'a str,
    iat: i64,
}

/// Signs statements for one relying party.
pub(super) struct StatementSigner {
    key: SigningKey,
    rp_id: String,
}

impl StatementSigner {
    pub(super) fn new(secret: &[u8], rp_id: &str) -> Result<Self, Refusal> {
        Ok(Self {
            key: SigningKey::from_slice(secret)
                .map_err(|_| Refusal::Internal("the stored statement key is not a P-256 key"))?,
            rp_id: rp_id.to_owned(),
        })
    }

    /// SEC1 uncompressed public key in base64url, 65 bytes.
    pub(super) fn public_key(&self) -> String {
        base64url(self.key.verifying_key().to_sec1_point(false).as_bytes())
    }

    /// States at `now_ms` that `credential` is not registered.
    pub(super) fn sign(
        &self,
        credential: &CredentialId,
        now_ms: UnixMs,
    ) -> Result<String, Refusal> {
        let encode = |value: serde_json::Result<Vec<u8>>| {
            value
                .map(|bytes| base64url(&bytes))
                .map_err(|_| Refusal::Internal("statement cannot be written"))
        };
        let header = encode(serde_json::to_vec(&Header {
            alg: "ES256",
            typ: "mien-deregistration+jwt",
        }))?;
        let payload = encode(serde_json::to_vec(&Payload {
            iss: &self.rp_id,
            sub: &credential.to_string(),
            iat: now_ms.div_euclid(1000),
        }))?;
        let signed = format!("{header}.{payload}");
        let signature: Signature = self.key.sign(signed.as_bytes());
        Ok(format!("{signed}.{}", base64url(&signature.to_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::from_base64url;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    #[test]
    fn statement_is_a_compact_jws_that_verifies() {
        let signer = StatementSigner::new(&[7; 32], "localhost").unwrap();
        let credential = CredentialId::new(&[1; 32]).unwrap();
        let statement = signer.sign(&credential, 1_700_000_000_999).unwrap();
        let parts: Vec<&str> = statement.split('.').collect();
        let text = |part: &str| String::from_utf8(from_base64url(part).unwrap()).unwrap();
        assert_eq!(
            text(parts[0]),
            r#"{"alg":"ES256","typ":"mien-deregistration+jwt"}"#
        );
        assert_eq!(
            text(parts[1]),
            format!(r#"{{"iss":"localhost","sub":"{credential}","iat":1700000000}}"#)
        );
        let point = from_base64url(&signer.public_key()).unwrap();
        assert_eq!(point.len(), 65);
        let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
        let signature = Signature::from_slice(&from_base64url(parts[2]).unwrap()).unwrap();
        let signed = format!("{}.{}", parts[0], parts[1]);
        key.verify(signed.as_bytes(), &signature).unwrap();
        assert!(key.verify(parts[1].as_bytes(), &signature).is_err());
    }
}
