//! Authentication as the relying party sees it (ISO/IEC 27553-1 A.3.3, steps b and j).

use tokio::time::Instant;

use super::even_time::end_of_step;
use super::{AccountName, Denied, RelyingParty, SessionToken};
use crate::authentication_server::{Asked, CeremonyToken, Challenge, CredentialId};
use crate::presentation_attack_detection::Layers;
use crate::store::{Account, AuditEvent, NewSession};

/// A session that was opened.
#[derive(Debug)]
pub struct Authenticated {
    /// Whose session.
    pub account: Account,
    /// The credential that opened it.
    pub credential: CredentialId,
    /// Whether the user was verified, and not only present.
    pub user_verified: bool,
    /// The layers of presentation attack detection of the look, if the authenticator is ours.
    pub presentation_attack_detection: Option<Layers>,
    /// The token for the browser.
    pub session: SessionToken,
}

impl RelyingParty {
    /// Begins an authentication: of whoever holds a credential, or of the account of that name. A name without
    /// an account gets an answer of the same form.
    ///
    /// # Errors
    /// [`Denied::InvalidName`]; [`Denied::Store`] where the store fails.
    pub async fn begin_authentication(&self, username: Option<&str>) -> Result<Challenge, Denied> {
        let begun = Instant::now();
        let challenge = self.challenge(username).await;
        if username.is_some() {
            end_of_step(begun).await;
        }
        challenge
    }

    async fn challenge(&self, username: Option<&str>) -> Result<Challenge, Denied> {
        let asked = match username {
            None => Asked::Anyone,
            Some(text) => {
                let name = AccountName::parse(text)?;
                match self.store.account_by_name(name.key()).await? {
                    Some(account) => Asked::User(account.user),
                    None => Asked::Nobody {
                        name_key: name.key().to_owned(),
                    },
                }
            }
        };
        Ok(self.server.begin_authentication(asked).await?)
    }

    /// Finishes an authentication. The session that `token` names, if any, ends with the new one's opening.
    ///
    /// # Errors
    /// [`Denied::Refused`] where a check of section 7.2 or the policy refuses, or the ceremony is unknown;
    /// [`Denied::Store`] where the store fails.
    pub async fn finish_authentication(
        &self,
        ceremony: Option<&CeremonyToken>,
        token: Option<&SessionToken>,
        response: &[u8],
    ) -> Result<Authenticated, Denied> {
        let begun = Instant::now();
        let authenticated = self.open_session(ceremony, token, response).await;
        if authenticated.is_err() {
            end_of_step(begun).await;
        }
        authenticated
    }

    async fn open_session(
        &self,
        ceremony: Option<&CeremonyToken>,
        token: Option<&SessionToken>,
        response: &[u8],
    ) -> Result<Authenticated, Denied> {
        let ceremony = Self::ceremony(ceremony)?;
        let verified = match self.server.finish_authentication(ceremony, response).await {
            Ok(verified) => verified,
            Err(refusal) => {
                let event = AuditEvent::AuthenticationRefused;
                return Err(self.refused(event, refusal).await);
            }
        };
        let account = self.store.account(verified.user()).await?;
        let account = account.ok_or(Denied::NotFound)?;
        let session = SessionToken::generate()?;
        let credential = verified.credential_id().clone();
        let user_verified = verified.after().user_verified;
        let layers = verified.presentation_attack_detection().cloned();
        let new_session = NewSession {
            token_hash: session.hash(),
            replaces: token.map(SessionToken::hash),
        };
        self.registrar
            .authenticate(verified, new_session, self.clock.now_ms())
            .await?;
        Ok(Authenticated {
            account,
            credential,
            user_verified,
            presentation_attack_detection: layers,
            session,
        })
    }
}
