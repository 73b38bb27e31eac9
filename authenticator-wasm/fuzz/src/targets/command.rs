//! Raw messages of a platform into a live agent: whatever they are, and whatever the person and the store do, there is
//! no signature and no UV bit without a proof of this very command.

use std::collections::BTreeMap;

use authentication_agent::ctap::{Authenticator, Change, End, Scope, Step};
use authentication_agent::{Consent, CredentialRecord, Environment, consent};
use biometric_system::{CeremonyId, Decision};
use ctap2::KeyAgreementKey;
use ctap2::cbor::{self, Value};

use super::Target;
use crate::seeds::{self, Counting, commands};

/// A script of the person and the store, then messages, each after its length.
pub(super) const COMMAND: Target = Target {
    name: "ctap2-command",
    run: |bytes| {
        let Some((script, mut rest)) = bytes.split_at_checked(commands::SCRIPT) else {
            return;
        };
        let mut world = World::new(script.to_vec());
        let mut authenticator = Authenticator::new(&mut world.env);
        while let Some((length, after)) = rest.split_first_chunk() {
            let length = usize::from(u16::from_be_bytes(*length)).min(after.len());
            let (message, after) = after.split_at(length);
            rest = after;
            world.proofs = 0;
            let step = authenticator.command(message, world.env.now_ms());
            let answer = world.drive(&mut authenticator, step);
            check(message, &answer, world.proofs);
        }
    },
    seeds: || {
        let record = CredentialRecord::from_cbor(&seeds::record()).expect("our own record is read");
        commands::all(record.credential_id(), &key_of_the_authenticator())
    },
};

/// The same at every start, since the generator counts.
fn key_of_the_authenticator() -> KeyAgreementKey {
    let mut world = World::new(vec![0]);
    let mut authenticator = Authenticator::new(&mut world.env);
    let step = authenticator.command(b"\x06\xa2\x01\x01\x02\x02", 0);
    let answer = world.drive(&mut authenticator, step);
    let answer = ctap2::client_pin::Response::from_cbor(&answer[1..]);
    answer.expect("a key").key_agreement
}

/// An answer is a refusal of one byte, or a status and canonical CBOR; what is signed or says that the user was
/// verified has its proof.
fn check(message: &[u8], answer: &[u8], proofs: u32) {
    let (status, response) = answer.split_first().expect("a status");
    if *status != 0 {
        assert!(response.is_empty(), "a refusal says nothing more");
        return;
    }
    if response.is_empty() {
        return;
    }
    let Ok(Value::Map(members)) = cbor::decode(response) else {
        panic!("an answer is a canonical map");
    };
    if !matches!(message.first(), Some(0x01 | 0x02 | 0x08)) {
        assert_eq!(proofs, 0, "no look for anything else");
        return;
    }
    let member = |key: i64| {
        let mut members = members.iter();
        let found = members.find(|(found, _)| *found == Value::from(key));
        found.map(|(_, value)| value)
    };
    let signed = match member(3) {
        Some(Value::Bytes(signature)) => !signature.is_empty(),
        Some(Value::Map(statement)) => !statement.is_empty(),
        _ => panic!("neither a signature nor a statement"),
    };
    let Some(Value::Bytes(data)) = member(2) else {
        panic!("no authenticator data");
    };
    let data = ctap2::AuthenticatorData::parse(data).expect("authenticator data");
    let told = data.flags.user_verified || data.flags.user_present || data.extensions.is_some();
    assert_eq!(
        signed,
        proofs == 1,
        "a signature for each proof, and none without"
    );
    assert!(signed || !told, "nothing is told of nobody");
    assert_eq!(data.flags.user_verified, signed);
}

/// Rows in memory, one enrolled person, and a script that says what happens.
struct World {
    env: Counting,
    records: BTreeMap<Vec<u8>, Vec<u8>>,
    attempts: BTreeMap<Vec<u8>, Vec<u8>>,
    script: Vec<u8>,
    at: usize,
    /// Proofs that were handed over in this command, for its own ceremony.
    proofs: u32,
}

impl World {
    fn new(script: Vec<u8>) -> Self {
        let record = seeds::record();
        let id = CredentialRecord::from_cbor(&record).expect("our own record is read");
        Self {
            env: Counting(0),
            records: BTreeMap::from([(id.credential_id().to_vec(), record)]),
            attempts: BTreeMap::new(),
            script,
            at: 0,
            proofs: 0,
        }
    }

    fn next(&mut self) -> u8 {
        let next = self.script[self.at % self.script.len()];
        self.at += 1;
        next
    }

    fn drive(&mut self, authenticator: &mut Authenticator, mut step: Step) -> Vec<u8> {
        // A chain that does not end would be a find: the fuzzer's own time limit reports it.
        loop {
            step = match self.step(authenticator, step) {
                Ok(Step::Answer(answer)) => return answer,
                Ok(step) => step,
                Err(end) => return end.answer(),
            };
        }
    }

    fn step(&mut self, authenticator: &mut Authenticator, step: Step) -> Result<Step, End> {
        let now_ms = self.env.now_ms();
        Ok(match step {
            Step::Answer(answer) => Step::Answer(answer),
            Step::Person(person) => {
                let version = match self.next() {
                    0 => consent::NOTICE_VERSION,
                    1 => return Err(End::Denied),
                    2 => return Err(End::Cancelled),
                    other => u32::from(other),
                };
                let _ = format!("{:?}", person.question());
                person.agreed(Consent {
                    version,
                    at_ms: now_ms,
                })
            }
            Step::Records(records) => {
                let rows = self.records.values();
                let rows = rows.map(|row| CredentialRecord::from_cbor(row).expect("as stored"));
                let scope = records.scope();
                let found = rows.filter(|row| match scope {
                    Scope::Rp(rp_id) => row.rp_id() == rp_id,
                    Scope::All => true,
                });
                let found = found.collect();
                records.found(authenticator, found, now_ms)
            }
            Step::Choice(choice) => match self.next() {
                0 => choice.left_to_the_platform(authenticator),
                at => {
                    let accounts = choice.accounts();
                    let account = &accounts[usize::from(at) % accounts.len()];
                    let id = account.credential_id().to_vec();
                    choice.chosen(authenticator, &id)
                }
            },
            Step::Enrolment(enrolment) => {
                let proof = seeds::proof(match self.next() {
                    0 => self.proven(enrolment.ceremony()),
                    1 => return Err(End::Denied),
                    _ => CeremonyId::new([0xee; 32]),
                });
                enrolment.enrolled(seeds::own_reference(), proof, &mut self.env)
            }
            Step::Look(look) => {
                let id = look.record().credential_id().to_vec();
                let counted = match look.counted(self.attempts.get(&id).map(Vec::as_slice), now_ms)
                {
                    Ok(counted) => counted,
                    Err(answer) => return Ok(Step::Answer(answer)),
                };
                let what = self.next();
                let ceremony = match what {
                    2 => CeremonyId::new([0xee; 32]),
                    _ => counted.ceremony(),
                };
                let verification = seeds::look(ceremony, what != 1);
                self.attempts.insert(id, counted.attempts());
                let verdict = counted.stored();
                match verification.decide(verdict.reference()) {
                    Decision::Accepted(proof) => {
                        self.proofs += u32::from(what != 2);
                        verdict.verified(proof, &mut self.env)
                    }
                    Decision::Refused => return Err(End::Denied),
                }
            }
            Step::Stored(stored) => {
                if self.next() == 3 {
                    return Err(End::Failed);
                }
                for change in stored.changes() {
                    self.apply(&change);
                }
                stored.stored(authenticator, now_ms)
            }
        })
    }

    /// Counts a proof that is for this command's own ceremony.
    fn proven(&mut self, ceremony: CeremonyId) -> CeremonyId {
        self.proofs += 1;
        ceremony
    }

    fn apply(&mut self, change: &Change<'_>) {
        match change {
            Change::Put(record) => {
                let bytes = record.to_cbor().expect("a record can be written");
                let bytes = bytes.expose_secret("kept in memory").clone();
                self.records.insert(record.credential_id().to_vec(), bytes);
            }
            Change::Count {
                credential_id,
                attempts,
                ..
            } => {
                self.attempts
                    .insert(credential_id.to_vec(), attempts.to_vec());
            }
            Change::Erase { credential_id, .. } => {
                self.records.remove(*credential_id);
                self.attempts.remove(*credential_id);
            }
            Change::EraseAll => {
                self.records.clear();
                self.attempts.clear();
            }
        }
    }
}
