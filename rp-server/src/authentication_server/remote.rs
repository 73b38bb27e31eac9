//! The authentication server on another machine, as the relying party reaches it.

use async_trait::async_trait;

use super::exchange::{Answer, Call, Sent, wire_form};
use super::{
    Asked, AuthenticationServer, CeremonyToken, Challenge, CredentialId, CredentialKeeper,
    CredentialRecord, Refusal, Registrant, UserId, VerifiedAuthentication, VerifiedRegistration,
};
use crate::clock::Clock;
use crate::store::{RemovedCredentials, StoreError, Which};
use wire_form::{AskedForm, Bytes, RegistrantForm, WhichForm};

const UNASKED: Refusal = Refusal::Internal("the authentication server answered something else");

/// The message was not delivered, or its answer did not come. Whether it was carried out is not known.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Undelivered(pub String);

/// Brings a message to the authentication server and its answer back, over a connection on which both have shown who
/// they are.
#[async_trait]
pub trait Transport: Send + Sync {
    /// The answer to one message.
    async fn exchange(&self, message: Vec<u8>) -> Result<Vec<u8>, Undelivered>;
}

/// Asks an authentication server over a [`Transport`].
///
/// A verified registration or authentication comes from nothing but an answer to its own message.
pub struct RemoteAuthenticationServer<T> {
    transport: T,
    clock: Clock,
}

impl<T: Transport> RemoteAuthenticationServer<T> {
    /// Over `transport`.
    pub fn new(transport: T, clock: Clock) -> Self {
        Self { transport, clock }
    }

    async fn ask(&self, call: Call) -> Result<Answer, Refusal> {
        let sent = Sent::new(call, self.clock.now_ms())?;
        let answer = self.transport.exchange(sent.bytes.clone()).await;
        let answer = answer.map_err(|why| {
            let text = format!("authentication server: {why}");
            Refusal::Store(StoreError::Unavailable(text))
        })?;
        match sent.answer(&answer)? {
            Answer::Refused(refused) => Err(refused.read()),
            answer => Ok(answer),
        }
    }

    async fn begin(&self, call: Call) -> Result<Challenge, Refusal> {
        match self.ask(call).await? {
            Answer::Challenge {
                token,
                public_key,
                lifetime_ms,
            } => Ok(Challenge {
                token: CeremonyToken::parse(&token).ok_or(UNASKED)?,
                public_key,
                lifetime_ms,
            }),
            _ => Err(UNASKED),
        }
    }
}

#[async_trait]
impl<T: Transport> AuthenticationServer for RemoteAuthenticationServer<T> {
    async fn begin_registration(&self, registrant: Registrant) -> Result<Challenge, Refusal> {
        let registrant = RegistrantForm::of(&registrant);
        self.begin(Call::BeginRegistration(registrant)).await
    }

    async fn finish_registration(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedRegistration, Refusal> {
        let (ceremony, response) = (token.to_text(), Bytes::of(response));
        let call = Call::FinishRegistration { ceremony, response };
        match self.ask(call).await? {
            Answer::Registration(done) => done.verified(),
            _ => Err(UNASKED),
        }
    }

    async fn begin_authentication(&self, asked: Asked) -> Result<Challenge, Refusal> {
        let asked = AskedForm::of(asked);
        self.begin(Call::BeginAuthentication(asked)).await
    }

    async fn finish_authentication(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedAuthentication, Refusal> {
        let (ceremony, response) = (token.to_text(), Bytes::of(response));
        let call = Call::FinishAuthentication { ceremony, response };
        match self.ask(call).await? {
            Answer::Authentication(done) => done.verified(),
            _ => Err(UNASKED),
        }
    }

    async fn credentials(&self, user: UserId) -> Result<Vec<CredentialRecord>, Refusal> {
        match self.ask(Call::Credentials { user: user.0 }).await? {
            Answer::Credentials(list) => list.into_iter().map(wire_form::Record::read).collect(),
            _ => Err(UNASKED),
        }
    }

    async fn disabled_credentials(&self) -> Result<Vec<CredentialRecord>, Refusal> {
        match self.ask(Call::DisabledCredentials).await? {
            Answer::Credentials(list) => list.into_iter().map(wire_form::Record::read).collect(),
            _ => Err(UNASKED),
        }
    }

    async fn enable_credential(&self, credential: &CredentialId) -> Result<bool, Refusal> {
        let credential = Bytes::id(credential);
        match self.ask(Call::EnableCredential { credential }).await? {
            Answer::Enabled(enabled) => Ok(enabled),
            _ => Err(UNASKED),
        }
    }

    async fn owner(&self, credential: &CredentialId) -> Result<Option<UserId>, Refusal> {
        let credential = Bytes::id(credential);
        match self.ask(Call::Owner { credential }).await? {
            Answer::Owner(owner) => Ok(owner.map(UserId)),
            _ => Err(UNASKED),
        }
    }

    async fn deregistration_statement(&self, credential: &CredentialId) -> Result<String, Refusal> {
        let credential = Bytes::id(credential);
        match self
            .ask(Call::DeregistrationStatement { credential })
            .await?
        {
            Answer::Statement(statement) => Ok(statement),
            _ => Err(UNASKED),
        }
    }

    async fn ready(&self) -> Result<(), Refusal> {
        match self.ask(Call::Ready).await? {
            Answer::Ready => Ok(()),
            _ => Err(UNASKED),
        }
    }
}

#[async_trait]
impl<T: Transport> CredentialKeeper for RemoteAuthenticationServer<T> {
    async fn confirm_registration(
        &self,
        user: UserId,
        credential: &CredentialId,
        receipt: &str,
    ) -> Result<bool, Refusal> {
        let call = Call::ConfirmRegistration {
            user: user.0,
            credential: Bytes::id(credential),
            receipt: receipt.to_owned(),
        };
        match self.ask(call).await? {
            Answer::Confirmed(confirmed) => Ok(confirmed),
            _ => Err(UNASKED),
        }
    }

    async fn deregister(&self, user: UserId, which: &Which) -> Result<RemovedCredentials, Refusal> {
        let which = WhichForm::of(which);
        match self
            .ask(Call::Deregister {
                user: user.0,
                which,
            })
            .await?
        {
            Answer::Removed(removed) => removed.read(),
            _ => Err(UNASKED),
        }
    }
}
