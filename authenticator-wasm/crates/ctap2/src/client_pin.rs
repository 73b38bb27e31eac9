//! authenticatorClientPIN (CTAP 2.1, 6.5.5), as far as an authenticator without a PIN has it: the key agreement that
//! `hmac-secret` needs.

use crate::cbor::{self, CborError, Fields, Value};
use crate::credential::required;
use crate::key_agreement::KeyAgreementKey;
use crate::status::Status;

/// Subcommand getKeyAgreement.
const GET_KEY_AGREEMENT: u64 = 0x02;

/// getKeyAgreement, the one subcommand that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// 0x01: the PIN/UV auth protocol that the key is wanted for.
    pub protocol: i64,
}

impl Request {
    /// Parses the parameter map that follows the command byte.
    ///
    /// # Errors
    /// The status to answer with: non-canonical CBOR, a missing or mistyped parameter, another subcommand.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, Status> {
        let mut fields = Fields::decode(bytes, "request")?;
        let protocol = fields.integer(1, "pinUvAuthProtocol")?;
        if required(fields.unsigned(2, "subCommand")?, "subCommand")? != GET_KEY_AGREEMENT {
            return Err(Status::InvalidSubcommand);
        }
        let protocol = required(protocol, "pinUvAuthProtocol")?;
        Ok(Self { protocol })
    }

    /// The canonical parameter map.
    ///
    /// # Errors
    /// [`CborError`] from the encoder.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        cbor::encode(Value::Map(vec![
            (1.into(), self.protocol.into()),
            (2.into(), GET_KEY_AGREEMENT.into()),
        ]))
    }
}

/// The answer to getKeyAgreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    /// 0x01.
    pub key_agreement: KeyAgreementKey,
}

impl Response {
    /// The canonical answer map.
    ///
    /// # Errors
    /// [`CborError`] from the encoder.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        cbor::encode(Value::Map(vec![(1.into(), self.key_agreement.to_value())]))
    }

    /// Parses an answer.
    ///
    /// # Errors
    /// Non-canonical CBOR, a missing or unknown member, another kind of key.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        let mut fields = Fields::decode(bytes, "response")?;
        let key = required(fields.take(1), "keyAgreement")?;
        fields.finish("response")?;
        Ok(Self {
            key_agreement: KeyAgreementKey::from_value(key)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use p256::SecretKey;

    use super::{Request, Response};
    use crate::cbor::{CborError, Value, decode, encode};
    use crate::key_agreement::KeyAgreementKey;
    use crate::status::Status;

    #[test]
    fn only_get_key_agreement_is_read() {
        let request = Request { protocol: 2 };
        let bytes = request.to_cbor().unwrap();
        assert_eq!(bytes, [0xa2, 0x01, 0x02, 0x02, 0x02]);
        assert_eq!(Request::from_cbor(&bytes), Ok(request));
        let refused = |bytes: &[u8]| Request::from_cbor(bytes).unwrap_err();
        for subcommand in [0x00, 0x01, 0x03, 0x05, 0x06, 0x09] {
            let bytes = [0xa2, 0x01, 0x02, 0x02, subcommand];
            assert_eq!(refused(&bytes), Status::InvalidSubcommand);
        }
        assert_eq!(refused(&[0xa1, 0x02, 0x02]), Status::MissingParameter);
        assert_eq!(refused(&[0xa1, 0x01, 0x02]), Status::MissingParameter);
        let text = [0xa2, 0x01, 0x61, 0x32, 0x02, 0x02];
        assert_eq!(refused(&text), Status::CborUnexpectedType);
    }

    #[test]
    fn a_key_has_exactly_its_members() {
        let secret = SecretKey::from_slice(&[7; 32]).unwrap();
        let key = KeyAgreementKey::new(secret.public_key());
        let response = Response { key_agreement: key };
        let bytes = response.to_cbor().unwrap();
        assert_eq!(Response::from_cbor(&bytes), Ok(response));
        // kty, alg (-25), crv, x.
        let start = b"\xa1\x01\xa5\x01\x02\x03\x38\x18\x20\x01\x21\x58\x20";
        assert!(bytes.starts_with(start));
        let with = |member: i64, value: Option<Value>| {
            let Value::Map(mut answer) = decode(&bytes).unwrap() else {
                panic!("a map")
            };
            let Value::Map(key) = &mut answer[0].1 else {
                panic!("a key")
            };
            key.retain(|(found, _)| *found != Value::from(member));
            key.extend(value.map(|value| (member.into(), value)));
            Response::from_cbor(&encode(Value::Map(answer)).unwrap())
        };
        for member in [1, 3, -1, -2, -3] {
            let missing = CborError::Missing("keyAgreement");
            assert_eq!(with(member, None), Err(missing));
        }
        let invalid = Err(CborError::Invalid("keyAgreement"));
        for (member, value) in [
            (1, 1.into()),
            (3, (-7).into()),
            (-1, 2.into()),
            (-3, Value::Bytes(vec![1; 32])),
            (-2, Value::Bytes(vec![1; 31])),
            (2, Value::Bytes(vec![1])),
        ] {
            assert_eq!(with(member, Some(value)), invalid, "{member}");
        }
    }
}
