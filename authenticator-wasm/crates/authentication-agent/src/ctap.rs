//! The agent as an authenticator of CTAP 2.1: bytes in, bytes out, a person and a store in between.
//!
//! A command is a chain of values, one type for each thing awaited, as in [`crate::registration`]: whoever
//! drives it (a browser, a program) does what a [`Step`] asks for and hands the result to the value inside.
//! [`Authenticator::answer`] is such a driver for whoever can wait. One command runs at a time; a step that is
//! dropped ends its command, and nothing has been signed.
//!
//! DEVIATION(CTAP 2.1 6.5): there are no PIN/UV tokens, because a token would set the UV bit for client data
//! that the person was not verified for. The face is asked for in each operation that signs. Of authenticatorClientPIN
//! there is the key agreement that `hmac-secret` needs.

mod choice;
mod drive;
mod info;
mod look;
mod management;
mod operations;
mod person;
mod records;
mod stored;

use ctap2::{CredentialId, Status, get_assertion, make_credential};

pub use choice::AwaitChoice;
pub use drive::Edge;
pub use look::{AwaitCounted, AwaitEnrolment, AwaitLook, AwaitVerdict};
pub use person::{AwaitPerson, Question};
pub use records::{AwaitRecords, Scope};
pub use stored::{AwaitStored, Change};

use crate::authenticator::hmac_secret::{Wanted, open};
use crate::authenticator::pin_uv_auth_protocol::KeyAgreement;
use crate::environment::Environment;

/// How long a platform may take to ask for the next assertion or the next item of a list, in milliseconds
/// (CTAP 2.1, 6.3 and 6.8).
const NEXT_WITHIN_MS: u64 = 30_000;

/// What outlives a command: how to go on with the assertions or the list that it began.
pub struct Authenticator {
    pending: Option<Pending>,
    /// Number of the next look. It begins anywhere, or a platform that sends the same client data again could
    /// foretell the order of turns.
    looks: u32,
    /// Drawn anew with each start; the status to answer with where the generator gave none.
    key_agreement: Result<KeyAgreement, Status>,
}

/// What the next command may continue, until it is too late.
struct Pending {
    until_ms: u64,
    rest: Rest,
}

enum Rest {
    Assertions {
        request: get_assertion::Request,
        credentials: Vec<CredentialId>,
    },
    Rps(Vec<String>),
    Credentials(Vec<CredentialId>),
}

/// What has to happen next.
#[must_use]
pub enum Step {
    /// Nothing: this is the answer, a status byte and, if that is 0, canonical CBOR.
    Answer(Vec<u8>),
    /// The person has to say yes or no.
    Person(AwaitPerson),
    /// Stored records are needed.
    Records(AwaitRecords),
    /// The person has to say which account.
    Choice(AwaitChoice),
    /// Several captures of a person who is new here are needed.
    Enrolment(AwaitEnrolment),
    /// One look at an enrolled person is needed.
    Look(AwaitLook),
    /// Something has to be stored before the answer exists.
    Stored(AwaitStored),
}

/// Why a command ends without what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The person said no, or was not verified. Which of them is not told.
    Denied,
    /// The platform took the command back (CTAPHID_CANCEL).
    Cancelled,
    /// The person did nothing for too long.
    TimedOut,
    /// Camera, models or store failed.
    Failed,
}

impl End {
    /// The answer to a command that ended so.
    #[must_use]
    pub fn answer(self) -> Vec<u8> {
        ctap2::command::answer(Err(match self {
            Self::Denied => Status::OperationDenied,
            Self::Cancelled => Status::KeepaliveCancel,
            Self::TimedOut => Status::UserActionTimeout,
            Self::Failed => Status::Other,
        }))
    }
}

impl Authenticator {
    /// An authenticator that was just switched on.
    pub fn new(env: &mut impl Environment) -> Self {
        let mut looks = [0; 4];
        env.random(&mut looks);
        Self {
            pending: None,
            looks: u32::from_be_bytes(looks),
            key_agreement: KeyAgreement::generate(env),
        }
    }

    /// Begins a command. Whatever the last one left to be continued is dropped, unless this continues it.
    pub fn command(&mut self, message: &[u8], now_ms: u64) -> Step {
        let pending = self.pending.take();
        let rest = pending
            .filter(|pending| now_ms <= pending.until_ms)
            .map(|pending| pending.rest);
        Step::from(operations::begin(message, rest, &self.key_agreement))
    }

    /// Keeps what the next command may continue.
    fn keep(&mut self, rest: Rest, now_ms: u64) {
        let more = match &rest {
            Rest::Assertions { credentials, .. } | Rest::Credentials(credentials) => {
                !credentials.is_empty()
            }
            Rest::Rps(rps) => !rps.is_empty(),
        };
        self.pending = more.then(|| Pending {
            until_ms: now_ms.saturating_add(NEXT_WITHIN_MS),
            rest,
        });
    }

    /// Opens the salts of a platform, if it sent some.
    fn wanted(&self, request: &get_assertion::Request) -> Result<Option<Wanted>, Status> {
        let Some(input) = &request.hmac_secret else {
            return Ok(None);
        };
        let key = self.key_agreement.as_ref().map_err(|status| *status)?;
        open(input, key).map(Some)
    }

    /// A number that no other look of this authenticator has.
    const fn next_look(&mut self) -> u32 {
        let look = self.looks;
        self.looks = look.wrapping_add(1);
        look
    }
}

impl From<Result<Self, Status>> for Step {
    fn from(outcome: Result<Self, Status>) -> Self {
        outcome.unwrap_or_else(|status| Self::Answer(ctap2::command::answer(Err(status))))
    }
}

/// An answer that says yes.
fn done(response: Vec<u8>) -> Step {
    Step::Answer(ctap2::command::answer(Ok(response)))
}

/// A credential to be made, as far as it is known.
struct Making {
    request: make_credential::Request,
    consent: crate::consent::Consent,
    replaced: Option<CredentialId>,
    /// The person, once verified, is to be told that it is excluded.
    excluded: bool,
}

/// An assertion to be made, as far as it is known.
struct Asserting {
    request: get_assertion::Request,
    /// Other credentials that can answer, for authenticatorGetNextAssertion.
    rest: Vec<CredentialId>,
    /// How many can answer in all, where the platform chooses among several and this is the first.
    number: Option<u64>,
    user_selected: bool,
}

#[cfg(test)]
mod tests;
