//! What the relying party keeps: accounts, and the transactions that change them together with credentials.

use async_trait::async_trait;
use sqlx::{Postgres, Transaction};

use super::{PostgresStore, account_events, deregistration, sessions};
use crate::authentication_server::{UserId, VerifiedAuthentication, VerifiedRegistration};
use crate::clock::UnixMs;
use crate::encoding::sha256;
use crate::random;
use crate::store::{
    Account, AccountEvent, AccountStore, AuditEvent, NewSession, Registrar, Removed, Role,
    SessionRecord, StoreError, Which, error, rows,
};

#[async_trait]
impl Registrar for PostgresStore {
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
        Ok(write.commit().await?)
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
        Ok(write.commit().await?)
    }

    async fn deregister(
        &self,
        user: UserId,
        which: Which,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<Removed, StoreError> {
        deregistration::deregister(self, user, which, keep, event, now).await
    }
}

#[async_trait]
impl AccountStore for PostgresStore {
    async fn account_by_name(&self, name_key: &str) -> Result<Option<Account>, StoreError> {
        sqlx::query("SELECT * FROM accounts WHERE name_key = $1")
            .bind(name_key)
            .fetch_optional(&self.pool)
            .await?
            .as_ref()
            .map(rows::account)
            .transpose()
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        sqlx::query("SELECT * FROM accounts WHERE user_id = $1")
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
        sessions::end_others(&self.pool, user, keep).await
    }

    async fn touch_session(&self, token_hash: &[u8; 32], now: UnixMs) -> Result<(), StoreError> {
        sessions::touch(&self.pool, token_hash, now).await
    }

    async fn end_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        sessions::end(&self.pool, token_hash).await
    }

    async fn audit(&self, event: AuditEvent, now: UnixMs) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        audit(&mut write, event, None, now).await?;
        Ok(write.commit().await?)
    }

    async fn sweep(
        &self,
        now: UnixMs,
        idle: UnixMs,
        absolute: UnixMs,
        audit: UnixMs,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        if self.role == Role::Both {
            sweep_ceremonies(&mut write, now).await?;
        }
        sqlx::query(
            "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions \
             WHERE seen_ms <= $1 OR created_ms <= $2 FOR UPDATE SKIP LOCKED)",
        )
        .bind(idle)
        .bind(absolute)
        .execute(&mut *write)
        .await?;
        sqlx::query("DELETE FROM audit WHERE at_ms <= $1")
            .bind(audit)
            .execute(&mut *write)
            .await?;
        Ok(write.commit().await?)
    }

    /// Also whether it still keeps what it is told: the settings can be changed while it runs.
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
        let mut connection = self.pool.acquire().await?;
        super::durable(&mut connection).await
    }
}

pub(super) async fn insert_account(
    write: &mut Transaction<'static, Postgres>,
    verified: &VerifiedRegistration,
    name_key: &str,
    now: UnixMs,
) -> Result<(), StoreError> {
    let registrant = verified.registrant();
    let number = random::bytes::<8>().map_err(|e| StoreError::Database(e.to_string()))?;
    let inserted = sqlx::query(
        "INSERT INTO accounts (user_id, name, name_key, display_name, account_no, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6)",
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
    write: &mut Transaction<'static, Postgres>,
    verified: &VerifiedRegistration,
    now: UnixMs,
) -> Result<(), StoreError> {
    let id_hash = sha256(verified.credential_id().as_bytes());
    // Takes the row that a statement about this credential ID takes, and learns of one that was made.
    let barred_until: UnixMs = sqlx::query_scalar(
        "INSERT INTO stated_unregistered (id_hash, until_ms) VALUES ($1, 0) \
         ON CONFLICT (id_hash) DO UPDATE SET until_ms = stated_unregistered.until_ms \
         RETURNING until_ms",
    )
    .bind(id_hash.as_slice())
    .fetch_one(&mut **write)
    .await?;
    if barred_until > now {
        return Err(StoreError::Conflict);
    }
    let inserted = sqlx::query(
        "INSERT INTO credentials (credential_id, user_id, public_key, algorithm, sign_count, \
         uv_initialized, backup_eligible, backup_state, transports, aaguid, device, created_ms, \
         presentation_attack_detection, uvm, user_verified, attestation) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(verified.credential_id().as_bytes())
    .bind(verified.registrant().user.as_bytes())
    .bind(&verified.public_key().cose)
    .bind(verified.public_key().algorithm)
    .bind(i64::from(verified.state().sign_count))
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
    error::unique(inserted, StoreError::Conflict)?;
    sqlx::query("DELETE FROM stated_unregistered WHERE id_hash = $1")
        .bind(id_hash.as_slice())
        .execute(&mut **write)
        .await?;
    Ok(())
}

pub(super) async fn advance(
    write: &mut Transaction<'static, Postgres>,
    verified: &VerifiedAuthentication,
    now: UnixMs,
) -> Result<(), StoreError> {
    // Compare and swap: the counter that was verified against must still be the stored one. A second one waits
    // here for the first, and then finds its counter.
    let changed = sqlx::query(
        "UPDATE credentials SET sign_count = $1, uv_initialized = $2, backup_state = $3, \
         used_ms = $4, presentation_attack_detection = $5, uvm = $6, user_verified = $7, \
         failures = 0, failed_ms = 0 \
         WHERE credential_id = $8 AND user_id = $9 AND public_key = $10 AND sign_count = $11 \
         AND failures = $12",
    )
    .bind(i64::from(verified.after().sign_count))
    .bind(verified.after().uv_initialized)
    .bind(verified.after().backup_state)
    .bind(now)
    .bind(rows::layers_text(verified.presentation_attack_detection()))
    .bind(rows::methods_text(verified.user_verification_methods()))
    .bind(verified.after().user_verified)
    .bind(verified.credential_id().as_bytes())
    .bind(verified.user().as_bytes().to_vec())
    .bind(&verified.public_key().cose)
    .bind(i64::from(verified.before().sign_count))
    .bind(i64::from(verified.before().failures.count))
    .execute(&mut **write)
    .await?;
    if changed.rows_affected() != 1 {
        return Err(StoreError::Conflict);
    }
    Ok(())
}

/// Forgets ceremonies and bars that ended by `now`.
pub(super) async fn sweep_ceremonies(
    write: &mut Transaction<'static, Postgres>,
    now: UnixMs,
) -> Result<(), StoreError> {
    // Rows that someone holds are left to the next sweep: nobody waits for it, and it waits for nobody.
    sqlx::query(
        "DELETE FROM ceremonies WHERE token_hash IN \
         (SELECT token_hash FROM ceremonies WHERE expires_ms <= $1 FOR UPDATE SKIP LOCKED)",
    )
    .bind(now)
    .execute(&mut **write)
    .await?;
    sqlx::query(
        "DELETE FROM stated_unregistered WHERE id_hash IN \
         (SELECT id_hash FROM stated_unregistered WHERE until_ms <= $1 FOR UPDATE SKIP LOCKED)",
    )
    .bind(now)
    .execute(&mut **write)
    .await?;
    Ok(())
}

pub(super) async fn audit(
    write: &mut Transaction<'static, Postgres>,
    event: AuditEvent,
    user: Option<UserId>,
    now: UnixMs,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (at_ms, event, account_no) \
         VALUES ($1, $2, (SELECT account_no FROM accounts WHERE user_id = $3))",
    )
    .bind(now)
    .bind(event.as_str())
    .bind(user.as_ref().map(UserId::as_bytes))
    .execute(&mut **write)
    .await?;
    Ok(())
}
