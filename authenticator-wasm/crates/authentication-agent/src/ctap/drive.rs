//! A driver for whoever can wait for the person and the disk: one command, one answer.

use biometric_system::{CeremonyId, Decision, Reference, UserVerified, Verification};

use super::{Authenticator, AwaitChoice, AwaitLook, Change, End, Question, Scope, Step};
use crate::consent::Consent;
use crate::credential_record::CredentialRecord;
use crate::environment::Environment;

/// What a driver does for the authenticator.
pub trait Edge: Environment {
    /// Asks the person; the consent is to the notice that was shown.
    ///
    /// # Errors
    /// The person said no, or nothing.
    fn ask(&mut self, question: Question<'_>) -> Result<Consent, End>;

    /// Reads stored records.
    ///
    /// # Errors
    /// The store failed.
    fn records(&mut self, scope: Scope<'_>) -> Result<Vec<CredentialRecord>, End>;

    /// Asks which account; `None` when nobody can be asked.
    ///
    /// # Errors
    /// The person chose none.
    fn choose(&mut self, accounts: &[CredentialRecord]) -> Result<Option<Vec<u8>>, End>;

    /// Enrols the person before the camera.
    ///
    /// # Errors
    /// The enrolment failed.
    fn enrol(&mut self, ceremony: CeremonyId) -> Result<(Reference, UserVerified), End>;

    /// Makes one look, without judging it.
    ///
    /// # Errors
    /// There is no camera, or the look was broken off.
    fn look(&mut self, ceremony: CeremonyId, attempt: u32) -> Result<Verification, End>;

    /// Reads the attempt count of a record.
    ///
    /// # Errors
    /// The store failed.
    fn attempts(&mut self, record: &CredentialRecord) -> Result<Option<Vec<u8>>, End>;

    /// Stores all the changes, or none.
    ///
    /// # Errors
    /// The store failed.
    fn store(&mut self, changes: &[Change<'_>]) -> Result<(), End>;
}

impl Authenticator {
    /// Answers one command: status byte and CBOR.
    pub fn answer(&mut self, message: &[u8], edge: &mut impl Edge) -> Vec<u8> {
        let mut step = self.command(message, edge.now_ms());
        loop {
            step = match self.step(step, edge) {
                Ok(Step::Answer(answer)) => return answer,
                Ok(step) => step,
                Err(end) => return end.answer(),
            };
        }
    }

    fn step(&mut self, step: Step, edge: &mut impl Edge) -> Result<Step, End> {
        Ok(match step {
            Step::Answer(answer) => Step::Answer(answer),
            Step::Person(person) => {
                let consent = edge.ask(person.question())?;
                person.agreed(consent)
            }
            Step::Records(records) => {
                let found = edge.records(records.scope())?;
                records.found(self, found, edge.now_ms())
            }
            Step::Choice(choice) => self.choice(choice, edge)?,
            Step::Enrolment(enrolment) => {
                let (reference, proof) = edge.enrol(enrolment.ceremony())?;
                enrolment.enrolled(reference, proof, edge)
            }
            Step::Look(look) => Self::look(look, edge)?,
            Step::Stored(stored) => {
                edge.store(&stored.changes())?;
                stored.stored(self, edge.now_ms())
            }
        })
    }

    fn choice(&mut self, choice: AwaitChoice, edge: &mut impl Edge) -> Result<Step, End> {
        Ok(match edge.choose(choice.accounts())? {
            Some(id) => choice.chosen(self, &id),
            None => choice.left_to_the_platform(self),
        })
    }

    fn look(look: AwaitLook, edge: &mut impl Edge) -> Result<Step, End> {
        // The camera does not open while attempts are not taken.
        let stored = edge.attempts(look.record())?;
        let counted = match look.counted(stored.as_deref(), edge.now_ms()) {
            Ok(counted) => counted,
            Err(answer) => return Ok(Step::Answer(answer)),
        };
        let verification = edge.look(counted.ceremony(), counted.attempt())?;
        edge.store(&[Change::Count {
            rp_id: counted.record().rp_id(),
            credential_id: counted.record().credential_id(),
            attempts: &counted.attempts(),
        }])?;
        let verdict = counted.stored();
        match verification.decide(verdict.reference()) {
            Decision::Accepted(proof) => Ok(verdict.verified(proof, edge)),
            Decision::Refused => Err(End::Denied),
        }
    }
}
