//! What the authentication server keeps: credential records, ceremonies, its secrets.

use async_trait::async_trait;
use sqlx::Row;

use super::SqliteStore;
use crate::authentication_server::{CredentialId, CredentialRecord, StoredCeremony, UserId};
use crate::clock::UnixMs;
use crate::encoding::sha256;
use crate::store::{CredentialStore, StoreError, rows};

#[async_trait]
impl CredentialStore for SqliteStore {
    async fn credential(&self, id: &CredentialId) -> Result<Option<CredentialRecord>, StoreError> {
        sqlx::query("SELECT * FROM credentials WHERE credential_id = ?")
            .bind(id.as_bytes())
            .fetch_optional(&self.pool)
            .await?
            .as_ref()
            .map(rows::credential)
            .transpose()
    }

    async fn credentials_of(&self, user: UserId) -> Result<Vec<CredentialRecord>, StoreError> {
        sqlx::query(
            "SELECT * FROM credentials WHERE user_id = ? ORDER BY created_ms, credential_id",
        )
        .bind(user.as_bytes())
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(rows::credential)
        .collect()
    }

    async fn put_ceremony(&self, ceremony: StoredCeremony, now: UnixMs) -> Result<(), StoreError> {
        if !self.quota.take() {
            let under_way =
                sqlx::query_scalar("SELECT count(*) FROM ceremonies WHERE expires_ms > ?")
                    .bind(now)
                    .fetch_one(&self.pool)
                    .await?;
            self.quota.counted(under_way)?;
        }
        let mut write = self.write().await?;
        // Not all of them, which may be very many: the sweep takes the rest.
        sqlx::query(
            "DELETE FROM ceremonies WHERE token_hash IN \
             (SELECT token_hash FROM ceremonies WHERE expires_ms <= ? LIMIT 100)",
        )
        .bind(now)
        .execute(&mut *write)
        .await?;
        sqlx::query(
            "INSERT INTO ceremonies (token_hash, user_id, state, expires_ms) VALUES (?, ?, ?, ?)",
        )
        .bind(ceremony.token_hash.as_slice())
        .bind(ceremony.user.as_ref().map(UserId::as_bytes))
        .bind(&ceremony.state)
        .bind(ceremony.expires_ms)
        .execute(&mut *write)
        .await?;
        write.commit().await
    }

    async fn take_ceremony(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<StoredCeremony>, StoreError> {
        let mut write = self.write().await?;
        let row = sqlx::query("DELETE FROM ceremonies WHERE token_hash = ? RETURNING *")
            .bind(token_hash.as_slice())
            .fetch_optional(&mut *write)
            .await?;
        write.commit().await?;
        row.map(|row| rows::ceremony(*token_hash, &row)).transpose()
    }

    async fn bar_registration(
        &self,
        id: &CredentialId,
        until: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM stated_unregistered WHERE until_ms <= ?")
            .bind(now)
            .execute(&mut *write)
            .await?;
        let barred = sqlx::query(
            "INSERT INTO stated_unregistered (id_hash, until_ms) \
             SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM credentials WHERE credential_id = ?) \
             ON CONFLICT (id_hash) DO UPDATE SET until_ms = excluded.until_ms",
        )
        .bind(sha256(id.as_bytes()).as_slice())
        .bind(until)
        .bind(id.as_bytes())
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(barred.rows_affected() == 1)
    }

    async fn count_failure(&self, id: &CredentialId, now: UnixMs) -> Result<u32, StoreError> {
        let mut write = self.write().await?;
        let counted: Option<i64> = sqlx::query_scalar(
            "UPDATE credentials SET failures = failures + 1, failed_ms = ? \
             WHERE credential_id = ? RETURNING failures",
        )
        .bind(now)
        .bind(id.as_bytes())
        .fetch_optional(&mut *write)
        .await?;
        write.commit().await?;
        counted.map_or(Ok(0), rows::count)
    }

    async fn failed_credentials(&self, count: u32) -> Result<Vec<CredentialRecord>, StoreError> {
        sqlx::query(
            "SELECT * FROM credentials WHERE failures >= ? \
             ORDER BY failed_ms DESC, credential_id LIMIT 1000",
        )
        .bind(i64::from(count))
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(rows::credential)
        .collect()
    }

    async fn forget_failures(&self, id: &CredentialId) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let found = sqlx::query(
            "UPDATE credentials SET failures = 0, failed_ms = 0 WHERE credential_id = ?",
        )
        .bind(id.as_bytes())
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(found.rows_affected() == 1)
    }

    async fn secret(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut write = self.write().await?;
        sqlx::query("INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)")
            .bind(name)
            .bind(fresh)
            .execute(&mut *write)
            .await?;
        let row = sqlx::query("SELECT value FROM secrets WHERE name = ?")
            .bind(name)
            .fetch_one(&mut *write)
            .await?;
        write.commit().await?;
        Ok(row.try_get("value")?)
    }
}

/// Forgets ceremonies and bars that ended by `now`.
pub(super) async fn sweep(store: &SqliteStore, now: UnixMs) -> Result<(), StoreError> {
    // In parts: others, who want to write too, wait for one part and not for all of a flood. Not in small ones: each
    // touches most pages of the index, whose keys are random.
    while sqlx::query(
        "DELETE FROM ceremonies WHERE token_hash IN \
         (SELECT token_hash FROM ceremonies WHERE expires_ms <= ? LIMIT 20000)",
    )
    .bind(now)
    .execute(&mut *store.alone().await?)
    .await?
    .rows_affected()
        > 0
    {}
    sqlx::query("DELETE FROM stated_unregistered WHERE until_ms <= ?")
        .bind(now)
        .execute(&mut *store.alone().await?)
        .await?;
    Ok(())
}
