//! One look at the camera, from its first frame to what the vault must hold before anything is answered.

use authentication_agent::{
    CredentialRecord, Environment,
    attempts::{Attempts, Wait},
    authentication, registration,
};
use biometric_system::{
    BiometricSystem, Decision, Enrolment, Frame, Light, Reference, Step, UserVerified, Verification,
};

use super::{Failure, records, round::Round};
use secret::Secret;

use crate::{
    environment::Browser,
    event::{Event, Reason},
    provider,
    vault::{Change, Vault},
};

/// Who waits for the outcome of a verification.
pub(super) enum Asker {
    Authentication(authentication::AwaitVerification),
    /// Registration of an account that already has a credential here: its face must allow the new one.
    Replacement(registration::AwaitVerification),
}

pub(super) enum Look {
    Enrolment {
        asker: registration::AwaitEnrolment,
        run: Enrolment,
    },
    Verification {
        asker: Asker,
        run: Verification,
        round: Round,
    },
}

impl Asker {
    fn reference(&self) -> &Reference {
        match self {
            Self::Authentication(asker) => asker.reference(),
            Self::Replacement(asker) => asker.reference(),
        }
    }

    fn record(&self) -> &CredentialRecord {
        match self {
            Self::Authentication(asker) => asker.record(),
            Self::Replacement(asker) => asker.record(),
        }
    }

    fn run(&self, round: Round) -> Verification {
        let ceremony = match self {
            Self::Authentication(asker) => asker.ceremony(),
            Self::Replacement(asker) => asker.ceremony(),
        };
        Verification::start(ceremony, round.attempt(), round.light())
    }
}

impl Look {
    pub(super) fn enrolment(asker: registration::AwaitEnrolment) -> Self {
        let run = Enrolment::start(asker.ceremony());
        Self::Enrolment { asker, run }
    }

    pub(super) fn authentication(asker: authentication::AwaitVerification, light: Light) -> Self {
        Self::verification(Asker::Authentication(asker), Round::first(light))
    }

    pub(super) fn replacement(asker: registration::AwaitVerification, light: Light) -> Self {
        Self::verification(Asker::Replacement(asker), Round::first(light))
    }

    fn verification(asker: Asker, round: Round) -> Self {
        let run = asker.run(round);
        Self::Verification { asker, run, round }
    }

    /// A fresh run for the same request; whatever the old one captured is wiped.
    pub(super) fn again(self, light: Light) -> Self {
        match self {
            Self::Enrolment { asker, .. } => Self::enrolment(asker),
            Self::Verification { asker, round, .. } => Self::verification(asker, round.next(light)),
        }
    }

    pub(super) const fn needed(&self) -> u8 {
        match self {
            Self::Enrolment { .. } => Enrolment::NEEDED,
            Self::Verification { .. } => Verification::NEEDED,
        }
    }

    pub(super) fn offer(&mut self, system: &BiometricSystem, frame: Frame) -> Step {
        match self {
            Self::Enrolment { run, .. } => run.offer(system, frame),
            Self::Verification { run, round, .. } => {
                round.begin();
                run.offer(system, frame)
            }
        }
    }

    /// The refusal to give without opening the camera, if the attempts are used up for now.
    pub(super) async fn must_wait(
        &self,
        vault: &Vault,
        now_ms: u64,
    ) -> Result<Option<Event>, Failure> {
        match self {
            Self::Enrolment { .. } => Ok(None),
            Self::Verification { asker, .. } => {
                let attempts = read_attempts(vault, asker.record()).await?;
                Ok(attempts
                    .begin(now_ms)
                    .err()
                    .map(|wait| wait_event(&wait, now_ms)))
            }
        }
    }

    /// Ends the look. The second value is the look to go on with after a refusal.
    pub(super) async fn complete(
        self,
        environment: &mut Browser,
    ) -> Result<(Event, Option<Self>), Failure> {
        match self {
            Self::Enrolment { asker, run } => {
                let (reference, verified) =
                    run.finish().map_err(|_| Failure("enrolment-failed"))?;
                let stored = asker.enrolled(reference, verified, environment)?;
                Ok((registered(stored).await?, None))
            }
            Self::Verification { asker, run, round } => {
                verify(asker, run, round, environment).await
            }
        }
    }
}

async fn read_attempts(vault: &Vault, record: &CredentialRecord) -> Result<Attempts, Failure> {
    let (_, row) = records::rows(record.rp_id(), record.credential_id());
    match vault.read(&row).await? {
        Some(plain) => Ok(Attempts::from_bytes(
            plain.expose_secret("to parse the counter"),
        )?),
        None => Ok(Attempts::default()),
    }
}

fn wait_event(wait: &Wait, now_ms: u64) -> Event {
    Event::Refused {
        reason: Reason::Wait,
        wait_ms: wait.until_ms.saturating_sub(now_ms),
        tries_left: 0,
    }
}

async fn verify(
    asker: Asker,
    run: Verification,
    round: Round,
    environment: &mut Browser,
) -> Result<(Event, Option<Look>), Failure> {
    let vault = Vault::open().await?;
    let now_ms = environment.now_ms();
    let attempts_row = records::rows(asker.record().rp_id(), asker.record().credential_id()).1;
    let counted = match read_attempts(&vault, asker.record()).await?.begin(now_ms) {
        Ok(counted) => counted,
        Err(wait) => {
            let look = Look::verification(asker, round.next(round.light()));
            return Ok((wait_event(&wait, now_ms), Some(look)));
        }
    };
    // Counted before the match: whoever stops the page now has used up the attempt all the same.
    vault
        .write(vec![Change::Put(
            attempts_row,
            Secret::new(counted.to_bytes()),
        )])
        .await?;

    match run.decide(asker.reference()) {
        Decision::Refused => {
            let event = match counted.begin(now_ms) {
                Ok(_) => Event::Refused {
                    reason: Reason::NoMatch,
                    wait_ms: 0,
                    tries_left: counted.free_left(),
                },
                Err(wait) => wait_event(&wait, now_ms),
            };
            let look = Look::verification(asker, round.next(round.light()));
            Ok((event, Some(look)))
        }
        Decision::Accepted(verified) => {
            let event = accepted(&vault, asker, &counted, verified, environment).await?;
            Ok((event, None))
        }
    }
}

async fn accepted(
    vault: &Vault,
    asker: Asker,
    counted: &Attempts,
    verified: UserVerified,
    environment: &mut Browser,
) -> Result<Event, Failure> {
    match asker {
        Asker::Authentication(asker) => {
            let stored = asker.verified(verified, environment)?;
            let record = stored.record();
            let (row, attempts_row) = records::rows(record.rp_id(), record.credential_id());
            // The advanced counter is on disk before the assertion exists outside.
            vault
                .write(vec![
                    Change::Put(row, record.to_cbor()?),
                    Change::Put(attempts_row, Secret::new(counted.succeeded().to_bytes())),
                ])
                .await?;
            Ok(Event::Done {
                credential: stored.stored()?,
            })
        }
        Asker::Replacement(asker) => registered(asker.verified(verified, environment)?).await,
    }
}

/// Stores the new record, and removes the one it replaces, in one transaction.
async fn registered(mut stored: registration::AwaitStored) -> Result<Event, Failure> {
    // Before anything is stored: who closes the page meanwhile has no credential that nobody knows.
    if let Some(key) = stored.attestation_key()?
        && let Some(certificates) = provider::certify(&key).await
    {
        stored = stored.certified(certificates)?;
    }
    let vault = Vault::open().await?;
    let record = stored.record();
    let (row, _) = records::rows(record.rp_id(), record.credential_id());
    let mut changes = vec![Change::Put(row, record.to_cbor()?)];
    if let Some(replaced) = stored.replaces() {
        changes.extend(records::deletions(record.rp_id(), replaced));
    }
    vault.write(changes).await?;
    Ok(Event::Done {
        credential: stored.stored()?,
    })
}
