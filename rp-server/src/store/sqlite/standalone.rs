//! What the authentication server writes in a database of its own.

use async_trait::async_trait;

use super::{SqliteStore, accounts, credentials};
use crate::authentication_server::{
    StoredCeremony, UserId, VerifiedAuthentication, VerifiedRegistration,
};
use crate::clock::UnixMs;
use crate::store::{AccountStore, RemovedCredentials, StandaloneStore, StoreError, Which, rows};

#[async_trait]
impl StandaloneStore for SqliteStore {
    async fn ceremony(&self, token_hash: &[u8; 32]) -> Result<Option<StoredCeremony>, StoreError> {
        sqlx::query("SELECT * FROM ceremonies WHERE token_hash = ?")
            .bind(token_hash.as_slice())
            .fetch_optional(&self.pool)
            .await?
            .as_ref()
            .map(|row| rows::ceremony(*token_hash, row))
            .transpose()
    }

    async fn insert_credential(
        &self,
        verified: &VerifiedRegistration,
        receipt: &[u8; 32],
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let taken = sqlx::query("DELETE FROM ceremonies WHERE token_hash = ?")
            .bind(receipt.as_slice())
            .execute(&mut *write)
            .await?;
        if taken.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        accounts::insert_credential(&mut write, verified, now).await?;
        write.commit().await
    }

    async fn advance(
        &self,
        verified: &VerifiedAuthentication,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        accounts::advance(&mut write, verified, now).await?;
        write.commit().await
    }

    async fn remove(&self, user: UserId, which: &Which) -> Result<RemovedCredentials, StoreError> {
        let one = which.one();
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM ceremonies WHERE user_id = ?")
            .bind(user.as_bytes())
            .execute(&mut *write)
            .await?;
        let gone: Vec<Vec<u8>> = sqlx::query_scalar(
            "DELETE FROM credentials WHERE user_id = ?1 AND (?2 IS NULL OR credential_id = ?2) \
             RETURNING credential_id",
        )
        .bind(user.as_bytes())
        .bind(one)
        .fetch_all(&mut *write)
        .await?;
        let left: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM credentials WHERE user_id = ?)")
                .bind(user.as_bytes())
                .fetch_one(&mut *write)
                .await?;
        write.commit().await?;
        self.forget_log_soon().await;
        let credentials = gone.iter().map(|id| rows::credential_id(id));
        Ok(RemovedCredentials {
            credentials: credentials.collect::<Result<_, _>>()?,
            none_left: !left,
        })
    }

    async fn admit_message(
        &self,
        id: &[u8; 16],
        until: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM messages WHERE until_ms < ?")
            .bind(now)
            .execute(&mut *write)
            .await?;
        let kept = sqlx::query("INSERT OR IGNORE INTO messages (id, until_ms) VALUES (?, ?)")
            .bind(id.as_slice())
            .bind(until)
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(kept.rows_affected() == 1)
    }

    async fn sweep_ceremonies(&self, now: UnixMs) -> Result<(), StoreError> {
        credentials::sweep(self, now).await?;
        self.forget_log().await
    }

    async fn available(&self) -> Result<(), StoreError> {
        self.ready().await
    }
}
