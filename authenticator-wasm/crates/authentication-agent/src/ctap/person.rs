//! A person's yes: to a new credential, to the notice in force, to being the one who is meant, to deleting.

use ctap2::Status;
use ctap2::credential_management::Subcommand;
use ctap2::make_credential;

use super::look::AwaitLook;
use super::records::{AwaitRecords, Then as Found};
use super::stored::AwaitStored;
use super::{Step, done};
use crate::consent::Consent;

/// What the person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question<'a> {
    /// To be captured, for a new credential of this account at this relying party.
    Register {
        /// RP ID.
        rp_id: &'a str,
        /// Account name; empty when the platform told none.
        user_name: &'a str,
    },
    /// To be captured under the notice in force, where the record's consent is to an older one.
    Notice {
        /// RP ID.
        rp_id: &'a str,
        /// Account name.
        user_name: &'a str,
    },
    /// Whether this is the authenticator to use (authenticatorSelection).
    Select,
    /// To erase everything (authenticatorReset).
    Reset,
    /// To tell the platform which credentials are here.
    List,
    /// To delete one of them.
    Delete,
    /// To change the names of one of them.
    Rename,
}

/// The person has to answer.
pub struct AwaitPerson {
    then: Then,
}

pub(super) enum Then {
    Make(make_credential::Request),
    Look(Box<AwaitLook>),
    Select,
    Reset,
    Manage(Subcommand),
}

impl AwaitPerson {
    pub(super) const fn new(then: Then) -> Self {
        Self { then }
    }

    /// What to ask.
    #[must_use]
    pub fn question(&self) -> Question<'_> {
        match &self.then {
            Then::Make(request) => Question::Register {
                rp_id: &request.rp.id,
                user_name: request.user.name.as_deref().unwrap_or_default(),
            },
            Then::Look(look) => Question::Notice {
                rp_id: look.record().rp_id(),
                user_name: look.record().user_name(),
            },
            Then::Select => Question::Select,
            Then::Reset => Question::Reset,
            Then::Manage(Subcommand::DeleteCredential(_)) => Question::Delete,
            Then::Manage(Subcommand::UpdateUserInformation(..)) => Question::Rename,
            Then::Manage(_) => Question::List,
        }
    }

    /// The person said yes; `consent` is to the notice that was shown. A no is [`super::End::Denied`].
    pub fn agreed(self, consent: Consent) -> Step {
        Step::from(self.agree(consent))
    }

    fn agree(self, consent: Consent) -> Result<Step, Status> {
        let current = consent.require_current();
        let found = |then| Step::Records(AwaitRecords::new(then));
        Ok(match self.then {
            Then::Make(request) => {
                let consent = current.map_err(|_| Status::OperationDenied)?;
                found(Found::Make(request, consent))
            }
            Then::Look(look) => {
                let consent = current.map_err(|_| Status::OperationDenied)?;
                Step::Look(look.consented(consent))
            }
            Then::Select => done(Vec::new()),
            Then::Reset => Step::Stored(AwaitStored::erase_all()),
            Then::Manage(subcommand) => found(Found::Manage(subcommand)),
        })
    }
}
