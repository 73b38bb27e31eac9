//! What the relying party keeps: accounts, and the transactions that change them together with credentials.

use async_trait::async_trait;
use sqlx::Row;

use super::writer::Write;
use super::{SqliteStore, account_events, credentials, sessions};
use crate::authentication_server::{UserId, VerifiedAuthentication, VerifiedRegistration};
use crate::clock::UnixMs;
use crate::encoding::sha256;
use crate::random;
use crate::store::{
    Account, AccountEvent, AccountStore, AuditEvent, NewSession, Registrar, Removed, Role,
    SessionRecord, StoreError, Which, error, rows,
};

#[async_trait]
impl Registrar for SqliteStore {
    async fn register(
        &self,
        verified: VerifiedRegistration,
        name_key: &str,
        session: Option<NewSession>,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let user = verified.registrant().user;
        if !verified.registrant().existing {
            insert_account(&mut write, &verified, name_key, now).await?;
        }
        insert_credential(&mut write, &verified, now).await?;
        if let Some(session) = session {
            let user_verified = verified.state().user_verified;
            let credential = verified.credential_id();
            sessions::open(&mut write, user, credential, session, user_verified, now).await?;
        }
        audit(&mut write, AuditEvent::Registered, Some(user), now).await?;
        write.commit().await
    }

    async fn authenticate(
        &self,
        verified: VerifiedAuthentication,
        session: NewSession,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let user = verified.user();
        advance(&mut write, &verified, now).await?;
        let (credential, verified) = (verified.credential_id(), verified.after().user_verified);
        sessions::open(&mut write, user, credential, session, verified, now).await?;
        audit(&mut write, AuditEvent::Authenticated, Some(user), now).await?;
        write.commit().await
    }

    async fn deregister(
        &self,
        user: UserId,
        which: Which,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<Removed, StoreError> {
        let mut write = self.write().await?;
        let found = sqlx::query(
            "SELECT credential_id FROM credentials \
             WHERE user_id = ?1 AND (?2 IS NULL OR credential_id = ?2)",
        )
        .bind(user.as_bytes())
        .bind(which.one())
        .fetch_all(&mut *write)
        .await?;
        let mut removed = Removed::default();
        for row in &found {
            let id = rows::credential_id(row.try_get("credential_id")?)?;
            sessions::end_of_credential(&mut write, &id, keep).await?;
            sqlx::query("DELETE FROM credentials WHERE credential_id = ?")
                .bind(id.as_bytes())
                .execute(&mut *write)
                .await?;
            audit(&mut write, event, Some(user), now).await?;
            removed.credentials.push(id);
        }
        sqlx::query("DELETE FROM ceremonies WHERE user_id = ?")
            .bind(user.as_bytes())
            .execute(&mut *write)
            .await?;
        // The account goes with its last credential; its sessions follow by the foreign key.
        let gone = sqlx::query(
            "DELETE FROM accounts WHERE user_id = ?1 \
             AND NOT EXISTS (SELECT 1 FROM credentials WHERE user_id = ?1)",
        )
        .bind(user.as_bytes())
        .execute(&mut *write)
        .await?;
        removed.account = gone.rows_affected() == 1;
        write.commit().await?;
        self.forget_log_soon().await;
        Ok(removed)
    }
}

#[async_trait]
impl AccountStore for SqliteStore {
    async fn account_by_name(&self, name_key: &str) -> Result<Option<Account>, StoreError> {
        sqlx::query("SELECT * FROM accounts WHERE name_key = ?")
            .bind(name_key)
            .fetch_optional(&self.pool)
            .await?
            .as_ref()
            .map(rows::account)
            .transpose()
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        sqlx::query("SELECT * FROM accounts WHERE user_id = ?")
            .bind(user.as_bytes())
            .fetch_optional(&self.pool)
            .await?
            .as_ref()
            .map(rows::account)
            .transpose()
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        sqlx::query("SELECT * FROM accounts ORDER BY name_key")
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(rows::account)
            .collect()
    }

    async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        sessions::find(&self.pool, token_hash).await
    }

    async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
        sessions::of_user(&self.pool, user).await
    }

    async fn end_other_sessions(&self, user: UserId, keep: &[u8; 32]) -> Result<u64, StoreError> {
        sessions::end_others(self, user, keep).await
    }

    async fn touch_session(&self, token_hash: &[u8; 32], now: UnixMs) -> Result<(), StoreError> {
        sessions::touch(self, token_hash, now).await
    }

    async fn end_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        sessions::end(self, token_hash).await
    }

    async fn audit(&self, event: AuditEvent, now: UnixMs) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        audit(&mut write, event, None, now).await?;
        write.commit().await
    }

    async fn sweep(
        &self,
        now: UnixMs,
        idle: UnixMs,
        absolute: UnixMs,
        audit: UnixMs,
    ) -> Result<(), StoreError> {
        if self.role == Role::Both {
            credentials::sweep(self, now).await?;
        }
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM sessions WHERE seen_ms <= ? OR created_ms <= ?")
            .bind(idle)
            .bind(absolute)
            .execute(&mut *write)
            .await?;
        sqlx::query("DELETE FROM audit WHERE at_ms <= ?")
            .bind(audit)
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        self.forget_log().await
    }

    async fn keep_account_events(&self) -> Result<(), StoreError> {
        account_events::keep(self).await
    }

    async fn next_account_event(
        &self,
        now: UnixMs,
        again: UnixMs,
    ) -> Result<Option<AccountEvent>, StoreError> {
        account_events::next(self, now, again).await
    }

    async fn account_event_told(&self, number: i64) -> Result<(), StoreError> {
        account_events::told(self, number).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }
}

pub(super) async fn insert_account(
    write: &mut Write,
    verified: &VerifiedRegistration,
    name_key: &str,
    now: UnixMs,
) -> Result<(), StoreError> {
    let registrant = verified.registrant();
    let number = random::bytes::<8>().map_err(|e| StoreError::Database(e.to_string()))?;
    let inserted = sqlx::query(
        "INSERT INTO accounts (user_id, name, name_key, display_name, account_no, created_ms) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(registrant.user.as_bytes())
    .bind(&registrant.name)
    .bind(name_key)
    .bind(&registrant.display_name)
    .bind(i64::from_le_bytes(number))
    .bind(now)
    .execute(&mut **write)
    .await;
    error::unique(inserted, StoreError::NameTaken)
}

pub(super) async fn insert_credential(
    write: &mut Write,
    verified: &VerifiedRegistration,
    now: UnixMs,
) -> Result<(), StoreError> {
    let barred: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM stated_unregistered WHERE id_hash = ? AND until_ms > ?)",
    )
    .bind(sha256(verified.credential_id().as_bytes()).as_slice())
    .bind(now)
    .fetch_one(&mut **write)
    .await?;
    if barred {
        return Err(StoreError::Conflict);
    }
    let inserted = sqlx::query(
        "INSERT INTO credentials (credential_id, user_id, public_key, algorithm, sign_count, \
         uv_initialized, backup_eligible, backup_state, transports, aaguid, device, created_ms, \
         presentation_attack_detection, uvm, user_verified, attestation) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(verified.credential_id().as_bytes())
    .bind(verified.registrant().user.as_bytes())
    .bind(&verified.public_key().cose)
    .bind(verified.public_key().algorithm)
    .bind(verified.state().sign_count)
    .bind(verified.state().uv_initialized)
    .bind(verified.backup_eligible())
    .bind(verified.state().backup_state)
    .bind(verified.transports().join(","))
    .bind(verified.aaguid().as_bytes().as_slice())
    .bind(&verified.registrant().device)
    .bind(now)
    .bind(rows::layers_text(verified.presentation_attack_detection()))
    .bind(rows::methods_text(verified.user_verification_methods()))
    .bind(verified.state().user_verified)
    .bind(verified.attestation().as_str())
    .execute(&mut **write)
    .await;
    error::unique(inserted, StoreError::Conflict)
}

pub(super) async fn advance(
    write: &mut Write,
    verified: &VerifiedAuthentication,
    now: UnixMs,
) -> Result<(), StoreError> {
    // Compare and swap: the counter that was verified against must still be the stored one.
    let changed = sqlx::query(
        "UPDATE credentials SET sign_count = ?, uv_initialized = ?, backup_state = ?, \
         used_ms = ?, presentation_attack_detection = ?, uvm = ?, user_verified = ?, \
         failures = 0, failed_ms = 0 \
         WHERE credential_id = ? AND user_id = ? AND public_key = ? AND sign_count = ? \
         AND failures = ?",
    )
    .bind(verified.after().sign_count)
    .bind(verified.after().uv_initialized)
    .bind(verified.after().backup_state)
    .bind(now)
    .bind(rows::layers_text(verified.presentation_attack_detection()))
    .bind(rows::methods_text(verified.user_verification_methods()))
    .bind(verified.after().user_verified)
    .bind(verified.credential_id().as_bytes())
    .bind(verified.user().as_bytes().to_vec())
    .bind(&verified.public_key().cose)
    .bind(verified.before().sign_count)
    .bind(verified.before().failures.count)
    .execute(&mut **write)
    .await?;
    if changed.rows_affected() != 1 {
        return Err(StoreError::Conflict);
    }
    Ok(())
}

pub(super) async fn audit(
    write: &mut Write,
    event: AuditEvent,
    user: Option<UserId>,
    now: UnixMs,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (at_ms, event, account_no) \
         VALUES (?, ?, (SELECT account_no FROM accounts WHERE user_id = ?))",
    )
    .bind(now)
    .bind(event.as_str())
    .bind(user.as_ref().map(UserId::as_bytes))
    .execute(&mut **write)
    .await?;
    Ok(())
}
