//! Hooks for the user table of the application around us: asked before an account is made, told after it was made
//! or deleted.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{AccountName, Denied, RelyingParty};
use crate::authentication_server::UserId;
use crate::store::{Account, AccountEvent, AccountEventKind, StoreError};

/// How long the telling may hold up the call that gave rise to it.
const PATIENCE: Duration = Duration::from_secs(3);
/// When an event is told again that was not taken. Longer than a hook may run, so that two processes do not tell
/// one event at once.
const AGAIN_MS: i64 = 30_000;

/// Why a hook failed. Goes to the log and to nobody else.
pub type HookError = Box<dyn std::error::Error + Send + Sync>;

/// What the application around the server wants to decide and to know about accounts. Every method has a default
/// that does nothing.
///
/// # When, and what is certain
///
/// - [`may_register`](Self::may_register) is asked before anything is written, twice: when a registration begins
///   and when it ends. If it fails, the registration is refused and nothing is written.
/// - [`registered`](Self::registered) and [`deregistered`](Self::deregistered) are told **after** the commit, at
///   least once each, and for one account in that order. The event commits in the transaction that makes or deletes
///   the account. It is forgotten only when the hook returned `Ok`; a hook that failed, that took longer than three
///   seconds, or whose process died is told again, after half a minute or at the next start, for ever. So a hook
///   must bear being told twice: insert or ignore, delete if there.
/// - The person's call waits for the hook for at most three seconds, and does not fail with it. So there can be a
///   session whose account the hook has not seen yet; a handler that needs a row of its own must bear its absence.
/// - An account that is deleted before `registered` could be told is told as deregistered only.
/// - With the first start with hooks on a database every account that is there already is told as registered.
///   From then on accounts that other processes on this database make or delete, such as `rp-server user
///   deregister`, are told too, by a process that has hooks.
#[async_trait]
pub trait AccountHooks: Send + Sync {
    /// Whether an account of this name may be made. For invitations, reserved names, closed sign-up.
    ///
    /// # Errors
    /// An error refuses the registration like a `false`, and is logged; the caller is told 500 `internal`.
    async fn may_register(&self, name: &AccountName) -> Result<bool, HookError> {
        let _ = name;
        Ok(true)
    }

    /// An account was made.
    ///
    /// # Errors
    /// Any error: this is told again later.
    async fn registered(&self, account: &Account) -> Result<(), HookError> {
        let _ = account;
        Ok(())
    }

    /// An account is gone, with its credentials and sessions. Its handle will never be given again.
    ///
    /// # Errors
    /// Any error: this is told again later.
    async fn deregistered(&self, user: UserId) -> Result<(), HookError> {
        let _ = user;
        Ok(())
    }
}

/// The hooks of a configuration, if it has any.
#[derive(Clone, Default)]
pub(crate) struct Hooks(pub(crate) Option<Arc<dyn AccountHooks>>);

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Hooks"
        } else {
            "no hooks"
        })
    }
}

impl RelyingParty {
    /// Asks the application whether the name may have an account.
    pub(super) async fn require_permission(&self, name: &AccountName) -> Result<(), Denied> {
        let Some(hooks) = &self.config.hooks.0 else {
            return Ok(());
        };
        match hooks.may_register(name).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Denied::RegistrationNotAllowed),
            Err(error) => Err(Denied::Hook(error)),
        }
    }

    /// Tells the application of accounts that were made or deleted, as far as that is possible now. Failures are
    /// logged: what was not told stays noted.
    pub(super) async fn tell_hooks(&self) {
        let Some(hooks) = &self.config.hooks.0 else {
            return;
        };
        let telling = async {
            // One at a time within a process.
            let _turn = self.telling.lock().await;
            self.tell_all(hooks.as_ref()).await
        };
        match tokio::time::timeout(PATIENCE, telling).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "events of accounts cannot be read"),
            Err(_) => tracing::warn!("the hooks took too long; what is open is told later"),
        }
    }

    async fn tell_all(&self, hooks: &dyn AccountHooks) -> Result<(), StoreError> {
        loop {
            let now = self.clock.now_ms();
            let next = self.store.next_account_event(now, now + AGAIN_MS).await?;
            let Some(event) = next else {
                return Ok(());
            };
            match self.tell(hooks, &event).await? {
                Ok(()) => self.store.account_event_told(event.number).await?,
                Err(error) => tracing::error!(%error, "a hook failed and is called again later"),
            }
        }
    }

    async fn tell(
        &self,
        hooks: &dyn AccountHooks,
        event: &AccountEvent,
    ) -> Result<Result<(), HookError>, StoreError> {
        Ok(match event.kind {
            AccountEventKind::Registered => match self.store.account(event.user).await? {
                Some(account) => hooks.registered(&account).await,
                None => Ok(()),
            },
            AccountEventKind::Deregistered => hooks.deregistered(event.user).await,
        })
    }
}
