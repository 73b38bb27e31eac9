//! Rows of either database to domain types.

use sqlx::{ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

use crate::attestation::AttestationType;
use crate::authentication_server::{
    CredentialId, CredentialRecord, CredentialState, Failures, PublicKey, StoredCeremony, UserId,
};
use crate::presentation_attack_detection::Layers;
use crate::store::{
    Account, AccountEvent, AccountEventKind, AuditEvent, SessionRecord, StoreError, Unfinished,
    Which, Work,
};
use crate::user_verification::Methods;

/// A row whose columns have the four types that the tables use.
pub(super) trait Columns {
    fn bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError>;
    fn maybe_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, StoreError>;
    fn text(&self, column: &'static str) -> Result<String, StoreError>;
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError>;
    fn number(&self, column: &'static str) -> Result<i64, StoreError>;
    fn maybe_number(&self, column: &'static str) -> Result<Option<i64>, StoreError>;
    fn flag(&self, column: &'static str) -> Result<bool, StoreError>;
}

impl<R: Row> Columns for R
where
    &'static str: ColumnIndex<R>,
    Vec<u8>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    String: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    i64: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    bool: for<'r> Decode<'r, R::Database> + Type<R::Database>,
{
    fn bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_number(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        Ok(self.try_get(column)?)
    }
}

pub(super) fn account_event(row: &impl Columns) -> Result<AccountEvent, StoreError> {
    let kind = AccountEventKind::from_name(&row.text("event")?);
    Ok(AccountEvent {
        number: row.number("number")?,
        user: user(&row.bytes("user_id")?)?,
        kind: kind.ok_or(StoreError::Corrupt("event of an account"))?,
    })
}

pub(super) fn user(bytes: &[u8]) -> Result<UserId, StoreError> {
    Uuid::from_slice(bytes)
        .map(UserId)
        .map_err(|_| StoreError::Corrupt("user handle"))
}

pub(super) fn credential_id(bytes: &[u8]) -> Result<CredentialId, StoreError> {
    CredentialId::new(bytes).ok_or(StoreError::Corrupt("credential ID"))
}

pub(super) fn count(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Corrupt("counter"))
}

pub(super) fn credential(row: &impl Columns) -> Result<CredentialRecord, StoreError> {
    let transports = row.text("transports")?;
    let transports = transports.split(',').filter(|name| !name.is_empty());
    let methods = row.maybe_text("uvm")?;
    let attestation = row.maybe_text("attestation")?;
    let layers = row.maybe_text("presentation_attack_detection")?;
    Ok(CredentialRecord {
        id: credential_id(&row.bytes("credential_id")?)?,
        user: user(&row.bytes("user_id")?)?,
        public_key: PublicKey {
            algorithm: row.number("algorithm")?,
            cose: row.bytes("public_key")?,
        },
        state: CredentialState {
            sign_count: count(row.number("sign_count")?)?,
            uv_initialized: row.flag("uv_initialized")?,
            user_verified: row.flag("user_verified")?,
            backup_state: row.flag("backup_state")?,
            failures: Failures {
                count: count(row.number("failures")?)?,
                last_ms: row.number("failed_ms")?,
            },
        },
        backup_eligible: row.flag("backup_eligible")?,
        transports: transports.map(str::to_owned).collect(),
        aaguid: Uuid::from_slice(&row.bytes("aaguid")?)
            .map_err(|_| StoreError::Corrupt("AAGUID"))?,
        device: row.text("device")?,
        created_ms: row.number("created_ms")?,
        used_ms: row.maybe_number("used_ms")?,
        presentation_attack_detection: layers
            .map(|text| Layers::from_text(&text).ok_or(StoreError::Corrupt("list of layers")))
            .transpose()?,
        user_verification_methods: methods
            .map(|text| Methods::from_text(&text).ok_or(StoreError::Corrupt("list of methods")))
            .transpose()?,
        attestation: attestation
            .map(|name| AttestationType::from_name(&name).ok_or(StoreError::Corrupt("attestation")))
            .transpose()?,
    })
}

/// The column of the methods, of [`Methods::from_text`].
pub(super) fn methods_text(methods: Option<&Methods>) -> Option<String> {
    methods.map(Methods::to_text)
}

/// The column of the layers, of [`Layers::from_text`].
pub(super) fn layers_text(layers: Option<&Layers>) -> Option<String> {
    layers.map(Layers::to_text)
}

pub(super) fn account(row: &impl Columns) -> Result<Account, StoreError> {
    Ok(Account {
        user: user(&row.bytes("user_id")?)?,
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        created_ms: row.number("created_ms")?,
    })
}

pub(super) fn session(row: &impl Columns) -> Result<SessionRecord, StoreError> {
    let hash = row.bytes("token_hash")?;
    let credential = row.maybe_bytes("credential_id")?;
    Ok(SessionRecord {
        token_hash: hash
            .try_into()
            .map_err(|_| StoreError::Corrupt("session hash"))?,
        user: user(&row.bytes("user_id")?)?,
        credential: credential.as_deref().map(credential_id).transpose()?,
        created_ms: row.number("created_ms")?,
        verified_ms: row
            .flag("user_verified")?
            .then_some(row.number("verified_ms")?),
        seen_ms: row.number("seen_ms")?,
    })
}

pub(super) fn ceremony(
    token_hash: [u8; 32],
    row: &impl Columns,
) -> Result<StoredCeremony, StoreError> {
    Ok(StoredCeremony {
        token_hash,
        user: row
            .maybe_bytes("user_id")?
            .as_deref()
            .map(user)
            .transpose()?,
        state: row.text("state")?,
        expires_ms: row.number("expires_ms")?,
    })
}

pub(super) fn unfinished(row: &impl Columns) -> Result<Unfinished, StoreError> {
    const CORRUPT: StoreError = StoreError::Corrupt("piece of unfinished work");
    let credential = row.maybe_bytes("credential_id")?;
    let credential = credential.as_deref().map(credential_id).transpose()?;
    let event = row.maybe_text("event")?;
    let event = event.as_deref().and_then(AuditEvent::named);
    let work = match (row.maybe_text("receipt")?, event) {
        (Some(receipt), None) => Work::Registration {
            credential: credential.ok_or(CORRUPT)?,
            receipt,
        },
        (None, Some(event)) => Work::Deregistration {
            which: credential.map_or(Which::All, Which::One),
            event,
        },
        _ => return Err(CORRUPT),
    };
    Ok(Unfinished {
        number: row.number("number")?,
        user: user(&row.bytes("user_id")?)?,
        work,
    })
}
