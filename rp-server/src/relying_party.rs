//! The relying party: accounts, sessions, policy. Decides what an HTTP call may do; sees no HTTP.

mod authentication;
mod denied;
mod deregistration;
mod disabled;
mod even_time;
mod hooks;
mod names;
mod registration;
mod sessions;

use std::sync::Arc;

use crate::authentication_server::{
    AuthenticationServer, CeremonyToken, CredentialRecord, LocalAuthenticationServer, Refusal,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{AccountStore, AuditEvent, Store, StoreError};

pub use authentication::Authenticated;
pub use denied::Denied;
pub use deregistration::{Deregistered, Deregistration};
pub use disabled::DisabledCredential;
pub(crate) use hooks::Hooks;
pub use hooks::{AccountHooks, HookError};
pub use names::AccountName;
pub use registration::{Registered, RegistrationRequest};
pub use sessions::{SessionToken, SignedIn};

/// A relying party over an authentication server and a store of accounts.
pub struct RelyingParty {
    config: Arc<Config>,
    server: Arc<dyn AuthenticationServer>,
    store: Arc<dyn AccountStore>,
    clock: Clock,
    /// Held while the hooks are told.
    telling: tokio::sync::Mutex<()>,
}

impl RelyingParty {
    /// A relying party with its authentication server in process, both on `store`.
    ///
    /// # Errors
    /// As [`LocalAuthenticationServer::open`].
    pub async fn open(
        config: Arc<Config>,
        store: Arc<dyn Store>,
        clock: Clock,
    ) -> Result<Self, Refusal> {
        let server = LocalAuthenticationServer::open(&config, store.clone(), clock.clone()).await?;
        if config.hooks.0.is_some() {
            store.keep_account_events().await?;
        }
        Ok(Self::new(config, Arc::new(server), store, clock))
    }

    /// A relying party with an authentication server of any kind.
    pub fn new(
        config: Arc<Config>,
        server: Arc<dyn AuthenticationServer>,
        store: Arc<dyn AccountStore>,
        clock: Clock,
    ) -> Self {
        Self {
            config,
            server,
            store,
            clock,
            telling: tokio::sync::Mutex::default(),
        }
    }

    /// The credential records of the person signed in.
    ///
    /// # Errors
    /// [`Denied::Refused`] where the store fails.
    pub async fn credentials(&self, signed_in: &SignedIn) -> Result<Vec<CredentialRecord>, Denied> {
        Ok(self.server.credentials(signed_in.account.user).await?)
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<(), Denied> {
        Ok(self.store.ready().await?)
    }

    /// Forgets what has ended, and tells the hooks what they have not been told. [`Service`](crate::Service) calls
    /// it every minute.
    ///
    /// # Errors
    /// The store failed; the next call takes up what is left.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.clock.now_ms();
        let lifetimes = &self.config.lifetimes;
        let swept = self
            .store
            .sweep(
                now,
                now - lifetimes.session_idle_ms,
                now - lifetimes.session_absolute_ms,
                now - lifetimes.audit_ms,
            )
            .await;
        self.tell_hooks().await;
        swept
    }

    fn ceremony(token: Option<&CeremonyToken>) -> Result<&CeremonyToken, Denied> {
        token.ok_or(Denied::Refused(Refusal::CeremonyUnknown))
    }

    /// Notes a refusal (step k) and logs its reason, which nobody outside learns.
    async fn refused(&self, event: AuditEvent, refusal: Refusal) -> Denied {
        // A store that failed refused nobody, and would not take the note either.
        if let Refusal::Store(_) = refusal {
            return Denied::Refused(refusal);
        }
        tracing::info!(event = event.as_str(), reason = %refusal, "refused");
        if let Err(error) = self.store.audit(event, self.clock.now_ms()).await {
            tracing::error!(%error, "a refusal was not noted");
        }
        Denied::Refused(refusal)
    }
}
