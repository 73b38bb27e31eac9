//! authenticatorMakeCredential (CTAP 2.1, 6.1): request and response.

use crate::attestation::AttestationStatement;
use crate::authenticator_data::AuthenticatorData;
use crate::cbor::{self, CborError, Fields, Value};
use crate::cred_protect::{self, CredProtect};
use crate::credential::{CredentialId, PUBLIC_KEY, RpEntity, UserEntity, descriptors, required};
use crate::pin_uv_auth::PinUvAuth;

/// The parameters, in the order of their keys 0x01 to 0x0A.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// 0x01: SHA-256 of clientDataJSON.
    pub client_data_hash: [u8; 32],
    /// 0x02.
    pub rp: RpEntity,
    /// 0x03.
    pub user: UserEntity,
    /// 0x04: COSE algorithm identifiers of type `public-key`, most wanted first.
    pub algorithms: Vec<i64>,
    /// 0x05: credentials that must not already be here; `None` when absent.
    pub exclude_list: Option<Vec<CredentialId>>,
    /// 0x06: extensions whose input is `true`. Inputs of other forms, save those below, belong to extensions
    /// that nobody here has, and are passed over (6.1.2 step 15).
    pub extensions: Vec<String>,
    /// 0x06: the input of `credProtect`.
    pub cred_protect: Option<CredProtect>,
    /// 0x07.
    pub options: Options,
    /// 0x08, 0x09: parameter and protocol of a PIN/UV token.
    pub pin_uv_auth: Option<PinUvAuth>,
    /// 0x0A.
    pub enterprise_attestation: Option<i64>,
}

/// The option keys; `None` when absent, since absence and `false` differ for `up`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Discoverable credential.
    pub rk: Option<bool>,
    /// User presence.
    pub up: Option<bool>,
    /// User verification.
    pub uv: Option<bool>,
}

impl Options {
    pub(crate) fn from_fields(fields: Option<Fields>) -> Result<Self, CborError> {
        let Some(mut fields) = fields else {
            return Ok(Self::default());
        };
        // Other option keys are passed over (6.1.1: "treated as absent").
        Ok(Self {
            rk: fields.boolean("rk", "options.rk")?,
            up: fields.boolean("up", "options.up")?,
            uv: fields.boolean("uv", "options.uv")?,
        })
    }

    pub(crate) fn to_value(self) -> Option<Value> {
        let entries: Vec<_> = [("rk", self.rk), ("up", self.up), ("uv", self.uv)]
            .into_iter()
            .filter_map(|(key, flag)| Some((key.into(), Value::Bool(flag?))))
            .collect();
        (!entries.is_empty()).then_some(Value::Map(entries))
    }
}

impl Request {
    /// Parses the parameter map that follows the command byte.
    ///
    /// # Errors
    /// Non-canonical CBOR, a missing required parameter, a wrong type or length.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        let mut fields = Fields::decode(bytes, "request")?;
        let hash = fields.byte_array(1, "clientDataHash")?;
        let rp = required(fields.map(2, "rp")?, "rp")?;
        let user = required(fields.map(3, "user")?, "user")?;
        let parameters = required(fields.array(4, "pubKeyCredParams")?, "pubKeyCredParams")?;
        let mut extensions = inputs(&mut fields, 6)?;
        let request = Self {
            client_data_hash: required(hash, "clientDataHash")?,
            rp: RpEntity::from_fields(rp)?,
            user: UserEntity::from_fields(user)?,
            algorithms: algorithms(parameters)?,
            exclude_list: descriptors(fields.array(5, "excludeList")?)?,
            cred_protect: CredProtect::take(&mut extensions)?,
            extensions: extensions.truths(),
            options: Options::from_fields(fields.map(7, "options")?)?,
            pin_uv_auth: PinUvAuth::take(&mut fields, 8, 9)?,
            enterprise_attestation: fields.integer(0x0A, "enterpriseAttestation")?,
        };
        Ok(request)
    }

    /// The canonical parameter map.
    ///
    /// # Errors
    /// [`CborError`] from the encoder.
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        let parameter = |alg: &i64| {
            Value::Map(vec![
                ("alg".into(), (*alg).into()),
                ("type".into(), PUBLIC_KEY.into()),
            ])
        };
        let mut entries = vec![
            (1.into(), Value::Bytes(self.client_data_hash.to_vec())),
            (2.into(), self.rp.to_value()),
            (3.into(), self.user.to_value()),
            (
                4.into(),
                Value::Array(self.algorithms.iter().map(parameter).collect()),
            ),
        ];
        if let Some(list) = &self.exclude_list {
            let list = list.iter().map(CredentialId::to_descriptor).collect();
            entries.push((5.into(), Value::Array(list)));
        }
        let level = self.cred_protect.map(CredProtect::level);
        let level = level.map(|level| (cred_protect::IDENTIFIER.into(), level.into()));
        if let Some(extensions) = asked(&self.extensions, level) {
            entries.push((6.into(), extensions));
        }
        if let Some(options) = self.options.to_value() {
            entries.push((7.into(), options));
        }
        if let Some(auth) = &self.pin_uv_auth {
            auth.push(&mut entries, 8, 9);
        }
        if let Some(kind) = self.enterprise_attestation {
            entries.push((0x0A.into(), kind.into()));
        }
        cbor::encode(Value::Map(entries))
    }
}

/// The answer (6.1.2, last step): keys 0x01 to 0x03.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// 0x02: contains the new credential.
    pub authenticator_data: AuthenticatorData,
    /// 0x01 and 0x03.
    pub statement: AttestationStatement,
}

impl Response {
    /// The canonical answer map.
    ///
    /// # Errors
    /// As [`AuthenticatorData::to_bytes`].
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        cbor::encode(Value::Map(vec![
            (1.into(), self.statement.format().into()),
            (2.into(), Value::Bytes(self.authenticator_data.to_bytes()?)),
            (3.into(), self.statement.to_value()),
        ]))
    }

    /// Parses an answer of one of the two attestation forms.
    ///
    /// # Errors
    /// Any other form or member.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        let mut fields = Fields::decode(bytes, "response")?;
        let format = required(fields.text(1, "fmt")?, "fmt")?;
        let data = required(fields.bytes(2, "authData")?, "authData")?;
        let statement = required(fields.map(3, "attStmt")?, "attStmt")?;
        fields.finish("response")?;
        Ok(Self {
            authenticator_data: AuthenticatorData::parse(&data)?,
            statement: AttestationStatement::from_fields(&format, statement)?,
        })
    }
}

/// The map of extension inputs, empty when it is absent.
pub(crate) fn inputs(fields: &mut Fields, key: i64) -> Result<Fields, CborError> {
    let inputs = fields.take(key).unwrap_or(Value::Map(Vec::new()));
    Fields::from_value(inputs, "extensions")
}

/// Extension inputs that only say `true`, and one of another form; absent when there are none.
pub(crate) fn asked(truths: &[String], other: Option<(Value, Value)>) -> Option<Value> {
    let truth = |name: &String| (name.as_str().into(), Value::Bool(true));
    let inputs: Vec<_> = truths.iter().map(truth).chain(other).collect();
    (!inputs.is_empty()).then_some(Value::Map(inputs))
}

/// Every element needs both members; types that we do not know are passed over.
fn algorithms(items: Vec<Value>) -> Result<Vec<i64>, CborError> {
    let mut algorithms = Vec::with_capacity(items.len());
    for item in items {
        let mut fields = Fields::from_value(item, "pubKeyCredParams")?;
        let alg = required(fields.integer("alg", "alg")?, "alg")?;
        if required(fields.text("type", "type")?, "type")? == PUBLIC_KEY {
            algorithms.push(alg);
        }
    }
    Ok(algorithms)
}

#[cfg(test)]
mod tests;
