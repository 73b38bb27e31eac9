//! Session rows.

use sqlx::postgres::PgPool;
use sqlx::{Postgres, Transaction};

use crate::authentication_server::{CredentialId, UserId};
use crate::clock::UnixMs;
use crate::store::{NewSession, SessionRecord, StoreError, rows};

/// The insertion comes first: it takes the account's row, which stands before session rows in the order of locks.
pub(super) async fn open(
    write: &mut Transaction<'static, Postgres>,
    user: UserId,
    credential: &CredentialId,
    session: NewSession,
    user_verified: bool,
    now: UnixMs,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sessions (token_hash, user_id, credential_id, created_ms, verified_ms, seen_ms, \
         user_verified) \
         VALUES ($1, $2, $3, $4, $4, $4, $5)",
    )
    .bind(session.token_hash.as_slice())
    .bind(user.as_bytes())
    .bind(credential.as_bytes())
    .bind(now)
    .bind(user_verified)
    .execute(&mut **write)
    .await?;
    if let Some(old) = session.replaces {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(old.as_slice())
            .execute(&mut **write)
            .await?;
    }
    Ok(())
}

pub(super) async fn find(
    pool: &PgPool,
    token_hash: &[u8; 32],
) -> Result<Option<SessionRecord>, StoreError> {
    sqlx::query("SELECT * FROM sessions WHERE token_hash = $1")
        .bind(token_hash.as_slice())
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(rows::session)
        .transpose()
}

pub(super) async fn of_user(pool: &PgPool, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
    sqlx::query(
        "SELECT * FROM sessions WHERE user_id = $1 ORDER BY seen_ms DESC, token_hash LIMIT 1000",
    )
    .bind(user.as_bytes())
    .fetch_all(pool)
    .await?
    .iter()
    .map(rows::session)
    .collect()
}

pub(super) async fn end_others(
    pool: &PgPool,
    user: UserId,
    keep: &[u8; 32],
) -> Result<u64, StoreError> {
    let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2")
        .bind(user.as_bytes())
        .bind(keep.as_slice())
        .execute(pool)
        .await?;
    Ok(ended.rows_affected())
}

pub(super) async fn touch(
    pool: &PgPool,
    token_hash: &[u8; 32],
    now: UnixMs,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET seen_ms = $1 WHERE token_hash = $2")
        .bind(now)
        .bind(token_hash.as_slice())
        .execute(pool)
        .await?;
    Ok(())
}

pub(super) async fn end(pool: &PgPool, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
        .bind(token_hash.as_slice())
        .execute(pool)
        .await?;
    Ok(())
}
