//! What can be asked and answered: one call for each method of `AuthenticationServer` and `CredentialKeeper`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::wire_form::{
    AskedForm, Authentication, Bytes, Record, RegistrantForm, Registration, Removed, WhichForm,
};
use crate::authentication_server::{CeremonyToken, Challenge, CredentialKeeper, Refusal, UserId};
use crate::store::StoreError;

/// What the relying party asks.
#[derive(Serialize, Deserialize)]
pub(in crate::authentication_server) enum Call {
    BeginRegistration(RegistrantForm),
    FinishRegistration {
        ceremony: String,
        response: Bytes,
    },
    BeginAuthentication(AskedForm),
    FinishAuthentication {
        ceremony: String,
        response: Bytes,
    },
    Credentials {
        user: Uuid,
    },
    DisabledCredentials,
    EnableCredential {
        credential: Bytes,
    },
    Owner {
        credential: Bytes,
    },
    DeregistrationStatement {
        credential: Bytes,
    },
    ConfirmRegistration {
        user: Uuid,
        credential: Bytes,
        receipt: String,
    },
    Deregister {
        user: Uuid,
        which: WhichForm,
    },
    Ready,
}

/// What the authentication server answers.
#[derive(Serialize, Deserialize)]
pub(in crate::authentication_server) enum Answer {
    Challenge {
        token: String,
        public_key: Value,
        lifetime_ms: i64,
    },
    Registration(Box<Registration>),
    Authentication(Box<Authentication>),
    Credentials(Vec<Record>),
    Owner(Option<Uuid>),
    Statement(String),
    Confirmed(bool),
    Enabled(bool),
    Removed(Removed),
    Ready,
    Refused(Refused),
}

/// Why it refuses. Faults of its own are told by kind only; their words stay in its log.
#[derive(Serialize, Deserialize)]
pub(in crate::authentication_server) enum Refused {
    Malformed(String),
    CeremonyUnknown,
    Failed(String),
    CredentialWaits {
        seconds: u64,
    },
    CredentialDisabled,
    NotAllowed,
    UnknownCredential {
        credential: Bytes,
        statement: String,
    },
    Unavailable,
    Internal,
}

impl Call {
    /// Asks `server`.
    pub(super) async fn carry_out(self, server: &impl CredentialKeeper) -> Result<Answer, Refusal> {
        Ok(match self {
            Self::BeginRegistration(registrant) => {
                Answer::challenge(server.begin_registration(registrant.read()).await?)
            }
            Self::FinishRegistration { ceremony, response } => {
                let done = server
                    .finish_registration(&token(&ceremony)?, &response.read()?)
                    .await?;
                Answer::Registration(Box::new(Registration::of(&done)))
            }
            Self::BeginAuthentication(asked) => {
                Answer::challenge(server.begin_authentication(asked.read()).await?)
            }
            Self::FinishAuthentication { ceremony, response } => {
                let done = server
                    .finish_authentication(&token(&ceremony)?, &response.read()?)
                    .await?;
                Answer::Authentication(Box::new(Authentication::of(&done)))
            }
            Self::Credentials { user } => {
                let records = server.credentials(UserId(user)).await?;
                Answer::Credentials(records.iter().map(Record::of).collect())
            }
            Self::DisabledCredentials => {
                let records = server.disabled_credentials().await?;
                Answer::Credentials(records.iter().map(Record::of).collect())
            }
            Self::EnableCredential { credential } => {
                let enabled = server.enable_credential(&credential.read_id()?).await?;
                Answer::Enabled(enabled)
            }
            Self::Owner { credential } => {
                let owner = server.owner(&credential.read_id()?).await?;
                Answer::Owner(owner.map(|user| user.0))
            }
            Self::DeregistrationStatement { credential } => {
                let credential = credential.read_id()?;
                Answer::Statement(server.deregistration_statement(&credential).await?)
            }
            Self::ConfirmRegistration {
                user,
                credential,
                receipt,
            } => {
                let credential = credential.read_id()?;
                let confirmed = server.confirm_registration(UserId(user), &credential, &receipt);
                Answer::Confirmed(confirmed.await?)
            }
            Self::Deregister { user, which } => {
                let removed = server.deregister(UserId(user), &which.read()?).await?;
                Answer::Removed(Removed::of(&removed))
            }
            Self::Ready => {
                server.ready().await?;
                Answer::Ready
            }
        })
    }
}

fn token(text: &str) -> Result<CeremonyToken, Refusal> {
    CeremonyToken::parse(text).ok_or(Refusal::CeremonyUnknown)
}

impl Answer {
    fn challenge(challenge: Challenge) -> Self {
        Self::Challenge {
            token: challenge.token.to_text(),
            public_key: challenge.public_key,
            lifetime_ms: challenge.lifetime_ms,
        }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        Self::Refused(match refusal {
            Refusal::Malformed(text) => Refused::Malformed(text),
            Refusal::CeremonyUnknown => Refused::CeremonyUnknown,
            Refusal::Failed(text) => Refused::Failed(text.to_owned()),
            Refusal::FailedElsewhere(text) => Refused::Failed(text),
            Refusal::CredentialWaits { seconds } => Refused::CredentialWaits { seconds },
            Refusal::CredentialDisabled => Refused::CredentialDisabled,
            Refusal::NotAllowed(_) => Refused::NotAllowed,
            Refusal::UnknownCredential {
                credential,
                statement,
            } => Refused::UnknownCredential {
                credential: Bytes::id(&credential),
                statement,
            },
            error @ Refusal::Store(StoreError::Unavailable(_)) => {
                tracing::warn!(%error, "unavailable");
                Refused::Unavailable
            }
            error @ (Refusal::Store(_) | Refusal::Random(_) | Refusal::Internal(_)) => {
                tracing::error!(%error, "internal");
                Refused::Internal
            }
        })
    }
}

impl Refused {
    /// The refusal as the relying party sees it.
    pub(in crate::authentication_server) fn read(self) -> Refusal {
        match self {
            Self::Malformed(text) => Refusal::Malformed(text),
            Self::CeremonyUnknown => Refusal::CeremonyUnknown,
            Self::Failed(text) => Refusal::FailedElsewhere(text),
            Self::CredentialWaits { seconds } => Refusal::CredentialWaits { seconds },
            Self::CredentialDisabled => Refusal::CredentialDisabled,
            Self::NotAllowed => Refusal::NotAllowed("that of the authentication server"),
            Self::UnknownCredential {
                credential,
                statement,
            } => match credential.read_id() {
                Ok(credential) => Refusal::UnknownCredential {
                    credential,
                    statement,
                },
                Err(refusal) => refusal,
            },
            Self::Unavailable => Refusal::Store(StoreError::Unavailable(
                "the authentication server's store does not answer".to_owned(),
            )),
            Self::Internal => {
                Refusal::Internal("a fault of the authentication server, see its log")
            }
        }
    }
}
