//! Deregistration (ISO/IEC 27553-1 A.3.4): by the user, and by the operator without the user.

use super::{AccountName, Denied, RelyingParty, SessionToken};
use crate::authentication_server::{CredentialId, Refusal, UserId};
use crate::store::{AuditEvent, Which};

/// One credential that is not registered any more.
#[derive(Clone, Debug)]
pub struct Deregistered {
    /// The credential.
    pub credential: CredentialId,
    /// The authentication server's statement to the agent (step d).
    pub statement: String,
}

/// What a deregistration did.
#[derive(Clone, Debug)]
pub struct Deregistration {
    /// Every credential that the call asked about.
    pub deregistered: Vec<Deregistered>,
    /// Whether the account is gone.
    pub account_deleted: bool,
}

impl RelyingParty {
    /// Steps a to c, by the user: own credentials only, soon after user verification. A repeated call gets the
    /// same answer.
    ///
    /// # Errors
    /// [`Denied::NotSignedIn`], [`Denied::SessionStale`]; [`Denied::NotFound`] for someone else's credential;
    /// [`Denied::Store`] where the store fails.
    pub async fn deregister(
        &self,
        token: Option<&SessionToken>,
        which: Which,
    ) -> Result<Deregistration, Denied> {
        let me = self.signed_in(token).await?.require_fresh()?;
        let asked = match &which {
            Which::One(id) => Some(id.clone()),
            Which::All => None,
        };
        let keep = Some(me.session.token_hash);
        let event = AuditEvent::Deregistered;
        self.remove(me.account.user, which, asked, keep, event)
            .await
    }

    /// By the operator: one credential, whosever it is.
    ///
    /// # Errors
    /// [`Denied::NotFound`] where nobody has it; [`Denied::Store`] where the store fails.
    pub async fn deregister_by_operator(
        &self,
        credential: CredentialId,
    ) -> Result<Deregistration, Denied> {
        let owner = self.server.owner(&credential).await?;
        let owner = owner.ok_or(Denied::NotFound)?;
        let event = AuditEvent::DeregisteredByOperator;
        let asked = Some(credential.clone());
        self.remove(owner, Which::One(credential), asked, None, event)
            .await
    }

    /// By the operator: the account of this name with all that belongs to it.
    ///
    /// # Errors
    /// [`Denied::InvalidName`]; [`Denied::NotFound`] where no account has the name; [`Denied::Store`] where the store
    /// fails.
    pub async fn deregister_account_by_operator(
        &self,
        username: &str,
    ) -> Result<Deregistration, Denied> {
        let name = AccountName::parse(username)?;
        let account = self.store.account_by_name(name.key()).await?;
        let user = account.ok_or(Denied::NotFound)?.user;
        let event = AuditEvent::DeregisteredByOperator;
        self.remove(user, Which::All, None, None, event).await
    }

    async fn remove(
        &self,
        user: UserId,
        which: Which,
        asked: Option<CredentialId>,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
    ) -> Result<Deregistration, Denied> {
        let now = self.clock.now_ms();
        let removed = self
            .registrar
            .deregister(user, which, keep, event, now)
            .await?;
        if removed.account {
            self.tell_hooks().await;
        }
        let mut gone = removed.credentials;
        if let Some(asked) = asked
            && !gone.contains(&asked)
        {
            gone.push(asked);
        }
        let mut deregistered = Vec::with_capacity(gone.len());
        for credential in gone {
            // The authentication server signs only what it finds gone: someone else's credential is not.
            let statement = self.server.deregistration_statement(&credential).await;
            let statement = statement.map_err(|refusal| match refusal {
                Refusal::Failed(_) | Refusal::FailedElsewhere(_) => Denied::NotFound,
                other => Denied::Refused(other),
            })?;
            deregistered.push(Deregistered {
                credential,
                statement,
            });
        }
        Ok(Deregistration {
            deregistered,
            account_deleted: removed.account,
        })
    }
}
