//! Several accounts can answer: the person says which, or the platform does.

use ctap2::{Status, get_assertion::Request};

use super::records::look;
use super::{Asserting, Authenticator, Step};
use crate::credential_record::CredentialRecord;

/// The person has to say which account (CTAP 2.1, 6.2.2 step 12).
pub struct AwaitChoice {
    request: Request,
    records: Vec<CredentialRecord>,
}

impl AwaitChoice {
    pub(super) const fn new(request: Request, records: Vec<CredentialRecord>) -> Self {
        Self { request, records }
    }

    /// The credentials to choose from, most recently used first.
    #[must_use]
    pub fn accounts(&self) -> &[CredentialRecord] {
        &self.records
    }

    /// The person chose one.
    pub fn chosen(mut self, authenticator: &mut Authenticator, credential_id: &[u8]) -> Step {
        let mut records = self.records.drain(..);
        let chosen = records.find(|record| record.credential_id() == credential_id);
        drop(records);
        let asserting = Asserting {
            request: self.request,
            rest: Vec::new(),
            number: None,
            user_selected: true,
        };
        Step::from(
            chosen
                .ok_or(Status::OperationDenied)
                .and_then(|record| look(authenticator, asserting, record)),
        )
    }

    /// Nobody can be asked here: the last used one answers, and the platform fetches the others by
    /// authenticatorGetNextAssertion. DEVIATION(CTAP 2.1 6.3): each of them needs a look of its own, since each
    /// has its own enrolled person, and one look signs once.
    pub fn left_to_the_platform(mut self, authenticator: &mut Authenticator) -> Step {
        if self.records.is_empty() {
            return Step::from(Err(Status::NoCredentials));
        }
        let first = self.records.remove(0);
        let rest: Vec<_> = self
            .records
            .into_iter()
            .map(|record| record.credential_id)
            .collect();
        let number = u64::try_from(rest.len()).map_or(u64::MAX, |rest| rest.saturating_add(1));
        let asserting = Asserting {
            request: self.request,
            rest,
            number: Some(number),
            user_selected: false,
        };
        Step::from(look(authenticator, asserting, first))
    }
}
