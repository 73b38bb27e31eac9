//! What the relying party writes in a database of its own, and the work that is unfinished there.

use async_trait::async_trait;

use super::{SqliteStore, accounts, sessions};
use crate::authentication_server::{UserId, VerifiedAuthentication, VerifiedRegistration};
use crate::clock::UnixMs;
use crate::store::{
    AuditEvent, NewSession, RemovedCredentials, SplitAccountStore, StoreError, Unfinished, Which,
    rows,
};

#[async_trait]
impl SplitAccountStore for SqliteStore {
    async fn prepare_registration(
        &self,
        verified: &VerifiedRegistration,
        receipt: &str,
        name_key: &str,
        session: Option<NewSession>,
        now: UnixMs,
    ) -> Result<i64, StoreError> {
        let user = verified.registrant().user;
        let credential = verified.credential_id();
        let mut write = self.write().await?;
        accounts::insert_account(&mut write, verified, name_key, now).await?;
        if let Some(session) = session {
            let user_verified = verified.state().user_verified;
            sessions::open(&mut write, user, credential, session, user_verified, now).await?;
        }
        let number = sqlx::query_scalar(
            "INSERT INTO unfinished (user_id, credential_id, receipt, since_ms) \
             VALUES (?, ?, ?, ?) RETURNING number",
        )
        .bind(user.as_bytes())
        .bind(credential.as_bytes())
        .bind(receipt)
        .bind(now)
        .fetch_one(&mut *write)
        .await?;
        write.commit().await?;
        Ok(number)
    }

    async fn registration_done(
        &self,
        number: Option<i64>,
        user: UserId,
        replaced: Option<[u8; 32]>,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM unfinished WHERE number = ?")
            .bind(number)
            .execute(&mut *write)
            .await?;
        if let Some(replaced) = replaced {
            sqlx::query("DELETE FROM sessions WHERE token_hash = ?")
                .bind(replaced.as_slice())
                .execute(&mut *write)
                .await?;
        }
        accounts::audit(&mut write, AuditEvent::Registered, Some(user), now).await?;
        write.commit().await
    }

    async fn registration_undone(&self, number: i64, user: UserId) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let open = sqlx::query("SELECT 1 FROM unfinished WHERE number = ?")
            .bind(number)
            .fetch_optional(&mut *write)
            .await?;
        if open.is_some() {
            // The account first: who is told of accounts has not been told of one whose registration is open.
            sqlx::query("DELETE FROM accounts WHERE user_id = ?")
                .bind(user.as_bytes())
                .execute(&mut *write)
                .await?;
            sqlx::query("DELETE FROM unfinished WHERE number = ?")
                .bind(number)
                .execute(&mut *write)
                .await?;
        }
        write.commit().await
    }

    async fn open_session(
        &self,
        verified: &VerifiedAuthentication,
        session: NewSession,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let (user, credential) = (verified.user(), verified.credential_id());
        let mut write = self.write().await?;
        let account: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM accounts WHERE user_id = ?)")
                .bind(user.as_bytes())
                .fetch_one(&mut *write)
                .await?;
        if !account {
            return Err(StoreError::Conflict);
        }
        let user_verified = verified.after().user_verified;
        sessions::open(&mut write, user, credential, session, user_verified, now).await?;
        accounts::audit(&mut write, AuditEvent::Authenticated, Some(user), now).await?;
        write.commit().await
    }

    async fn prepare_deregistration(
        &self,
        user: UserId,
        which: &Which,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<i64, StoreError> {
        let one = which.one();
        let mut write = self.write().await?;
        let number = sqlx::query_scalar(
            "INSERT INTO unfinished (user_id, credential_id, event, since_ms) \
             VALUES (?, ?, ?, ?) RETURNING number",
        )
        .bind(user.as_bytes())
        .bind(one)
        .bind(event.as_str())
        .bind(now)
        .fetch_one(&mut *write)
        .await?;
        write.commit().await?;
        Ok(number)
    }

    async fn end_access(
        &self,
        user: UserId,
        removed: &RemovedCredentials,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        for id in &removed.credentials {
            sessions::end_of_credential(&mut write, id, keep).await?;
            // The session that is kept was opened by no credential that there is.
            sqlx::query("UPDATE sessions SET credential_id = NULL WHERE credential_id = ?")
                .bind(id.as_bytes())
                .execute(&mut *write)
                .await?;
            accounts::audit(&mut write, event, Some(user), now).await?;
        }
        let mut gone = false;
        if removed.none_left {
            // Its sessions follow by the foreign key.
            let account = sqlx::query("DELETE FROM accounts WHERE user_id = ?")
                .bind(user.as_bytes())
                .execute(&mut *write)
                .await?;
            gone = account.rows_affected() == 1;
        }
        write.commit().await?;
        self.forget_log_soon().await;
        Ok(gone)
    }

    async fn strike_off(&self, number: i64) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM unfinished WHERE number = ?")
            .bind(number)
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    async fn unfinished(&self, before: UnixMs) -> Result<Vec<Unfinished>, StoreError> {
        sqlx::query("SELECT * FROM unfinished WHERE since_ms <= ? ORDER BY number")
            .bind(before)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(rows::unfinished)
            .collect()
    }
}
