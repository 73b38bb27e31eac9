//! What must be on disk before the answer exists.

use ctap2::{CredentialId, Status};

use super::{Asserting, Authenticator, Rest, Step, done};
use crate::attempts::Attempts;
use crate::authenticator::get_assertion::Advanced;
use crate::authenticator::make_credential::Created;
use crate::credential_record::CredentialRecord;

/// One change of the store.
#[derive(Debug)]
pub enum Change<'a> {
    /// Write this record, in place of one with its credential ID. Seal it.
    Put(&'a CredentialRecord),
    /// Write the attempt count of the record with this credential ID at this RP ID.
    Count {
        /// RP ID.
        rp_id: &'a str,
        /// Credential ID.
        credential_id: &'a [u8],
        /// The count's byte form.
        attempts: &'a [u8],
    },
    /// Erase the record with this credential ID at this RP ID, and its attempt count.
    Erase {
        /// RP ID.
        rp_id: &'a str,
        /// Credential ID.
        credential_id: &'a [u8],
    },
    /// Erase everything.
    EraseAll,
}

/// Changes have to be stored, in one transaction.
pub struct AwaitStored {
    finish: Finish,
}

enum Finish {
    Created {
        created: Box<Created>,
        replaced: Option<CredentialId>,
        /// The credential whose person allowed it, and the count of its attempts.
        allowed: Option<(CredentialId, Vec<u8>)>,
    },
    Asserted {
        advanced: Box<Advanced>,
        attempts: Vec<u8>,
        asserting: Box<Asserting>,
    },
    Put(Box<CredentialRecord>),
    Erased(Box<CredentialRecord>),
    ErasedAll,
}

impl AwaitStored {
    pub(super) fn created(
        created: Created,
        replaced: Option<CredentialId>,
        allowed: Option<(CredentialId, Vec<u8>)>,
    ) -> Self {
        Self {
            finish: Finish::Created {
                created: Box::new(created),
                allowed: allowed.filter(|(id, _)| replaced.as_ref() != Some(id)),
                replaced,
            },
        }
    }

    pub(super) fn asserted(advanced: Advanced, attempts: &Attempts, asserting: Asserting) -> Self {
        Self {
            finish: Finish::Asserted {
                advanced: Box::new(advanced),
                attempts: attempts.to_bytes(),
                asserting: Box::new(asserting),
            },
        }
    }

    pub(super) fn put(record: CredentialRecord) -> Self {
        Self {
            finish: Finish::Put(Box::new(record)),
        }
    }

    pub(super) fn erase(record: CredentialRecord) -> Self {
        Self {
            finish: Finish::Erased(Box::new(record)),
        }
    }

    pub(super) const fn erase_all() -> Self {
        Self {
            finish: Finish::ErasedAll,
        }
    }

    /// What to store: all of it or nothing.
    #[must_use]
    pub fn changes(&self) -> Vec<Change<'_>> {
        match &self.finish {
            Finish::Created {
                created,
                replaced,
                allowed,
            } => {
                let record = &created.record;
                let rp_id = record.rp_id();
                let erase = replaced.iter().map(|replaced| Change::Erase {
                    rp_id,
                    credential_id: replaced.as_bytes(),
                });
                let count = allowed.iter().map(|(id, attempts)| Change::Count {
                    rp_id,
                    credential_id: id.as_bytes(),
                    attempts,
                });
                erase.chain(count).chain([Change::Put(record)]).collect()
            }
            Finish::Asserted {
                advanced, attempts, ..
            } => {
                let record = &advanced.record;
                let count = Change::Count {
                    rp_id: record.rp_id(),
                    credential_id: record.credential_id(),
                    attempts,
                };
                vec![Change::Put(record), count]
            }
            Finish::Put(record) => vec![Change::Put(record)],
            Finish::Erased(record) => vec![Change::Erase {
                rp_id: record.rp_id(),
                credential_id: record.credential_id(),
            }],
            Finish::ErasedAll => vec![Change::EraseAll],
        }
    }

    /// The store has said yes: signs what is to be signed, and answers. A no is [`super::End::Failed`].
    pub fn stored(self, authenticator: &mut Authenticator, now_ms: u64) -> Step {
        Step::from(self.finish.answer(authenticator, now_ms))
    }
}

impl Finish {
    fn answer(self, authenticator: &mut Authenticator, now_ms: u64) -> Result<Step, Status> {
        Ok(done(match self {
            Self::Created { created, .. } => created.attest()?.to_cbor()?,
            Self::Asserted {
                advanced,
                asserting,
                ..
            } => {
                let mut response = advanced.assert()?;
                response.number_of_credentials = asserting.number;
                let response = response.to_cbor()?;
                let rest = Rest::Assertions {
                    request: asserting.request,
                    credentials: asserting.rest,
                };
                authenticator.keep(rest, now_ms);
                response
            }
            Self::Put(_) | Self::Erased(_) | Self::ErasedAll => Vec::new(),
        }))
    }
}
