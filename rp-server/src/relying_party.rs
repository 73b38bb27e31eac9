//! The relying party: accounts, sessions, policy. Decides what an HTTP call may do; sees no HTTP.

mod authentication;
mod denied;
mod deregistration;
mod disabled;
mod even_time;
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
pub use names::AccountName;
pub use registration::{Registered, RegistrationRequest};
pub use sessions::{SessionToken, SignedIn};

/// A relying party over an authentication server and a store of accounts.
pub struct RelyingParty {
    config: Arc<Config>,
    server: Arc<dyn AuthenticationServer>,
    store: Arc<dyn AccountStore>,
    clock: Clock,
}

impl RelyingParty {
    /// A relying party with its authentication server in process, both on `store`.
    pub async fn open(
        config: Arc<Config>,
        store: Arc<dyn Store>,
        clock: Clock,
    ) -> Result<Self, Refusal> {
        let server = LocalAuthenticationServer::open(&config, store.clone(), clock.clone()).await?;
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
        }
    }

    /// The credential records of the person signed in.
    pub async fn credentials(&self, signed_in: &SignedIn) -> Result<Vec<CredentialRecord>, Denied> {
        Ok(self.server.credentials(signed_in.account.user).await?)
    }

    /// Whether the store answers.
    pub async fn ready(&self) -> Result<(), Denied> {
        Ok(self.store.ready().await?)
    }

    /// Forgets what has ended. To be called every minute or so.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.clock.now_ms();
        let lifetimes = &self.config.lifetimes;
        self.store
            .sweep(
                now,
                now - lifetimes.session_idle_ms,
                now - lifetimes.session_absolute_ms,
                now - lifetimes.audit_ms,
            )
            .await
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
