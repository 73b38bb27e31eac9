//! Session rows.

use sqlx::sqlite::SqlitePool;

use super::SqliteStore;
use super::writer::Write;
use crate::authentication_server::{CredentialId, UserId};
use crate::clock::UnixMs;
use crate::store::{NewSession, SessionRecord, StoreError, rows};

pub(super) async fn open(
    write: &mut Write,
    user: UserId,
    credential: &CredentialId,
    session: NewSession,
    user_verified: bool,
    now: UnixMs,
) -> Result<(), StoreError> {
    if let Some(old) = session.replaces {
        sqlx::query("DELETE FROM sessions WHERE token_hash = ?")
            .bind(old.to_vec())
            .execute(&mut **write)
            .await?;
    }
    sqlx::query(
        "INSERT INTO sessions (token_hash, user_id, credential_id, created_ms, verified_ms, seen_ms, \
         user_verified) \
         VALUES (?1, ?2, ?3, ?4, ?4, ?4, ?5)",
    )
    .bind(session.token_hash.to_vec())
    .bind(user.as_bytes())
    .bind(credential.as_bytes())
    .bind(now)
    .bind(user_verified)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// Ends every session that `credential` opened, but not `keep`.
pub(super) async fn end_of_credential(
    write: &mut Write,
    credential: &CredentialId,
    keep: Option<[u8; 32]>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE credential_id = ? AND token_hash IS NOT ?")
        .bind(credential.as_bytes())
        .bind(keep.map(|hash| hash.to_vec()))
        .execute(&mut **write)
        .await?;
    Ok(())
}

pub(super) async fn find(
    pool: &SqlitePool,
    token_hash: &[u8; 32],
) -> Result<Option<SessionRecord>, StoreError> {
    sqlx::query("SELECT * FROM sessions WHERE token_hash = ?")
        .bind(token_hash.as_slice())
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(rows::session)
        .transpose()
}

pub(super) async fn of_user(
    pool: &SqlitePool,
    user: UserId,
) -> Result<Vec<SessionRecord>, StoreError> {
    sqlx::query(
        "SELECT * FROM sessions WHERE user_id = ? ORDER BY seen_ms DESC, token_hash LIMIT 1000",
    )
    .bind(user.as_bytes())
    .fetch_all(pool)
    .await?
    .iter()
    .map(rows::session)
    .collect()
}

pub(super) async fn end_others(
    store: &SqliteStore,
    user: UserId,
    keep: &[u8; 32],
) -> Result<u64, StoreError> {
    let mut write = store.write().await?;
    let ended = sqlx::query("DELETE FROM sessions WHERE user_id = ? AND token_hash <> ?")
        .bind(user.as_bytes())
        .bind(keep.as_slice())
        .execute(&mut *write)
        .await?;
    write.commit().await?;
    Ok(ended.rows_affected())
}

pub(super) async fn touch(
    store: &SqliteStore,
    token_hash: &[u8; 32],
    now: UnixMs,
) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    sqlx::query("UPDATE sessions SET seen_ms = ? WHERE token_hash = ?")
        .bind(now)
        .bind(token_hash.as_slice())
        .execute(&mut *write)
        .await?;
    write.commit().await
}

pub(super) async fn end(store: &SqliteStore, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    sqlx::query("DELETE FROM sessions WHERE token_hash = ?")
        .bind(token_hash.as_slice())
        .execute(&mut *write)
        .await?;
    write.commit().await
}
