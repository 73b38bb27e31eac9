//! Commands of a CTAP2 platform to a live agent, with a store and a person.
//!
//! Input: a byte that says who is there and what they say, then commands, each with its length in front (two bytes,
//! big-endian).

use std::collections::BTreeMap;

use authentication_agent::ctap::{Authenticator, Change, Edge, End, Question, Scope};
use authentication_agent::{Consent, CredentialRecord, Environment, consent};
use biometric_system::{CeremonyId, Reference, UserVerified, Verification};
use ctap2::cbor::{self, Value};
use ctap2::command::Command;
use ctap2::credential_management::{Request, Subcommand};
use ctap2::{get_assertion, make_credential};

use super::Target;
use crate::seeds;

/// Never a panic, never a signature without the enrolled person's look in the same command, no counter twice.
pub(super) const CTAP2_COMMAND: Target = Target {
    name: "ctap2-command",
    run: |bytes| {
        let Some((&persona, mut rest)) = bytes.split_first() else {
            return;
        };
        let mut device = Device::new(persona);
        let mut authenticator = Authenticator::new(&mut device);
        for _ in 0..8 {
            let Some((length, behind)) = rest.split_first_chunk() else {
                return;
            };
            let length = usize::from(u16::from_be_bytes(*length)).min(behind.len());
            let (message, behind) = behind.split_at(length);
            rest = behind;
            device.proofs = 0;
            device.now_ms += 1000;
            let answer = authenticator.answer(message, &mut device);
            device.check(message, &answer);
        }
    },
    seeds: sequences,
};

/// Rows by RP ID and credential ID.
type Rows = BTreeMap<(String, Vec<u8>), Vec<u8>>;

struct Device {
    records: Rows,
    counts: Rows,
    stranger: bool,
    says: bool,
    chooses: bool,
    draws: u8,
    now_ms: u64,
    /// Looks and enrolments of the enrolled person in this command.
    proofs: usize,
    /// The counter of the last signature, by credential ID.
    signed: BTreeMap<Vec<u8>, u32>,
}

impl Device {
    fn new(persona: u8) -> Self {
        let record = seeds::record();
        let read = CredentialRecord::from_cbor(&record).expect("our own record is read");
        let key = (read.rp_id().to_owned(), read.credential_id().to_vec());
        Self {
            records: Rows::from([(key, record)]),
            counts: Rows::new(),
            stranger: persona & 1 == 1,
            says: persona & 2 == 0,
            chooses: persona & 4 == 0,
            draws: 100,
            now_ms: 1_795_305_600_000,
            proofs: 0,
            signed: BTreeMap::new(),
        }
    }

    fn check(&mut self, message: &[u8], answer: &[u8]) {
        let (status, response) = answer.split_first().expect("every answer has a status");
        if *status != 0 {
            assert!(response.is_empty(), "a refusal says nothing more");
            return;
        }
        if !response.is_empty() {
            cbor::decode(response).expect("what is answered is canonical");
        }
        match message.first() {
            Some(1) => {
                make_credential::Response::from_cbor(response).expect("a credential");
                assert_eq!(self.proofs, 1, "a credential without its person");
            }
            Some(2 | 8) => self.check_assertion(response),
            _ => assert_eq!(self.proofs, 0, "nobody had to be looked at"),
        }
    }

    fn check_assertion(&mut self, response: &[u8]) {
        let response = get_assertion::Response::from_cbor(response).expect("an assertion");
        let flags = response.authenticator_data.flags;
        if response.signature.is_empty() {
            assert!(!flags.user_verified && !flags.user_present && self.proofs == 0);
            return;
        }
        assert!(
            flags.user_verified && self.proofs == 1,
            "a signature for nobody"
        );
        let id = response.credential_id.as_bytes().to_vec();
        let count = response.authenticator_data.sign_count;
        let last = self.signed.insert(id, count).unwrap_or_default();
        assert!(count > last, "a counter that went back");
    }
}

impl Environment for Device {
    fn random(&mut self, out: &mut [u8]) {
        self.draws = self.draws.wrapping_add(1);
        out.fill(self.draws);
    }

    fn now_ms(&self) -> u64 {
        self.now_ms
    }
}

impl Edge for Device {
    fn ask(&mut self, _: Question<'_>) -> Result<Consent, End> {
        let agreed = Consent {
            version: consent::NOTICE_VERSION,
            at_ms: self.now_ms,
        };
        self.says.then_some(agreed).ok_or(End::Denied)
    }

    fn records(&mut self, scope: Scope<'_>) -> Result<Vec<CredentialRecord>, End> {
        let wanted = |rp_id: &str| scope == Scope::All || scope == Scope::Rp(rp_id);
        let rows = self.records.iter().filter(|((rp_id, _), _)| wanted(rp_id));
        Ok(rows
            .map(|(_, bytes)| CredentialRecord::from_cbor(bytes).expect("what was written is read"))
            .collect())
    }

    fn choose(&mut self, accounts: &[CredentialRecord]) -> Result<Option<Vec<u8>>, End> {
        let last = accounts.last().filter(|_| self.chooses);
        Ok(last.map(|record| record.credential_id().to_vec()))
    }

    fn enrol(&mut self, ceremony: CeremonyId) -> Result<(Reference, UserVerified), End> {
        if self.stranger {
            return Err(End::Denied);
        }
        self.proofs += 1;
        Ok((seeds::own_reference(), seeds::proof(ceremony)))
    }

    fn look(&mut self, ceremony: CeremonyId, _: u32) -> Result<Verification, End> {
        if self.stranger {
            return Ok(seeds::stranger(ceremony));
        }
        self.proofs += 1;
        Ok(seeds::enrolled(ceremony))
    }

    fn attempts(&mut self, record: &CredentialRecord) -> Result<Option<Vec<u8>>, End> {
        let key = (record.rp_id().to_owned(), record.credential_id().to_vec());
        Ok(self.counts.get(&key).cloned())
    }

    fn store(&mut self, changes: &[Change<'_>]) -> Result<(), End> {
        let key = |rp_id: &str, id: &[u8]| (rp_id.to_owned(), id.to_vec());
        for change in changes {
            match change {
                Change::Put(record) => {
                    let bytes = record.to_cbor().expect("a record can be written");
                    let bytes = bytes.expose_secret("kept while fuzzing").clone();
                    let key = key(record.rp_id(), record.credential_id());
                    self.records.insert(key, bytes);
                }
                Change::Count {
                    rp_id,
                    credential_id,
                    attempts,
                } => {
                    let key = key(rp_id, credential_id);
                    self.counts.insert(key, attempts.to_vec());
                }
                Change::Erase {
                    rp_id,
                    credential_id,
                } => {
                    let key = key(rp_id, credential_id);
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

/// Good sequences, for each persona.
fn sequences() -> Vec<Vec<u8>> {
    let manage = |subcommand| {
        Command::CredentialManagement(Request {
            subcommand,
            pin_uv_auth: None,
        })
        .to_bytes()
        .expect("a message")
    };
    let read = |record: &[u8]| CredentialRecord::from_cbor(record).expect("our own record");
    let record = read(&seeds::record());
    let id = Value::Bytes(record.credential_id().to_vec());
    let descriptor = Value::Map(vec![
        ("id".into(), id),
        ("type".into(), "public-key".into()),
    ]);
    let rp = |id: &str| Value::Map(vec![("id".into(), id.into())]);
    let user = Value::Map(vec![
        ("id".into(), Value::Bytes(vec![1])),
        ("name".into(), "bob".into()),
    ]);
    let algorithm = Value::Map(vec![
        ("alg".into(), (-7).into()),
        ("type".into(), "public-key".into()),
    ]);
    let set = |name: &str, to: bool| Value::Map(vec![(name.into(), Value::Bool(to))]);
    let hash = || Value::Bytes(vec![2; 32]);
    let message = |command: u8, entries: Vec<(Value, Value)>| {
        let map = cbor::encode(Value::Map(entries)).expect("canonical");
        [&[command], map.as_slice()].concat()
    };
    let make = message(
        1,
        vec![
            (1.into(), hash()),
            (2.into(), rp("rp.example")),
            (3.into(), user),
            (4.into(), Value::Array(vec![algorithm])),
            (7.into(), set("rk", true)),
        ],
    );
    let get = |list: bool, up: bool| {
        let mut entries = vec![(1.into(), "rp.example".into()), (2.into(), hash())];
        if list {
            entries.push((3.into(), Value::Array(vec![descriptor.clone()])));
        }
        entries.push((5.into(), set("up", up)));
        message(2, entries)
    };
    let sequences = [
        vec![make, get(false, true), vec![8], vec![8], get(true, true)],
        vec![
            get(true, false),
            get(true, true),
            vec![4],
            vec![11],
            vec![7],
        ],
        vec![
            manage(Subcommand::GetCredsMetadata),
            manage(Subcommand::EnumerateRpsBegin),
            manage(Subcommand::EnumerateCredentialsBegin([0; 32])),
            manage(Subcommand::EnumerateCredentialsGetNextCredential),
        ],
    ];
    let framed = |message: &Vec<u8>| {
        let length = u16::try_from(message.len()).expect("a short message");
        [&length.to_be_bytes(), message.as_slice()].concat()
    };
    (0..8_u8)
        .flat_map(|persona| {
            sequences.iter().map(move |sequence| {
                [vec![persona], sequence.iter().flat_map(framed).collect()].concat()
            })
        })
        .collect()
}
