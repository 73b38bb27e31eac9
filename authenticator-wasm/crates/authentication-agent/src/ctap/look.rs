//! The person before the camera: a new enrolment, or a look whose attempt is counted on disk before it is judged.

use biometric_system::{CeremonyId, Reference, UserVerified};
use ctap2::{CredentialId, Status};
use secret::Secret;

use super::person::{AwaitPerson, Then as Agreed};
use super::stored::AwaitStored;
use super::{Asserting, Authenticator, End, Making, Step};
use crate::attempts::Attempts;
use crate::authenticator::get_assertion::{Selection, advance};
use crate::authenticator::hmac_secret::Wanted;
use crate::authenticator::make_credential::{Binding, create};
use crate::consent::Consent;
use crate::credential_record::CredentialRecord;
use crate::environment::Environment;

/// Several captures of a person who is new here are needed.
pub struct AwaitEnrolment {
    pub(super) making: Making,
}

impl AwaitEnrolment {
    /// The ceremony that the enrolment must be made for.
    #[must_use]
    pub fn ceremony(&self) -> CeremonyId {
        CeremonyId::new(self.making.request.client_data_hash)
    }

    /// Makes the credential and binds it to the new reference.
    pub fn enrolled(
        self,
        reference: Reference,
        proof: UserVerified,
        env: &mut impl Environment,
    ) -> Step {
        let reference = reference.to_bytes();
        Step::from(make(self.making, reference, None, proof, env))
    }
}

fn make(
    making: Making,
    reference: Secret<Vec<u8>>,
    succeeded: Option<(CredentialId, Attempts)>,
    proof: UserVerified,
    env: &mut impl Environment,
) -> Result<Step, Status> {
    let binding = Binding {
        reference,
        consent: making.consent,
        authentication_server_key: None,
        excluded: making.excluded,
        salts: None,
    };
    let created = create(&making.request, binding, proof, env)?;
    let succeeded = succeeded.map(|(id, attempts)| (id, attempts.to_bytes()));
    let stored = AwaitStored::created(created, making.replaced, succeeded);
    Ok(Step::Stored(stored))
}

/// One look at the person enrolled for a credential is needed.
pub struct AwaitLook {
    asker: Asker,
    reference: Reference,
    record: CredentialRecord,
    number: u32,
}

enum Asker {
    Make(Box<Making>),
    Assert(Box<Asserting>, Option<Wanted>),
}

impl AwaitLook {
    pub(super) fn make(making: Making, reference: Reference, record: CredentialRecord) -> Self {
        Self::new(Asker::Make(Box::new(making)), reference, record)
    }

    pub(super) fn assert(
        asserting: Asserting,
        wanted: Option<Wanted>,
        reference: Reference,
        record: CredentialRecord,
    ) -> Self {
        Self::new(
            Asker::Assert(Box::new(asserting), wanted),
            reference,
            record,
        )
    }

    const fn new(asker: Asker, reference: Reference, record: CredentialRecord) -> Self {
        Self {
            asker,
            reference,
            record,
            number: 0,
        }
    }

    /// Gives the look a number.
    pub(super) fn numbered(mut self, authenticator: &mut Authenticator) -> Self {
        self.number = authenticator.next_look();
        self
    }

    /// The look itself, or first the notice if the record's consent is to an older one.
    pub(super) fn or_notice(self) -> Step {
        if self.record.consent.is_current() {
            Step::Look(self)
        } else {
            Step::Person(AwaitPerson::new(Agreed::Look(Box::new(self))))
        }
    }

    pub(super) fn consented(mut self, consent: Consent) -> Self {
        self.record.consent = consent;
        self
    }

    /// The ceremony that the look must be made for.
    #[must_use]
    pub fn ceremony(&self) -> CeremonyId {
        CeremonyId::new(match &self.asker {
            Asker::Make(making) => making.request.client_data_hash,
            Asker::Assert(asserting, _) => asserting.request.client_data_hash,
        })
    }

    /// Number of the look, which no other look has: the order of turns and colours follows from it.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.number
    }

    /// The credential whose enrolled person is wanted.
    #[must_use]
    pub const fn record(&self) -> &CredentialRecord {
        &self.record
    }

    /// Counts the attempt, given the stored count of this credential; `None` is no count yet. To be asked before
    /// the camera opens, and stored before the look is judged.
    ///
    /// # Errors
    /// The answer to give: attempts are not taken now, or the count is damaged.
    pub fn counted(self, stored: Option<&[u8]>, now_ms: u64) -> Result<AwaitCounted, Vec<u8>> {
        let attempts = match stored.map(Attempts::from_bytes).transpose() {
            Ok(attempts) => attempts.unwrap_or_default(),
            Err(_) => return Err(End::Failed.answer()),
        };
        match attempts.begin(now_ms) {
            Ok(counted) => Ok(AwaitCounted {
                look: self,
                counted,
            }),
            Err(_) => Err(End::Denied.answer()),
        }
    }
}

/// The count has to be stored before the look is judged: whoever stops the program now has used up the attempt.
pub struct AwaitCounted {
    look: AwaitLook,
    counted: Attempts,
}

impl AwaitCounted {
    /// The credential whose count this is.
    #[must_use]
    pub const fn record(&self) -> &CredentialRecord {
        &self.look.record
    }

    /// As [`AwaitLook::ceremony`].
    #[must_use]
    pub fn ceremony(&self) -> CeremonyId {
        self.look.ceremony()
    }

    /// As [`AwaitLook::attempt`].
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.look.attempt()
    }

    /// What to store.
    #[must_use]
    pub fn attempts(&self) -> Vec<u8> {
        self.counted.to_bytes()
    }

    /// The count is stored.
    #[must_use]
    pub fn stored(self) -> AwaitVerdict {
        AwaitVerdict {
            look: self.look,
            counted: self.counted,
        }
    }
}

/// The look may be judged.
pub struct AwaitVerdict {
    look: AwaitLook,
    counted: Attempts,
}

impl AwaitVerdict {
    /// What the look is compared with.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.look.reference
    }

    /// It is the enrolled person. Anything else is [`End::Denied`].
    pub fn verified(self, proof: UserVerified, env: &mut impl Environment) -> Step {
        let Self { look, counted } = self;
        Step::from(match look.asker {
            Asker::Make(making) => {
                let succeeded = (look.record.credential_id, counted.succeeded());
                let reference = look.record.reference;
                make(*making, reference, Some(succeeded), proof, env)
            }
            Asker::Assert(asserting, wanted) => advance(
                &asserting.request,
                look.record,
                Selection {
                    by_user: asserting.user_selected,
                    wanted,
                },
                proof,
                env,
            )
            .map(|advanced| {
                Step::Stored(AwaitStored::asserted(
                    advanced,
                    &counted.succeeded(),
                    *asserting,
                ))
            }),
        })
    }
}
