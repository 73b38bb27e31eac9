//! The stored records: which of them a command is about.

use ctap2::get_assertion::{self, Response};
use ctap2::{CredentialId, Status, credential_management::Subcommand, make_credential};

use super::choice::AwaitChoice;
use super::look::{AwaitEnrolment, AwaitLook};
use super::{Asserting, Authenticator, Making, Rest, Step, done, management};
use crate::authenticator::get_assertion::{locate, locate_unverified, probed};
use crate::authenticator::make_credential::{excluded, guard};
use crate::consent::Consent;
use crate::credential_record::CredentialRecord;

/// Which records to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Those of one RP ID. Others are passed over.
    Rp(&'a str),
    /// All there are.
    All,
}

/// Stored records are needed.
pub struct AwaitRecords {
    then: Then,
}

pub(super) enum Then {
    Make(make_credential::Request, Consent),
    Assert(get_assertion::Request),
    Probe(get_assertion::Request),
    Next {
        request: get_assertion::Request,
        credentials: Vec<CredentialId>,
    },
    Manage(Subcommand),
    Continue(Rest),
}

impl AwaitRecords {
    pub(super) const fn new(then: Then) -> Self {
        Self { then }
    }

    /// Which to bring.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        match &self.then {
            Then::Make(request, _) => Scope::Rp(&request.rp.id),
            Then::Assert(request) | Then::Probe(request) | Then::Next { request, .. } => {
                Scope::Rp(&request.rp_id)
            }
            Then::Manage(_) | Then::Continue(_) => Scope::All,
        }
    }

    /// Goes on with the records that were found.
    pub fn found(
        self,
        authenticator: &mut Authenticator,
        records: Vec<CredentialRecord>,
        now_ms: u64,
    ) -> Step {
        Step::from(match self.then {
            Then::Make(request, consent) => make(authenticator, request, consent, records),
            Then::Assert(request) => assert(authenticator, request, records),
            Then::Probe(request) => probe(&request, records),
            Then::Next {
                request,
                credentials,
            } => next(authenticator, request, credentials, records),
            Then::Manage(subcommand) => {
                management::answer(authenticator, subcommand, records, now_ms)
            }
            Then::Continue(rest) => management::go_on(authenticator, rest, records, now_ms),
        })
    }
}

fn make(
    authenticator: &mut Authenticator,
    request: make_credential::Request,
    consent: Consent,
    records: Vec<CredentialRecord>,
) -> Result<Step, Status> {
    if excluded(&request, &records) {
        return Err(Status::CredentialExcluded);
    }
    let guard = guard(&request, records);
    let making = Making {
        request,
        consent,
        replaced: guard.replaced,
        excluded: guard.excluded,
    };
    Ok(match guard.enrolled {
        None => Step::Enrolment(AwaitEnrolment { making }),
        // The consent is new, so no notice is due.
        Some((reference, record)) => {
            Step::Look(AwaitLook::make(making, reference, *record).numbered(authenticator))
        }
    })
}

fn assert(
    authenticator: &mut Authenticator,
    request: get_assertion::Request,
    records: Vec<CredentialRecord>,
) -> Result<Step, Status> {
    let discoverable = request.allow_list.is_none();
    let mut usable: Vec<_> = locate(&request, records)?
        .into_iter()
        .filter(|record| record.reference().is_some())
        .collect();
    if usable.len() > 1 && discoverable {
        return Ok(Step::Choice(AwaitChoice::new(request, usable)));
    }
    // Step 11: of those that the platform listed, one answers; here the one that was used last.
    if usable.is_empty() {
        return Err(Status::NoCredentials);
    }
    let asserting = Asserting {
        request,
        rest: Vec::new(),
        number: None,
        user_selected: false,
    };
    look(authenticator, asserting, usable.swap_remove(0))
}

fn next(
    authenticator: &mut Authenticator,
    request: get_assertion::Request,
    mut credentials: Vec<CredentialId>,
    records: Vec<CredentialRecord>,
) -> Result<Step, Status> {
    if credentials.is_empty() {
        return Err(Status::NotAllowed);
    }
    let next = credentials.remove(0);
    let record = records
        .into_iter()
        .find(|record| record.credential_id == next && record.rp_id() == request.rp_id)
        // Deleted in the meantime.
        .ok_or(Status::NotAllowed)?;
    let asserting = Asserting {
        request,
        rest: credentials,
        number: None,
        user_selected: false,
    };
    look(authenticator, asserting, record)
}

pub(super) fn look(
    authenticator: &mut Authenticator,
    asserting: Asserting,
    record: CredentialRecord,
) -> Result<Step, Status> {
    let reference = record.reference().ok_or(Status::NoCredentials)?;
    // Salts that do not open are refused before the camera does.
    let wanted = authenticator.wanted(&asserting.request)?;
    let look = AwaitLook::assert(asserting, wanted, reference, record);
    Ok(look.numbered(authenticator).or_notice())
}

/// Whether one of the listed credentials is here. Nothing is signed.
fn probe(request: &get_assertion::Request, records: Vec<CredentialRecord>) -> Result<Step, Status> {
    let found = locate_unverified(request, records)?.into_iter().next();
    let response: Response = probed(&found.ok_or(Status::NoCredentials)?);
    Ok(done(response.to_cbor()?))
}
