//! Deregistration in one transaction.

use sqlx::{Postgres, Transaction};

use super::PostgresStore;
use super::accounts::audit;
use crate::authentication_server::{CredentialId, UserId};
use crate::clock::UnixMs;
use crate::store::{AuditEvent, Removed, StoreError, Which, rows};

pub(super) async fn deregister(
    store: &PostgresStore,
    user: UserId,
    which: Which,
    keep: Option<[u8; 32]>,
    event: AuditEvent,
    now: UnixMs,
) -> Result<Removed, StoreError> {
    let one = which.one();
    let mut write = store.write().await?;
    lock(&mut write, user, one).await?;
    // Nobody can advance, open a session with, or add a credential from here on; what was under way is visible.
    sqlx::query(
        "DELETE FROM sessions WHERE user_id = $1 AND credential_id IS NOT NULL \
         AND ($2::bytea IS NULL OR credential_id = $2) AND token_hash IS DISTINCT FROM $3",
    )
    .bind(user.as_bytes())
    .bind(one)
    .bind(keep.as_ref().map(<[u8; 32]>::as_slice))
    .execute(&mut *write)
    .await?;
    let gone = remove(&mut write, user, one).await?;
    for _ in &gone {
        audit(&mut write, event, Some(user), now).await?;
    }
    sqlx::query("DELETE FROM ceremonies WHERE user_id = $1")
        .bind(user.as_bytes())
        .execute(&mut *write)
        .await?;
    // The account goes with its last credential; its sessions follow by the foreign key.
    let account = sqlx::query(
        "DELETE FROM accounts WHERE user_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM credentials WHERE user_id = $1)",
    )
    .bind(user.as_bytes())
    .execute(&mut *write)
    .await?;
    write.commit().await?;
    Ok(Removed {
        credentials: gone,
        account: account.rows_affected() == 1,
    })
}

/// Deletes `one` credential of a user, or all of them.
pub(super) async fn remove(
    write: &mut Transaction<'static, Postgres>,
    user: UserId,
    one: Option<&[u8]>,
) -> Result<Vec<CredentialId>, StoreError> {
    let gone: Vec<Vec<u8>> = sqlx::query_scalar(
        "DELETE FROM credentials WHERE user_id = $1 AND ($2::bytea IS NULL OR credential_id = $2) \
         RETURNING credential_id",
    )
    .bind(user.as_bytes())
    .bind(one)
    .fetch_all(&mut **write)
    .await?;
    gone.iter().map(|id| rows::credential_id(id)).collect()
}

/// Waits for sign-ins with these credentials and for registrations for this account that are under way, and keeps new
/// ones away.
async fn lock(
    write: &mut Transaction<'static, Postgres>,
    user: UserId,
    one: Option<&[u8]>,
) -> Result<(), StoreError> {
    sqlx::query(
        "SELECT 1 FROM credentials WHERE user_id = $1 AND ($2::bytea IS NULL OR credential_id = $2) \
         ORDER BY credential_id FOR UPDATE",
    )
    .bind(user.as_bytes())
    .bind(one)
    .fetch_all(&mut **write)
    .await?;
    sqlx::query("SELECT 1 FROM accounts WHERE user_id = $1 FOR UPDATE")
        .bind(user.as_bytes())
        .fetch_all(&mut **write)
        .await?;
    Ok(())
}
