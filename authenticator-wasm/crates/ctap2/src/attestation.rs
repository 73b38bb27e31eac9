//! Attestation objects (WebAuthn Level 3, 6.5.4) in the forms that the agent makes: `none` (8.7) and `packed` (8.2), by
//! the credential's own key or by one that certificates vouch for.

use crate::authenticator_data::AuthenticatorData;
use crate::cbor::{self, CborError, Fields, Value};
use crate::cose::ES256;
use crate::credential::required;

/// What vouches for a new credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttestationStatement {
    /// Nothing does.
    None,
    /// Its own key: a DER signature over authenticator data and client data hash.
    PackedSelf {
        /// ECDSA signature, DER.
        signature: Vec<u8>,
    },
    /// A key that certificates vouch for: its signature over the same.
    PackedCertified {
        /// ECDSA signature, DER.
        signature: Vec<u8>,
        /// X.509 certificates in DER, that of the signing key first; at least one.
        certificates: Vec<Vec<u8>>,
    },
}

impl AttestationStatement {
    /// The attestation statement format identifier.
    #[must_use]
    pub const fn format(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::PackedSelf { .. } | Self::PackedCertified { .. } => "packed",
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        Value::Map(match self {
            Self::None => Vec::new(),
            Self::PackedSelf { signature } => vec![
                ("alg".into(), ES256.into()),
                ("sig".into(), Value::Bytes(signature.clone())),
            ],
            Self::PackedCertified {
                signature,
                certificates,
            } => {
                let chain = certificates.iter().cloned().map(Value::Bytes);
                vec![
                    ("alg".into(), ES256.into()),
                    ("sig".into(), Value::Bytes(signature.clone())),
                    ("x5c".into(), Value::Array(chain.collect())),
                ]
            }
        })
    }

    pub(crate) fn from_fields(format: &str, mut fields: Fields) -> Result<Self, CborError> {
        let statement = match format {
            "none" => Self::None,
            "packed" => {
                let alg = required(fields.integer("alg", "attStmt.alg")?, "attStmt.alg")?;
                if alg != ES256 {
                    return Err(CborError::Invalid("attStmt.alg"));
                }
                let signature = required(fields.bytes("sig", "attStmt.sig")?, "attStmt.sig")?;
                match fields.array("x5c", "attStmt.x5c")? {
                    None => Self::PackedSelf { signature },
                    Some(chain) => Self::PackedCertified {
                        signature,
                        certificates: certificates(chain)?,
                    },
                }
            }
            _ => return Err(CborError::Invalid("fmt")),
        };
        fields.finish("attStmt")?;
        Ok(statement)
    }
}

fn certificates(chain: Vec<Value>) -> Result<Vec<Vec<u8>>, CborError> {
    if chain.is_empty() {
        return Err(CborError::Invalid("attStmt.x5c"));
    }
    chain
        .into_iter()
        .map(|certificate| match certificate {
            Value::Bytes(certificate) => Ok(certificate),
            _ => Err(CborError::UnexpectedType("attStmt.x5c")),
        })
        .collect()
}

/// Authenticator data together with what vouches for it.
#[derive(Debug, Clone, PartialEq)]
pub struct AttestationObject {
    /// Must contain attested credential data.
    pub authenticator_data: AuthenticatorData,
    /// The statement.
    pub statement: AttestationStatement,
}

impl AttestationObject {
    /// Canonical CBOR of `{"fmt", "attStmt", "authData"}`.
    ///
    /// # Errors
    /// As [`AuthenticatorData::to_bytes`].
    pub fn to_cbor(&self) -> Result<Vec<u8>, CborError> {
        cbor::encode(Value::Map(vec![
            ("fmt".into(), self.statement.format().into()),
            ("attStmt".into(), self.statement.to_value()),
            (
                "authData".into(),
                Value::Bytes(self.authenticator_data.to_bytes()?),
            ),
        ]))
    }

    /// Parses an attestation object of one of these forms. Re-encoding gives the same bytes.
    ///
    /// # Errors
    /// Any other format or member, or authenticator data without a credential.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        let mut fields = Fields::decode(bytes, "attestation object")?;
        let format = required(fields.text("fmt", "fmt")?, "fmt")?;
        let statement = required(fields.map("attStmt", "attStmt")?, "attStmt")?;
        let data = required(fields.bytes("authData", "authData")?, "authData")?;
        fields.finish("attestation object")?;
        let authenticator_data = AuthenticatorData::parse(&data)?;
        if authenticator_data.attested.is_none() {
            return Err(CborError::Missing("attested credential data"));
        }
        Ok(Self {
            authenticator_data,
            statement: AttestationStatement::from_fields(&format, statement)?,
        })
    }
}

#[cfg(test)]
mod tests;
