//! Who a credential is for and how it is named: the entities and descriptors of CTAP 2.1 and WebAuthn.

use core::fmt;

use crate::cbor::{CborError, Fields, Value};

/// The only credential type that WebAuthn defines.
pub const PUBLIC_KEY: &str = "public-key";

/// A credential ID: 1 to 1023 bytes (WebAuthn Level 3, 6.5.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// Takes an ID of admissible length.
    ///
    /// # Errors
    /// [`CborError::Invalid`] when empty or longer than 1023 bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, CborError> {
        if bytes.is_empty() || bytes.len() > 1023 {
            return Err(CborError::Invalid("credential id"));
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// `{"id": …, "type": "public-key"}`.
    pub(crate) fn to_descriptor(&self) -> Value {
        Value::Map(vec![
            ("id".into(), Value::Bytes(self.0.clone())),
            ("type".into(), PUBLIC_KEY.into()),
        ])
    }

    /// Reads a PublicKeyCredentialDescriptor; `None` when it is of a type that we do not know, which
    /// the specification tells us to pass over.
    pub(crate) fn from_descriptor(value: Value) -> Result<Option<Self>, CborError> {
        let mut fields = Fields::from_value(value, "descriptor")?;
        let id = required(fields.bytes("id", "descriptor id")?, "descriptor id")?;
        let kind = required(fields.text("type", "descriptor type")?, "descriptor type")?;
        if kind == PUBLIC_KEY {
            Self::new(id).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl fmt::Debug for CredentialId {
    /// The length only: an ID names a person's record, so it does not belong into a log by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialId({} bytes)", self.0.len())
    }
}

/// The relying party (PublicKeyCredentialRpEntity).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpEntity {
    /// RP ID, a domain name.
    pub id: String,
    /// Name for people.
    pub name: Option<String>,
}

impl RpEntity {
    pub(crate) fn to_value(&self) -> Value {
        let mut entries = vec![("id".into(), self.id.as_str().into())];
        if let Some(name) = &self.name {
            entries.push(("name".into(), name.as_str().into()));
        }
        Value::Map(entries)
    }

    pub(crate) fn from_fields(mut fields: Fields) -> Result<Self, CborError> {
        Ok(Self {
            id: required(fields.text("id", "rp.id")?, "rp.id")?,
            name: fields.text("name", "rp.name")?,
        })
    }
}

/// The user's account (PublicKeyCredentialUserEntity).
#[derive(Clone, PartialEq, Eq)]
pub struct UserEntity {
    /// User handle, 1 to 64 bytes, without personal meaning.
    pub id: Vec<u8>,
    /// Account name for people.
    pub name: Option<String>,
    /// Name for display.
    pub display_name: Option<String>,
}

impl UserEntity {
    pub(crate) fn to_value(&self) -> Value {
        let mut entries = vec![("id".into(), Value::Bytes(self.id.clone()))];
        if let Some(name) = &self.name {
            entries.push(("name".into(), name.as_str().into()));
        }
        if let Some(display_name) = &self.display_name {
            entries.push(("displayName".into(), display_name.as_str().into()));
        }
        Value::Map(entries)
    }

    pub(crate) fn from_fields(mut fields: Fields) -> Result<Self, CborError> {
        let id = required(fields.bytes("id", "user.id")?, "user.id")?;
        if id.is_empty() || id.len() > 64 {
            return Err(CborError::Invalid("user.id"));
        }
        Ok(Self {
            id,
            name: fields.text("name", "user.name")?,
            display_name: fields.text("displayName", "user.displayName")?,
        })
    }
}

impl fmt::Debug for UserEntity {
    /// Nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserEntity(..)")
    }
}

pub(crate) fn required<T>(value: Option<T>, name: &'static str) -> Result<T, CborError> {
    value.ok_or(CborError::Missing(name))
}

/// A descriptor of a type that nobody knows.
pub(crate) fn unknown_descriptor() -> Value {
    Value::Map(vec![
        ("id".into(), Value::Bytes(Vec::new())),
        ("type".into(), "unknown".into()),
    ])
}

/// Reads excludeList and allowList.
pub(crate) fn descriptors(
    items: Option<Vec<Value>>,
) -> Result<Option<Vec<CredentialId>>, CborError> {
    let Some(items) = items else { return Ok(None) };
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        ids.extend(CredentialId::from_descriptor(item)?);
    }
    Ok(Some(ids))
}
