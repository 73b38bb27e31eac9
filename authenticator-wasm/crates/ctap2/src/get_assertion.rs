//! authenticatorGetAssertion (CTAP 2.1, 6.2): request and response.

use crate::authenticator_data::AuthenticatorData;
use crate::cbor::{self, CborError, Fields, Value};
use crate::credential::{CredentialId, UserEntity, descriptors, required, unknown_descriptor};
use crate::hmac_secret;
use crate::make_credential::{Options, asked, inputs};
use crate::pin_uv_auth::PinUvAuth;

/// The parameters, in the order of their keys 0x01 to 0x07.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// 0x01.
    pub rp_id: String,
    /// 0x02: SHA-256 of clientDataJSON.
    pub client_data_hash: [u8; 32],
    /// 0x03: the credentials that may answer; `None` when absent or empty, which asks for a discoverable one.
    /// `Some` of nothing when the list holds only types that we do not know: then none may answer.
    pub allow_list: Option<Vec<CredentialId>>,
    /// 0x04: extensions whose input is `true`, as in [`crate::make_credential::Request`].
    pub extensions: Vec<String>,
    /// 0x04: the input of `hmac-secret`, which is large and rare.
    pub hmac_secret: Option<Box<hmac_secret::Input>>,
    /// 0x05.
    pub options: Options,
    /// 0x06, 0x07: parameter and protocol of a PIN/UV token.
    pub pin_uv_auth: Option<PinUvAuth>,
}

impl Request {
    /// Parses the parameter map that follows the command byte.
    ///
    /// # Errors
    /// Non-canonical CBOR, a missing required parameter, a wrong type or length.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        let mut fields = Fields::decode(bytes, "request")?;
        let mut extensions = inputs(&mut fields, 4)?;
        Ok(Self {
            rp_id: required(fields.text(1, "rpId")?, "rpId")?,
            client_data_hash: required(fields.byte_array(2, "clientDataHash")?, "clientDataHash")?,
            allow_list: descriptors(
                fields
                    .array(3, "allowList")?
                    .filter(|list| !list.is_empty()),
            )?,
            hmac_secret: hmac_secret::Input::take(&mut extensions)?.map(Box::new),
            extensions: extensions.truths(),
            options: Options::from_fields(fields.map(5, "options")?)?,
            pin_uv_auth: PinUvAuth::take(&mut fields, 6, 7)?,
        })
    }

    /// The canonical parameter map.
    ///
    /// # Errors
    /// [`CborError`] from the encoder.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        let mut entries = vec![
            (1.into(), self.rp_id.as_str().into()),
            (2.into(), Value::Bytes(self.client_data_hash.to_vec())),
        ];
        if let Some(list) = &self.allow_list {
            let mut descriptors: Vec<_> = list.iter().map(CredentialId::to_descriptor).collect();
            if descriptors.is_empty() {
                // Or the list would ask for a discoverable credential.
                descriptors.push(unknown_descriptor());
            }
            entries.push((3.into(), Value::Array(descriptors)));
        }
        let hmac_secret = self.hmac_secret.as_ref();
        let hmac_secret =
            hmac_secret.map(|input| (hmac_secret::IDENTIFIER.into(), input.to_value()));
        if let Some(extensions) = asked(&self.extensions, hmac_secret) {
            entries.push((4.into(), extensions));
        }
        if let Some(options) = self.options.to_value() {
            entries.push((5.into(), options));
        }
        if let Some(auth) = &self.pin_uv_auth {
            auth.push(&mut entries, 6, 7);
        }
        cbor::encode(Value::Map(entries))
    }
}

/// The answer (6.2.2, last step): keys 0x01 to 0x06.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// 0x01: the credential that signed.
    pub credential_id: CredentialId,
    /// 0x02.
    pub authenticator_data: AuthenticatorData,
    /// 0x03: ECDSA signature, DER, over authenticator data and client data hash.
    pub signature: Vec<u8>,
    /// 0x04: whose it is; present for discoverable credentials.
    pub user: Option<UserEntity>,
    /// 0x05: how many credentials can answer, where the rest are fetched by authenticatorGetNextAssertion.
    pub number_of_credentials: Option<u64>,
    /// 0x06: the person chose the account on the authenticator.
    pub user_selected: bool,
}

impl Response {
    /// The canonical answer map.
    ///
    /// # Errors
    /// As [`AuthenticatorData::to_bytes`].
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        let mut entries = vec![
            (1.into(), self.credential_id.to_descriptor()),
            (2.into(), Value::Bytes(self.authenticator_data.to_bytes()?)),
            (3.into(), Value::Bytes(self.signature.clone())),
        ];
        if let Some(user) = &self.user {
            entries.push((4.into(), user.to_value()));
        }
        if let Some(number) = self.number_of_credentials {
            entries.push((5.into(), number.into()));
        }
        if self.user_selected {
            entries.push((6.into(), Value::Bool(true)));
        }
        cbor::encode(Value::Map(entries))
    }

    /// Parses an answer.
    ///
    /// # Errors
    /// Non-canonical CBOR, a missing or unknown member.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        let mut fields = Fields::decode(bytes, "response")?;
        let credential = required(fields.take(1), "credential")?;
        let data = required(fields.bytes(2, "authData")?, "authData")?;
        let signature = required(fields.bytes(3, "signature")?, "signature")?;
        let user = fields
            .map(4, "user")?
            .map(UserEntity::from_fields)
            .transpose()?;
        let number_of_credentials = fields.unsigned(5, "numberOfCredentials")?;
        let user_selected = fields.boolean(6, "userSelected")?.unwrap_or(false);
        fields.finish("response")?;
        Ok(Self {
            credential_id: CredentialId::from_descriptor(credential)?
                .ok_or(CborError::Invalid("credential"))?,
            authenticator_data: AuthenticatorData::parse(&data)?,
            signature,
            user,
            number_of_credentials,
            user_selected,
        })
    }
}

#[cfg(test)]
mod tests;
