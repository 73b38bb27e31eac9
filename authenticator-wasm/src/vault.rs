//! The agent's storage: every row sealed under the device key, in the agent origin's IndexedDB.

mod indexed_db;
mod sealing;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

use core::fmt;

use secret::Secret;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;

use indexed_db::{Connection, DEVICE_KEYS, Write};

const DEVICE_KEY: &str = "device";

/// Why the vault did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VaultError {
    /// The browser refuses storage to this page (blocked site data, some private windows).
    Blocked,
    /// The row was altered, cut, moved, or sealed under another device key. It is left as it is.
    Damaged,
    /// No room is left.
    Full,
    /// The browser lacks, or failed in, something that the vault needs.
    Unavailable,
}

impl VaultError {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Blocked => "storage-blocked",
            Self::Damaged => "record-damaged",
            Self::Full => "storage-full",
            Self::Unavailable => "storage-unavailable",
        }
    }

    fn from_js(error: impl Into<JsValue>) -> Self {
        match indexed_db::error_name(&error.into()).as_str() {
            "QuotaExceededError" => Self::Full,
            "UnknownError" | "SecurityError" | "InvalidStateError" => Self::Blocked,
            _ => Self::Unavailable,
        }
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// What a row holds; the first part of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A credential record with its biometric reference.
    Credential,
    /// The attempt counter of a credential.
    Attempts,
}

/// A row's place: kind, RP ID, and an identifier within them. It is associated data of the sealing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row(String);

impl Row {
    /// `id` is base64url or empty and an RP ID is a host name, so that `/` separates without doubt.
    pub(crate) fn new(kind: Kind, rp_id: &str, id: &str) -> Self {
        Self(format!("{}{id}", Self::prefix(kind, rp_id)))
    }

    fn prefix(kind: Kind, rp_id: &str) -> String {
        let kind = match kind {
            Kind::Credential => "credential",
            Kind::Attempts => "attempts",
        };
        format!("{kind}/{rp_id}/")
    }
}

/// One change of [`Vault::write`].
pub(crate) enum Change {
    Put(Row, Secret<Vec<u8>>),
    Delete(Row),
}

/// An open vault.
pub(crate) struct Vault {
    connection: Connection,
    device_key: CryptoKey,
}

impl Vault {
    /// Opens the vault; makes the device key at first use.
    pub(crate) async fn open() -> Result<Self, VaultError> {
        let connection = Connection::open().await?;
        if connection.get(DEVICE_KEYS, DEVICE_KEY).await?.is_none() {
            let key = sealing::generate_device_key().await?;
            connection.add_device_key(DEVICE_KEY, &key).await?;
        }
        // Read again: of two tabs that began at once, the first one's key counts for both.
        let device_key = connection
            .get(DEVICE_KEYS, DEVICE_KEY)
            .await?
            .and_then(|key| key.dyn_into().ok())
            .ok_or(VaultError::Damaged)?;
        Ok(Self {
            connection,
            device_key,
        })
    }

    /// Opens one row.
    pub(crate) async fn read(&self, row: &Row) -> Result<Option<Secret<Vec<u8>>>, VaultError> {
        match self.connection.get(indexed_db::SEALED, &row.0).await? {
            Some(sealed) => sealing::open(&self.device_key, &row.0, &sealed)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// The rows of one kind of one relying party.
    pub(crate) async fn rows(&self, kind: Kind, rp_id: &str) -> Result<Vec<Row>, VaultError> {
        let keys = self.connection.keys(&Row::prefix(kind, rp_id)).await?;
        Ok(keys.into_iter().map(Row).collect())
    }

    /// Makes all changes in one transaction, or none.
    pub(crate) async fn write(&self, changes: Vec<Change>) -> Result<(), VaultError> {
        let mut sealed = Vec::with_capacity(changes.len());
        for change in changes {
            sealed.push(match change {
                Change::Put(row, plain) => {
                    let record = sealing::seal(&self.device_key, &row.0, &plain).await?;
                    Write::Put(row.0, record)
                }
                Change::Delete(row) => Write::Delete(row.0),
            });
        }
        self.connection.write(sealed).await
    }
}
