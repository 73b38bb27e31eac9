//! What the authentication server keeps: credential records, ceremonies, its secrets.

use async_trait::async_trait;

use super::PostgresStore;
use crate::authentication_server::{CredentialId, CredentialRecord, StoredCeremony, UserId};
use crate::clock::UnixMs;
use crate::encoding::sha256;
use crate::store::{CredentialStore, StoreError, rows};

#[async_trait]
impl CredentialStore for PostgresStore {
    async fn credential(&self, id: &CredentialId) -> Result<Option<CredentialRecord>, StoreError> {
        sqlx::query("SELECT * FROM credentials WHERE credential_id = $1")
            .bind(id.as_bytes())
            .fetch_optional(&self.pool)
            .await?
            .as_ref()
            .map(rows::credential)
            .transpose()
    }

    async fn credentials_of(&self, user: UserId) -> Result<Vec<CredentialRecord>, StoreError> {
        sqlx::query(
            "SELECT * FROM credentials WHERE user_id = $1 ORDER BY created_ms, credential_id",
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
                sqlx::query_scalar("SELECT count(*) FROM ceremonies WHERE expires_ms > $1")
                    .bind(now)
                    .fetch_one(&self.pool)
                    .await?;
            self.quota.counted(under_way)?;
        }
        // Of several processes that find the same ended ceremonies, one deletes each, and none waits. Not all of them,
        // which may be very many: the sweep takes the rest.
        sqlx::query(
            "WITH ended AS (DELETE FROM ceremonies WHERE token_hash IN \
             (SELECT token_hash FROM ceremonies WHERE expires_ms <= $5 LIMIT 100 \
             FOR UPDATE SKIP LOCKED)) \
             INSERT INTO ceremonies (token_hash, user_id, state, expires_ms) VALUES ($1, $2, $3, $4)",
        )
        .bind(ceremony.token_hash.as_slice())
        .bind(ceremony.user.as_ref().map(UserId::as_bytes))
        .bind(&ceremony.state)
        .bind(ceremony.expires_ms)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn take_ceremony(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<StoredCeremony>, StoreError> {
        let row = sqlx::query("DELETE FROM ceremonies WHERE token_hash = $1 RETURNING *")
            .bind(token_hash.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| rows::ceremony(*token_hash, &row)).transpose()
    }

    async fn bar_registration(
        &self,
        id: &CredentialId,
        until: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        // The row first, then the look-up in a statement of its own: a registration that held the row is seen.
        sqlx::query(
            "INSERT INTO stated_unregistered (id_hash, until_ms) VALUES ($1, $2) \
             ON CONFLICT (id_hash) DO UPDATE SET until_ms = excluded.until_ms",
        )
        .bind(sha256(id.as_bytes()).as_slice())
        .bind(until)
        .execute(&mut *write)
        .await?;
        let registered: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM credentials WHERE credential_id = $1)",
        )
        .bind(id.as_bytes())
        .fetch_one(&mut *write)
        .await?;
        if registered {
            return Ok(false);
        }
        sqlx::query(
            "DELETE FROM stated_unregistered WHERE id_hash IN (SELECT id_hash FROM stated_unregistered \
             WHERE until_ms <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED)",
        )
        .bind(now)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(true)
    }

    async fn count_failure(&self, id: &CredentialId, now: UnixMs) -> Result<u32, StoreError> {
        let counted: Option<i64> = sqlx::query_scalar(
            "UPDATE credentials SET failures = failures + 1, failed_ms = $1 \
             WHERE credential_id = $2 RETURNING failures",
        )
        .bind(now)
        .bind(id.as_bytes())
        .fetch_optional(&self.pool)
        .await?;
        counted.map_or(Ok(0), rows::count)
    }

    async fn failed_credentials(&self, count: u32) -> Result<Vec<CredentialRecord>, StoreError> {
        sqlx::query(
            "SELECT * FROM credentials WHERE failures >= $1 \
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
        let found = sqlx::query(
            "UPDATE credentials SET failures = 0, failed_ms = 0 WHERE credential_id = $1",
        )
        .bind(id.as_bytes())
        .execute(&self.pool)
        .await?;
        Ok(found.rows_affected() == 1)
    }

    async fn secret(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        sqlx::query("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(fresh)
            .execute(&self.pool)
            .await?;
        Ok(
            sqlx::query_scalar("SELECT value FROM secrets WHERE name = $1")
                .bind(name)
                .fetch_one(&self.pool)
                .await?,
        )
    }
}
