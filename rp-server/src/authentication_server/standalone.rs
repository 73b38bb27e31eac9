//! The authentication server in a process of its own: what the one in process does, and the writes that follow it.

use std::sync::Arc;

use async_trait::async_trait;

use super::ceremony::State;
use super::exchange::wire_form;
use super::{
    Asked, AuthenticationServer, CeremonyToken, Challenge, CredentialId, CredentialKeeper,
    CredentialRecord, LocalAuthenticationServer, Refusal, Registrant, UserId,
    VerifiedAuthentication, VerifiedRegistration,
};
use crate::clock::{Clock, UnixMs};
use crate::config::Config;
use crate::store::{RemovedCredentials, StandaloneStore, StoreError, Which};

/// Verifies, and keeps the credential records.
pub struct StandaloneAuthenticationServer {
    local: LocalAuthenticationServer,
    store: Arc<dyn StandaloneStore>,
}

impl StandaloneAuthenticationServer {
    /// Opens the server. At first start it makes its two keys and puts them into the store.
    ///
    /// # Errors
    /// As [`LocalAuthenticationServer::open`].
    pub async fn open(
        config: &Config,
        store: Arc<dyn StandaloneStore>,
        clock: Clock,
    ) -> Result<Self, Refusal> {
        let local = LocalAuthenticationServer::open(config, store.clone(), clock).await?;
        Ok(Self { local, store })
    }

    /// Forgets what has ended. To be called every minute or so.
    ///
    /// # Errors
    /// The store failed; the next call takes up what is left.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        self.store.sweep_ceremonies(self.now()).await
    }

    /// Whether no message had this ID before. It is kept until `until`.
    pub(super) async fn admit(&self, id: &[u8; 16], until: UnixMs) -> Result<bool, StoreError> {
        self.store.admit_message(id, until, self.now()).await
    }

    pub(super) fn now(&self) -> UnixMs {
        self.local.clock.now_ms()
    }
}

#[async_trait]
impl AuthenticationServer for StandaloneAuthenticationServer {
    async fn begin_registration(&self, registrant: Registrant) -> Result<Challenge, Refusal> {
        self.local.begin_registration(registrant).await
    }

    async fn finish_registration(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedRegistration, Refusal> {
        let verified = self.local.finish_registration(token, response).await?;
        let receipt = CeremonyToken::generate()?;
        let now = self.now();
        let kept = State::Verified(Box::new(wire_form::Registration::of(&verified)));
        let kept = kept.into_stored(&receipt, now.saturating_add(self.local.lifetime_ms))?;
        self.store.put_ceremony(kept, now).await?;
        Ok(verified.with_receipt(receipt.to_text()))
    }

    async fn begin_authentication(&self, asked: Asked) -> Result<Challenge, Refusal> {
        self.local.begin_authentication(asked).await
    }

    async fn finish_authentication(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedAuthentication, Refusal> {
        let verified = self.local.finish_authentication(token, response).await?;
        match self.store.advance(&verified, self.now()).await {
            Ok(()) => Ok(verified),
            Err(StoreError::Conflict) => Err(Refusal::Failed("the record changed meanwhile")),
            Err(error) => Err(error.into()),
        }
    }

    async fn credentials(&self, user: UserId) -> Result<Vec<CredentialRecord>, Refusal> {
        self.local.credentials(user).await
    }

    async fn disabled_credentials(&self) -> Result<Vec<CredentialRecord>, Refusal> {
        AuthenticationServer::disabled_credentials(&self.local).await
    }

    async fn enable_credential(&self, credential: &CredentialId) -> Result<bool, Refusal> {
        AuthenticationServer::enable_credential(&self.local, credential).await
    }

    async fn owner(&self, credential: &CredentialId) -> Result<Option<UserId>, Refusal> {
        self.local.owner(credential).await
    }

    async fn deregistration_statement(&self, credential: &CredentialId) -> Result<String, Refusal> {
        self.local.deregistration_statement(credential).await
    }

    async fn ready(&self) -> Result<(), Refusal> {
        Ok(self.store.available().await?)
    }
}

#[async_trait]
impl CredentialKeeper for StandaloneAuthenticationServer {
    async fn confirm_registration(
        &self,
        user: UserId,
        credential: &CredentialId,
        receipt: &str,
    ) -> Result<bool, Refusal> {
        if let Some(verified) = self.kept(user, credential, receipt).await? {
            let hash = CeremonyToken::parse(receipt).map(|token| token.hash());
            let hash = hash.ok_or(Refusal::CeremonyUnknown)?;
            match self
                .store
                .insert_credential(&verified, &hash, self.now())
                .await
            {
                // Whether a call beside this one was faster is seen below.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.owner(credential).await? == Some(user))
    }

    async fn deregister(&self, user: UserId, which: &Which) -> Result<RemovedCredentials, Refusal> {
        Ok(self.store.remove(user, which).await?)
    }
}

impl StandaloneAuthenticationServer {
    /// What is kept under a receipt, if it is this credential of this user.
    async fn kept(
        &self,
        user: UserId,
        credential: &CredentialId,
        receipt: &str,
    ) -> Result<Option<VerifiedRegistration>, Refusal> {
        let Some(token) = CeremonyToken::parse(receipt) else {
            return Ok(None);
        };
        let Some(stored) = self.store.ceremony(&token.hash()).await? else {
            return Ok(None);
        };
        if !self.local.lives(&stored) {
            return Ok(None);
        }
        let State::Verified(kept) = State::from_stored(&stored)? else {
            return Ok(None);
        };
        let verified = kept.verified()?;
        let same = verified.registrant().user == user && verified.credential_id() == credential;
        Ok(same.then_some(verified))
    }
}
