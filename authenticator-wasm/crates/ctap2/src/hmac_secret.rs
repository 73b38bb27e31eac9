//! `hmac-secret` (CTAP 2.1, 12.5): the input of authenticatorGetAssertion. That of authenticatorMakeCredential only
//! says `true`.

use crate::cbor::{CborError, Fields, Value};
use crate::credential::required;
use crate::key_agreement::KeyAgreementKey;

/// Identifier of the extension.
pub const IDENTIFIER: &str = "hmac-secret";

/// One or two salts, encrypted for the authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// 0x01: the platform's key.
    pub key_agreement: KeyAgreementKey,
    /// 0x02.
    pub salt_enc: Vec<u8>,
    /// 0x03: authentication code of the above.
    pub salt_auth: Vec<u8>,
    /// 0x04: the PIN/UV auth protocol; `None` stands for the first one.
    pub protocol: Option<i64>,
}

impl Input {
    pub(crate) fn take(inputs: &mut Fields) -> Result<Option<Self>, CborError> {
        let Some(mut fields) = inputs.map(IDENTIFIER, IDENTIFIER)? else {
            return Ok(None);
        };
        let key_agreement = required(fields.take(1), "keyAgreement")?;
        Ok(Some(Self {
            key_agreement: KeyAgreementKey::from_value(key_agreement)?,
            salt_enc: required(fields.bytes(2, "saltEnc")?, "saltEnc")?,
            salt_auth: required(fields.bytes(3, "saltAuth")?, "saltAuth")?,
            protocol: fields.integer(4, "pinUvAuthProtocol")?,
        }))
    }

    pub(crate) fn to_value(&self) -> Value {
        let mut entries = vec![
            (1.into(), self.key_agreement.to_value()),
            (2.into(), Value::Bytes(self.salt_enc.clone())),
            (3.into(), Value::Bytes(self.salt_auth.clone())),
        ];
        if let Some(protocol) = self.protocol {
            entries.push((4.into(), protocol.into()));
        }
        Value::Map(entries)
    }
}
