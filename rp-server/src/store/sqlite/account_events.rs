//! Accounts made or deleted that the application around us has not been told of. Triggers write the rows.

use super::SqliteStore;
use crate::clock::UnixMs;
use crate::store::{AccountEvent, StoreError, rows};

/// From now on events are kept; the accounts that exist already are the first ones.
pub(super) async fn keep(store: &SqliteStore) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    let first =
        sqlx::query("INSERT INTO account_listeners (listener) VALUES (1) ON CONFLICT DO NOTHING")
            .execute(&mut *write)
            .await?;
    if first.rows_affected() == 1 {
        sqlx::query(
            "INSERT INTO account_events (user_id, event) \
             SELECT user_id, 'registered' FROM accounts ORDER BY created_ms, user_id",
        )
        .execute(&mut *write)
        .await?;
    }
    write.commit().await
}

/// Takes the oldest event that is due and whose account has no older one. A time further off than any that is set
/// now is from before the clock was set back, and due.
pub(super) async fn next(
    store: &SqliteStore,
    now: UnixMs,
    again: UnixMs,
) -> Result<Option<AccountEvent>, StoreError> {
    let mut write = store.write().await?;
    let event = sqlx::query(
        "UPDATE account_events SET not_before_ms = ?2 WHERE number = ( \
           SELECT min(number) FROM account_events AS event \
           WHERE (not_before_ms <= ?1 OR not_before_ms > ?2) AND NOT EXISTS ( \
             SELECT 1 FROM account_events AS older \
             WHERE older.user_id = event.user_id AND older.number < event.number)) \
         RETURNING number, user_id, event",
    )
    .bind(now)
    .bind(again)
    .fetch_optional(&mut *write)
    .await?;
    write.commit().await?;
    event.as_ref().map(rows::account_event).transpose()
}

pub(super) async fn told(store: &SqliteStore, number: i64) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    sqlx::query("DELETE FROM account_events WHERE number = ?")
        .bind(number)
        .execute(&mut *write)
        .await?;
    write.commit().await
}
