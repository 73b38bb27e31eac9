//! The authentication server in process: the default.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use getrandom::SysRng;
use p256::ecdsa::SigningKey;
use p256::elliptic_curve::Generate;
use webauthn_rs::{Webauthn, WebauthnBuilder};
use zeroize::Zeroizing;

use super::ceremony::State;
use super::decoys::Decoys;
use super::statement::StatementSigner;
use super::{
    Asked, AuthenticationServer, CeremonyToken, Challenge, CredentialId, CredentialRecord, Refusal,
    Registrant, StoredCeremony, UserId, VerifiedAuthentication, VerifiedRegistration,
    authentication, registration,
};
use crate::clock::Clock;
use crate::config::{AuthenticatorPolicy, Config};
use crate::encoding::sha256;
use crate::presentation_attack_detection::Layers;
use crate::random::{self, NoRandom};
use crate::store::CredentialStore;

/// Verifies against a store in reach: registrations with webauthn-rs, assertions with our own verifier.
pub struct LocalAuthenticationServer {
    pub(super) webauthn: Webauthn,
    pub(super) store: Arc<dyn CredentialStore>,
    pub(super) statements: StatementSigner,
    pub(super) decoys: Decoys,
    pub(super) clock: Clock,
    pub(super) origin: String,
    pub(super) rp_id: String,
    pub(super) rp_id_hash: [u8; 32],
    pub(super) lifetime_ms: i64,
    pub(super) required_layers: Layers,
    pub(super) policy: AuthenticatorPolicy,
}

impl LocalAuthenticationServer {
    /// Opens the server. At first start it makes its two keys and puts them into the store.
    ///
    /// # Errors
    /// The store fails, its keys cannot be read, or the configuration does not suit WebAuthn.
    pub async fn open(
        config: &Config,
        store: Arc<dyn CredentialStore>,
        clock: Clock,
    ) -> Result<Self, Refusal> {
        let lifetime_ms = config.lifetimes.ceremony_ms;
        let lifetime = Duration::from_millis(u64::try_from(lifetime_ms).unwrap_or_default());
        let webauthn = WebauthnBuilder::new(&config.rp_id, config.rp_origin.url())?
            .rp_name(&config.rp_name)
            .timeout(lifetime)
            .build()?;
        let fresh = SigningKey::try_generate_from_rng(&mut SysRng).map_err(|_| NoRandom)?;
        let fresh = Zeroizing::new(fresh.to_bytes().to_vec());
        let key = Zeroizing::new(store.secret("statement-key", &fresh).await?);
        let fresh = Zeroizing::new(random::bytes::<32>()?);
        let decoy_key = Zeroizing::new(store.secret("decoy-key", fresh.as_ref()).await?);
        let decoy_key = <[u8; 32]>::try_from(decoy_key.as_slice())
            .map_err(|_| Refusal::Internal("the stored decoy key has a wrong length"))?;
        Ok(Self {
            webauthn,
            statements: StatementSigner::new(&key, &config.rp_id)?,
            decoys: Decoys::new(decoy_key)?,
            store,
            clock,
            origin: config.rp_origin.as_str().to_owned(),
            rp_id: config.rp_id.clone(),
            rp_id_hash: sha256(config.rp_id.as_bytes()),
            lifetime_ms,
            required_layers: config.required_layers.clone(),
            policy: config.policy.clone(),
        })
    }

    /// Stores a begun ceremony under a fresh token.
    pub(super) async fn begun(
        &self,
        state: State,
        public_key: serde_json::Value,
    ) -> Result<Challenge, Refusal> {
        let token = CeremonyToken::generate()?;
        let now = self.clock.now_ms();
        let stored = state.into_stored(&token, now + self.lifetime_ms)?;
        self.store.put_ceremony(stored, now).await?;
        Ok(Challenge {
            token,
            public_key,
            lifetime_ms: self.lifetime_ms,
        })
    }

    /// Reads and deletes a ceremony.
    pub(super) async fn take(&self, token: &CeremonyToken) -> Result<State, Refusal> {
        let found = self.store.take_ceremony(&token.hash()).await?;
        let stored = found.ok_or(Refusal::CeremonyUnknown)?;
        if !self.lives(&stored) {
            return Err(Refusal::CeremonyUnknown);
        }
        State::from_stored(&stored)
    }

    /// Whether a ceremony has not ended.
    pub(super) fn lives(&self, stored: &StoredCeremony) -> bool {
        let left_ms = stored.expires_ms - self.clock.now_ms();
        // More than it ever had: the clock was set back since. The second lifetime is for small corrections, and for
        // processes whose clocks differ.
        left_ms > 0 && left_ms <= 2 * self.lifetime_ms
    }

    /// States that a credential is not registered, and sees to it that this stays true.
    pub(super) async fn state_unregistered(
        &self,
        credential: &CredentialId,
    ) -> Result<String, Refusal> {
        let now = self.clock.now_ms();
        // A ceremony that could register it was begun by now: twice its time has room for its last write.
        let until = now.saturating_add(2 * self.lifetime_ms);
        if !self.store.bar_registration(credential, until, now).await? {
            return Err(Refusal::Failed("the credential is registered"));
        }
        self.statements.sign(credential, now)
    }
}

#[async_trait]
impl AuthenticationServer for LocalAuthenticationServer {
    async fn begin_registration(&self, registrant: Registrant) -> Result<Challenge, Refusal> {
        registration::begin(self, registrant).await
    }

    async fn finish_registration(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedRegistration, Refusal> {
        registration::finish(self, token, response).await
    }

    async fn begin_authentication(&self, asked: Asked) -> Result<Challenge, Refusal> {
        authentication::begin(self, asked).await
    }

    async fn finish_authentication(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedAuthentication, Refusal> {
        authentication::finish(self, token, response).await
    }

    async fn credentials(&self, user: UserId) -> Result<Vec<CredentialRecord>, Refusal> {
        Ok(self.store.credentials_of(user).await?)
    }

    async fn disabled_credentials(&self) -> Result<Vec<CredentialRecord>, Refusal> {
        self.disabled_credentials().await
    }

    async fn enable_credential(&self, credential: &CredentialId) -> Result<bool, Refusal> {
        self.enable_credential(credential).await
    }

    async fn owner(&self, credential: &CredentialId) -> Result<Option<UserId>, Refusal> {
        let found = self.store.credential(credential).await?;
        Ok(found.map(|record| record.user))
    }

    async fn deregistration_statement(&self, credential: &CredentialId) -> Result<String, Refusal> {
        self.state_unregistered(credential).await
    }

    async fn ready(&self) -> Result<(), Refusal> {
        // The store is the relying party's, which asks it.
        Ok(())
    }
}
