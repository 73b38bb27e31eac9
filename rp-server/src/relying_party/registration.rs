//! Registration as the relying party sees it (ISO/IEC 27553-1 A.3.2, steps b and j).

use super::{AccountName, Denied, RelyingParty, SessionToken, names};
use crate::authentication_server::{
    CeremonyToken, Challenge, CredentialId, Refusal, Registrant, UserId,
};
use crate::random;
use crate::store::{AuditEvent, NewSession};

/// What a person asks for.
#[derive(Debug)]
pub struct RegistrationRequest<'a> {
    /// Wanted account name; may be left out by someone who is signed in.
    pub username: Option<&'a str>,
    /// Wanted display name; the account name if left out.
    pub display_name: Option<&'a str>,
    /// Coarse description of the browser.
    pub device: String,
}

/// A registration that was written.
#[derive(Debug)]
pub struct Registered {
    /// The new credential.
    pub credential: CredentialId,
    /// The account's name.
    pub username: String,
    /// The session of a new account. Someone who adds a credential keeps the session they have.
    pub session: Option<SessionToken>,
}

impl RelyingParty {
    /// Begins a registration: for a new account, or to add a credential to the account that is signed in.
    ///
    /// A taken name is refused, so this call tells whether a name exists. The alternative is to own names by
    /// mail address and to answer by mail; a demo without mail cannot.
    ///
    /// # Errors
    /// [`Denied::InvalidName`], [`Denied::NameTaken`], [`Denied::RegistrationNotAllowed`]; without a name
    /// [`Denied::NotSignedIn`]; for an account that exists [`Denied::SessionStale`]; [`Denied::Store`] where the
    /// store fails.
    pub async fn begin_registration(
        &self,
        token: Option<&SessionToken>,
        request: RegistrationRequest<'_>,
    ) -> Result<Challenge, Denied> {
        let signed_in = self.maybe_signed_in(token).await?;
        let name = request.username.map(AccountName::parse).transpose()?;
        let own = match (&name, &signed_in) {
            (None, None) => return Err(Denied::NotSignedIn),
            (None, Some(_)) => true,
            (Some(name), signed_in) => {
                let holder = self.store.account_by_name(name.key()).await?;
                match (holder, signed_in) {
                    (None, _) => false,
                    (Some(holder), Some(me)) if holder.user == me.account.user => true,
                    (Some(_), _) => return Err(Denied::NameTaken),
                }
            }
        };
        // Whose name it is already keeps it, whatever the rules for new ones say.
        let name = if own {
            name
        } else {
            name.map(AccountName::admitted).transpose()?
        };
        let registrant = match (own, name, signed_in) {
            (true, _, Some(me)) => {
                let me = me.require_fresh()?;
                Registrant {
                    user: me.account.user,
                    name: me.account.name,
                    display_name: me.account.display_name,
                    existing: true,
                    device: request.device,
                }
            }
            (false, Some(name), _) => {
                self.require_permission(&name).await?;
                Registrant {
                    user: UserId(uuid::Builder::from_random_bytes(random::bytes()?).into_uuid()),
                    display_name: names::display(request.display_name.unwrap_or(name.as_str()))?,
                    name: name.as_str().to_owned(),
                    existing: false,
                    device: request.device,
                }
            }
            _ => return Err(Denied::NotSignedIn),
        };
        Ok(self.server.begin_registration(registrant).await?)
    }

    /// Finishes a registration: account, credential and session are written together or not at all.
    ///
    /// # Errors
    /// [`Denied::Refused`] where a check of section 7.1 or the policy refuses, or the ceremony is unknown;
    /// [`Denied::NameTaken`] where somebody was faster; [`Denied::RegistrationNotAllowed`]; [`Denied::Store`] where
    /// the store fails.
    pub async fn finish_registration(
        &self,
        ceremony: Option<&CeremonyToken>,
        token: Option<&SessionToken>,
        response: &[u8],
    ) -> Result<Registered, Denied> {
        let ceremony = Self::ceremony(ceremony)?;
        let verified = match self.server.finish_registration(ceremony, response).await {
            Ok(verified) => verified,
            Err(refusal) => {
                return Err(self.refused(AuditEvent::RegistrationRefused, refusal).await);
            }
        };
        let registrant = verified.registrant();
        if registrant.existing {
            // The session that began it must still live.
            let signed_in = self.signed_in(token).await?;
            if signed_in.account.user != registrant.user {
                let refusal = Refusal::Failed("session of another user");
                return Err(self.refused(AuditEvent::RegistrationRefused, refusal).await);
            }
        }
        let name = AccountName::parse(&registrant.name)?;
        if !registrant.existing {
            self.require_permission(&name).await?;
        }
        let session = (!registrant.existing)
            .then(SessionToken::generate)
            .transpose()?;
        let credential = verified.credential_id().clone();
        let new_session = session.as_ref().map(|session| NewSession {
            token_hash: session.hash(),
            replaces: token.map(SessionToken::hash),
        });
        self.registrar
            .register(verified, name.key(), new_session, self.clock.now_ms())
            .await?;
        if session.is_some() {
            self.tell_hooks().await;
        }
        Ok(Registered {
            credential,
            username: name.as_str().to_owned(),
            session,
        })
    }
}
