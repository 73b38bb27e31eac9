//! A device for the tests: rows in memory, a clock moved by hand, one person before the camera.
use std::collections::BTreeMap;

use biometric_system::{CeremonyId, Reference, UserVerified, Verification};
use ctap2::cbor::{Fields, Value};
use ctap2::{Command, RpEntity, Status, UserEntity, get_assertion as ga, make_credential as mc};

use crate::consent::Consent;
use crate::credential_record::CredentialRecord;
use crate::ctap::{Authenticator, Change, Edge, End, Question, Scope};
use crate::environment::Environment;
use crate::test_support::{Double, Person, consent, proof};

/// Rows as the edge would seal them.
type Rows = BTreeMap<(String, Vec<u8>), Vec<u8>>;

pub(super) struct Device {
    pub(super) authenticator: Option<Authenticator>,
    pub(super) world: World,
}

pub(super) struct World {
    pub(super) env: Double,
    pub(super) records: Rows,
    pub(super) counts: Rows,
    pub(super) person: Person,
    /// What the person says to every question.
    pub(super) says: Result<Consent, End>,
    /// Which of the accounts the person chooses, by its place; nobody can be asked when `None`.
    pub(super) chooses: Option<usize>,
    /// What was asked, and what was done, in words.
    pub(super) log: Vec<String>,
    /// The store fails from now on after so many transactions.
    pub(super) writes_left: usize,
    /// Numbers of the looks.
    pub(super) looks: Vec<u32>,
}

impl Device {
    pub(super) fn new() -> Self {
        let mut env = Double::new();
        Self {
            authenticator: Some(Authenticator::new(&mut env)),
            world: World {
                env,
                records: Rows::new(),
                counts: Rows::new(),
                person: Person::Enrolled,
                says: Ok(consent()),
                chooses: None,
                log: Vec::new(),
                writes_left: usize::MAX,
                looks: Vec::new(),
            },
        }
    }

    /// Switched off and on again: only the store stays.
    pub(super) fn restart(&mut self) {
        self.authenticator = Some(Authenticator::new(&mut self.world.env));
    }

    pub(super) fn raw(&mut self, message: &[u8]) -> Vec<u8> {
        self.world.env.now_ms += 1000;
        let mut authenticator = self.authenticator.take().unwrap();
        let answer = authenticator.answer(message, &mut self.world);
        self.authenticator = Some(authenticator);
        answer
    }

    /// The answer's CBOR, or its status.
    pub(super) fn send(&mut self, command: &Command) -> Result<Vec<u8>, u8> {
        let answer = self.raw(&command.to_bytes().unwrap());
        match answer.split_first().unwrap() {
            (0, response) => Ok(response.to_vec()),
            (status, rest) => {
                assert!(rest.is_empty(), "a refusal says nothing more");
                Err(*status)
            }
        }
    }

    pub(super) fn refused(&mut self, command: &Command) -> u8 {
        self.send(command).unwrap_err()
    }

    pub(super) fn make(&mut self, request: mc::Request) -> mc::Response {
        let response = self.send(&Command::MakeCredential(request)).unwrap();
        mc::Response::from_cbor(&response).unwrap()
    }

    pub(super) fn get(&mut self, request: ga::Request) -> ga::Response {
        let response = self.send(&Command::GetAssertion(request)).unwrap();
        ga::Response::from_cbor(&response).unwrap()
    }

    pub(super) fn fields(&mut self, command: &Command) -> Fields {
        Fields::decode(&self.send(command).unwrap(), "answer").unwrap()
    }

    pub(super) fn count(&self) -> usize {
        self.world.records.len()
    }
}

impl Environment for World {
    fn random(&mut self, out: &mut [u8]) {
        self.env.random(out);
    }

    fn now_ms(&self) -> u64 {
        self.env.now_ms
    }
}

impl Edge for World {
    fn ask(&mut self, question: Question<'_>) -> Result<Consent, End> {
        self.log.push(format!("{question:?}"));
        self.says
    }

    fn records(&mut self, scope: Scope<'_>) -> Result<Vec<CredentialRecord>, End> {
        let wanted = |rp_id: &str| scope == Scope::All || scope == Scope::Rp(rp_id);
        let rows = self.records.iter().filter(|((rp_id, _), _)| wanted(rp_id));
        Ok(rows
            .map(|(_, bytes)| CredentialRecord::from_cbor(bytes).unwrap())
            .collect())
    }

    fn choose(&mut self, accounts: &[CredentialRecord]) -> Result<Option<Vec<u8>>, End> {
        let names: Vec<_> = accounts.iter().map(CredentialRecord::user_name).collect();
        self.log.push(format!("choose of {names:?}"));
        Ok(self.chooses.map(|at| accounts[at].credential_id().to_vec()))
    }

    fn enrol(&mut self, ceremony: CeremonyId) -> Result<(Reference, UserVerified), End> {
        self.log.push("enrol".into());
        Ok((self.person.reference(), proof(ceremony)))
    }

    fn look(&mut self, ceremony: CeremonyId, attempt: u32) -> Result<Verification, End> {
        self.log.push("look".into());
        self.looks.push(attempt);
        Ok(self.person.before_the_camera(ceremony))
    }

    fn attempts(&mut self, record: &CredentialRecord) -> Result<Option<Vec<u8>>, End> {
        let key = (record.rp_id().to_owned(), record.credential_id().to_vec());
        Ok(self.counts.get(&key).cloned())
    }

    fn store(&mut self, changes: &[Change<'_>]) -> Result<(), End> {
        self.writes_left = self.writes_left.checked_sub(1).ok_or(End::Failed)?;
        for change in changes {
            match change {
                Change::Put(record) => {
                    let key = (record.rp_id().to_owned(), record.credential_id().to_vec());
                    let bytes = record.to_cbor().unwrap();
                    self.records
                        .insert(key, bytes.expose_secret("test").clone());
                }
                Change::Count {
                    rp_id,
                    credential_id,
                    attempts,
                } => {
                    let key = ((*rp_id).to_owned(), credential_id.to_vec());
                    self.counts.insert(key, attempts.to_vec());
                }
                Change::Erase {
                    rp_id,
                    credential_id,
                } => {
                    let key = ((*rp_id).to_owned(), credential_id.to_vec());
                    self.records.remove(&key);
                    self.counts.remove(&key);
                }
                Change::EraseAll => {
                    self.records.clear();
                    self.counts.clear();
                }
            }
        }
        Ok(())
    }
}

pub(super) const fn status(status: Status) -> u8 {
    status.to_byte()
}

/// A discoverable credential for this account.
pub(super) fn creation(rp_id: &str, user: &str) -> mc::Request {
    mc::Request {
        client_data_hash: [3; 32],
        rp: RpEntity {
            id: rp_id.into(),
            name: None,
        },
        user: UserEntity {
            id: user.as_bytes().to_vec(),
            name: Some(user.into()),
            display_name: None,
        },
        algorithms: vec![-257, -7],
        exclude_list: None,
        extensions: Vec::new(),
        cred_protect: None,
        options: mc::Options {
            rk: Some(true),
            up: None,
            uv: Some(true),
        },
        pin_uv_auth: None,
        enterprise_attestation: None,
    }
}

pub(super) fn assertion(rp_id: &str) -> ga::Request {
    ga::Request {
        rp_id: rp_id.into(),
        client_data_hash: [4; 32],
        allow_list: None,
        extensions: Vec::new(),
        hmac_secret: None,
        options: mc::Options {
            rk: None,
            up: None,
            uv: Some(true),
        },
        pin_uv_auth: None,
    }
}

pub(super) fn number(fields: &mut Fields, key: i64) -> u64 {
    fields
        .unsigned(Value::from(key), "number")
        .unwrap()
        .unwrap()
}
