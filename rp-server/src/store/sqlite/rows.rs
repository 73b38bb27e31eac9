//! Rows to domain types.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::authentication_server::{
    CredentialId, CredentialRecord, CredentialState, PublicKey, StoredCeremony, UserId,
};
use crate::presentation_attack_detection::Layers;
use crate::store::{Account, SessionRecord, StoreError};

pub(super) fn user(bytes: &[u8]) -> Result<UserId, StoreError> {
    Uuid::from_slice(bytes)
        .map(UserId)
        .map_err(|_| StoreError::Corrupt("user handle"))
}

pub(super) fn credential_id(bytes: &[u8]) -> Result<CredentialId, StoreError> {
    CredentialId::new(bytes).ok_or(StoreError::Corrupt("credential ID"))
}

pub(super) fn credential(row: &SqliteRow) -> Result<CredentialRecord, StoreError> {
    let transports: &str = row.try_get("transports")?;
    let transports = transports.split(',').filter(|name| !name.is_empty());
    let layers: Option<&str> = row.try_get("presentation_attack_detection")?;
    Ok(CredentialRecord {
        id: credential_id(row.try_get("credential_id")?)?,
        user: user(row.try_get("user_id")?)?,
        public_key: PublicKey {
            algorithm: row.try_get("algorithm")?,
            cose: row.try_get("public_key")?,
        },
        state: CredentialState {
            sign_count: row.try_get("sign_count")?,
            uv_initialized: row.try_get("uv_initialized")?,
            backup_state: row.try_get("backup_state")?,
        },
        backup_eligible: row.try_get("backup_eligible")?,
        transports: transports.map(str::to_owned).collect(),
        aaguid: Uuid::from_slice(row.try_get("aaguid")?)
            .map_err(|_| StoreError::Corrupt("AAGUID"))?,
        device: row.try_get("device")?,
        created_ms: row.try_get("created_ms")?,
        used_ms: row.try_get("used_ms")?,
        presentation_attack_detection: layers
            .map(|text| Layers::from_text(text).ok_or(StoreError::Corrupt("list of layers")))
            .transpose()?,
    })
}

pub(super) fn ceremony(row: &SqliteRow) -> Result<StoredCeremony, StoreError> {
    let hash: &[u8] = row.try_get("token_hash")?;
    let owner: Option<&[u8]> = row.try_get("user_id")?;
    Ok(StoredCeremony {
        token_hash: hash
            .try_into()
            .map_err(|_| StoreError::Corrupt("ceremony hash"))?,
        user: owner.map(user).transpose()?,
        state: row.try_get("state")?,
        expires_ms: row.try_get("expires_ms")?,
    })
}

pub(super) fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account {
        user: user(row.try_get("user_id")?)?,
        name: row.try_get("name")?,
        display_name: row.try_get("display_name")?,
        created_ms: row.try_get("created_ms")?,
    })
}

pub(super) fn session(row: &SqliteRow) -> Result<SessionRecord, StoreError> {
    let hash: &[u8] = row.try_get("token_hash")?;
    let credential: Option<&[u8]> = row.try_get("credential_id")?;
    Ok(SessionRecord {
        token_hash: hash
            .try_into()
            .map_err(|_| StoreError::Corrupt("session hash"))?,
        user: user(row.try_get("user_id")?)?,
        credential: credential.map(credential_id).transpose()?,
        created_ms: row.try_get("created_ms")?,
        verified_ms: row.try_get("verified_ms")?,
        seen_ms: row.try_get("seen_ms")?,
    })
}
