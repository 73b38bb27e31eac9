//! Accounts made or deleted that the application around us has not been told of. Triggers write the rows.

use super::PostgresStore;
use crate::clock::UnixMs;
use crate::store::{AccountEvent, StoreError, rows};

/// From now on events are kept; the accounts that exist already are the first ones.
pub(super) async fn keep(store: &PostgresStore) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    let first =
        sqlx::query("INSERT INTO account_listeners (listener) VALUES (1) ON CONFLICT DO NOTHING")
            .execute(&mut *write)
            .await?;
    if first.rows_affected() == 1 {
        // Waits for whoever writes accounts and does not see the listener yet; the next ones will.
        sqlx::query("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut *write)
            .await?;
        sqlx::query(
            "INSERT INTO account_events (user_id, event) \
             SELECT user_id, 'registered' FROM accounts ORDER BY created_ms, user_id",
        )
        .execute(&mut *write)
        .await?;
    }
    Ok(write.commit().await?)
}

/// Takes the oldest event that is due and whose account has no older one. A time further off than any that is set
/// now is from before the clock was set back, and due. The condition stands twice: who waited for the row must look
/// again.
pub(super) async fn next(
    store: &PostgresStore,
    now: UnixMs,
    again: UnixMs,
) -> Result<Option<AccountEvent>, StoreError> {
    sqlx::query(
        "UPDATE account_events SET not_before_ms = $2 WHERE number = ( \
           SELECT min(number) FROM account_events AS event \
           WHERE (not_before_ms <= $1 OR not_before_ms > $2) AND NOT EXISTS ( \
             SELECT 1 FROM account_events AS older \
             WHERE older.user_id = event.user_id AND older.number < event.number)) \
           AND (not_before_ms <= $1 OR not_before_ms > $2) \
         RETURNING number, user_id, event",
    )
    .bind(now)
    .bind(again)
    .fetch_optional(&store.pool)
    .await?
    .as_ref()
    .map(rows::account_event)
    .transpose()
}

pub(super) async fn told(store: &PostgresStore, number: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM account_events WHERE number = $1")
        .bind(number)
        .execute(&store.pool)
        .await?;
    Ok(())
}
