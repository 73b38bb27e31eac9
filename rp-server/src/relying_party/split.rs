//! Registration, authentication and deregistration over two databases: accounts and sessions here, credentials at an
//! authentication server of its own.
//!
//! The authentication server's write decides; no write here counts before it, and what is written here before it is
//! also written down as unfinished, so that it can be finished or undone whenever a process died in between:
//!
//! - *Registration of a new account.* The authentication server has verified the response and keeps it for a short
//!   while, under a receipt. Here account, session and unfinished work are written; then the authentication server is
//!   asked to confirm, which writes the credential; then the work is struck off. Confirming twice is as good as once.
//!   When it says that there is no such credential and never will be, the account goes again. A receipt that nobody
//!   confirms is forgotten. Who adds a credential to an account has nothing to write here.
//! - *Authentication.* The authentication server advances the counter when it verifies. The session is written after
//!   that, and then it is asked once more whether the credential lives: a deregistration ends sessions after it
//!   removed the credential, so one of the two notices the other. Nobody has the token of a session before that.
//! - *Deregistration.* Written down here, then done at the authentication server, where the credential is dead at
//!   once, then sessions and account go here. What was asked for is carried out, also when the answer was an error.

use std::sync::Arc;

use async_trait::async_trait;

use crate::authentication_server::{
    CredentialId, CredentialKeeper, Refusal, UserId, VerifiedAuthentication, VerifiedRegistration,
};
use crate::clock::UnixMs;
use crate::store::{
    AuditEvent, NewSession, Registrar, Removed, SplitAccountStore, StoreError, Unfinished, Which,
    Work,
};

/// Work younger than this may still be in the hands of the call that began it: longer than any call to the
/// authentication server may take.
const SETTLED_AFTER_MS: i64 = 30_000;

/// Keeps the two halves together.
pub(super) struct SplitRegistrar {
    accounts: Arc<dyn SplitAccountStore>,
    keeper: Arc<dyn CredentialKeeper>,
}

impl SplitRegistrar {
    /// Over a store of accounts and a keeper of credentials.
    pub(super) fn new(
        accounts: Arc<dyn SplitAccountStore>,
        keeper: Arc<dyn CredentialKeeper>,
    ) -> Self {
        Self { accounts, keeper }
    }

    async fn is_registered(
        &self,
        credential: &CredentialId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let owner = self.keeper.owner(credential).await.map_err(failed)?;
        Ok(owner == Some(user))
    }

    /// The half of a deregistration that comes after it was written down.
    async fn carry_out(
        &self,
        work: &Unfinished,
        which: &Which,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
        resumed: bool,
        now: UnixMs,
    ) -> Result<Removed, StoreError> {
        let user = work.user;
        let mut removed = self.keeper.deregister(user, which).await.map_err(failed)?;
        if let Which::One(id) = which
            && resumed
            && removed.credentials.is_empty()
            && self.keeper.owner(id).await.map_err(failed)?.is_none()
        {
            // It went before the call broke off; its sessions may still be there.
            removed.credentials.push(id.clone());
        }
        let account = self
            .accounts
            .end_access(user, &removed, keep, event, now)
            .await?;
        if account {
            // A credential that was added while the account went would have no owner.
            self.keeper
                .deregister(user, &Which::All)
                .await
                .map_err(failed)?;
        }
        self.accounts.strike_off(work.number).await?;
        Ok(Removed {
            credentials: removed.credentials,
            account,
        })
    }

    async fn resume_one(&self, work: &Unfinished, now: UnixMs) -> Result<(), StoreError> {
        match &work.work {
            Work::Registration {
                credential,
                receipt,
            } => {
                let confirmed = self
                    .keeper
                    .confirm_registration(work.user, credential, receipt);
                // It may have been confirmed, replaced by another one and deregistered since.
                let lives = confirmed.await.map_err(failed)?
                    || !self
                        .keeper
                        .credentials(work.user)
                        .await
                        .map_err(failed)?
                        .is_empty();
                if lives {
                    let number = Some(work.number);
                    self.accounts
                        .registration_done(number, work.user, None, now)
                        .await
                } else {
                    self.accounts
                        .registration_undone(work.number, work.user)
                        .await
                }
            }
            Work::Deregistration { which, event } => {
                let done = self.carry_out(work, which, None, *event, true, now).await;
                done.map(|_| ())
            }
        }
    }
}

#[async_trait]
impl Registrar for SplitRegistrar {
    async fn register(
        &self,
        verified: VerifiedRegistration,
        name_key: &str,
        session: Option<NewSession>,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let user = verified.registrant().user;
        let credential = verified.credential_id();
        let receipt = verified
            .receipt()
            .ok_or(StoreError::Corrupt("registration without a receipt"))?;
        let replaced = session.and_then(|session| session.replaces);
        let number = if verified.registrant().existing {
            None
        } else {
            let session = session.map(NewSession::beside);
            let prepared = self
                .accounts
                .prepare_registration(&verified, receipt, name_key, session, now);
            Some(prepared.await?)
        };
        let confirmed = self.keeper.confirm_registration(user, credential, receipt);
        if confirmed.await.map_err(failed)? {
            return self
                .accounts
                .registration_done(number, user, replaced, now)
                .await;
        }
        if let Some(number) = number {
            self.accounts.registration_undone(number, user).await?;
        }
        Err(StoreError::Conflict)
    }

    async fn authenticate(
        &self,
        verified: VerifiedAuthentication,
        session: NewSession,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.accounts
            .open_session(&verified, session.beside(), now)
            .await?;
        let lives = self
            .is_registered(verified.credential_id(), verified.user())
            .await;
        if !matches!(lives, Ok(true)) {
            self.accounts.end_session(&session.token_hash).await?;
            lives?;
            return Err(StoreError::Conflict);
        }
        match session.replaces {
            Some(replaced) => self.accounts.end_session(&replaced).await,
            None => Ok(()),
        }
    }

    async fn deregister(
        &self,
        user: UserId,
        which: Which,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<Removed, StoreError> {
        let number = self
            .accounts
            .prepare_deregistration(user, &which, event, now)
            .await?;
        let work = Unfinished {
            number,
            user,
            work: Work::Deregistration {
                which: which.clone(),
                event,
            },
        };
        self.carry_out(&work, &which, keep, event, false, now).await
    }

    async fn resume(&self, now: UnixMs) -> Result<(), StoreError> {
        let before = now.saturating_sub(SETTLED_AFTER_MS);
        let mut failed = Ok(());
        for work in self.accounts.unfinished(before).await? {
            match self.resume_one(&work, now).await {
                Ok(()) => tracing::info!("what had stopped half way was finished or undone"),
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                // One piece that cannot be finished does not keep the others.
                Err(error) => failed = Err(error),
            }
        }
        failed
    }
}

/// The authentication server's refusal of its half, as a failure to write.
fn failed(refusal: Refusal) -> StoreError {
    match refusal {
        Refusal::Store(error) => error,
        other => StoreError::Database(format!("authentication server: {other}")),
    }
}
