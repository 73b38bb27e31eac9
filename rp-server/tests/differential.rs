//! Our verifier of assertions and webauthn-rs 0.6.2 as its judge, on the same assertions: good ones, and good ones
//! with bytes changed. What ours accepts, the judge must accept too. No exception is known.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::authenticator::{Extensions, Tweak};
use crate::support::verifiers::{Begun, Judge, Known, Ours};
use crate::support::{b64, from_b64, seed};

/// Mutations of each kind for each part.
const EACH: usize = 40;

/// Where bytes are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The text of the body.
    Body,
    /// `id` and `rawId` alike.
    Id,
    UserHandle,
    Signature,
    ClientData,
    AuthenticatorData,
    /// Changed before it is signed, as by an authenticator or a client that does wrong.
    SignedClientData,
    SignedAuthenticatorData,
}

const PARTS: [Part; 8] = [
    Part::Body,
    Part::Id,
    Part::UserHandle,
    Part::Signature,
    Part::ClientData,
    Part::AuthenticatorData,
    Part::SignedClientData,
    Part::SignedAuthenticatorData,
];

type Mutation = (&'static str, fn(&mut Vec<u8>));

const MUTATIONS: [Mutation; 8] = [
    ("flip a bit", |bytes| {
        let at = below(bytes.len());
        bytes[at] ^= 1 << below(8);
    }),
    ("set a byte", |bytes| {
        let at = below(bytes.len());
        bytes[at] = byte();
    }),
    ("insert a byte", |bytes| {
        let at = below(bytes.len() + 1);
        bytes.insert(at, byte());
    }),
    ("remove a byte", |bytes| {
        let at = below(bytes.len());
        bytes.remove(at);
    }),
    ("cut the end", |bytes| bytes.truncate(below(bytes.len()))),
    ("append bytes", |bytes| {
        let more = 1 + below(8);
        bytes.extend((0..more).map(|_| byte()));
    }),
    ("repeat a piece", |bytes| {
        let (from, to) = piece(bytes);
        let copy = bytes[from..to].to_vec();
        bytes.splice(to..to, copy);
    }),
    ("exchange two bytes", |bytes| {
        let (one, two) = (below(bytes.len()), below(bytes.len()));
        bytes.swap(one, two);
    }),
];

fn below(limit: usize) -> usize {
    let number = u64::from_le_bytes(seed::bytes()[..8].try_into().unwrap());
    usize::try_from(number % u64::try_from(limit.max(1)).unwrap()).unwrap()
}

fn byte() -> u8 {
    seed::bytes()[0]
}

fn piece(bytes: &[u8]) -> (usize, usize) {
    let (one, two) = (below(bytes.len()), below(bytes.len()));
    (one.min(two), one.max(two) + 1)
}

/// Both verifiers, and what came of the cases so far.
struct Trial {
    ours: Ours,
    judge: Judge,
    verdicts: BTreeMap<(bool, bool), usize>,
}

impl Trial {
    async fn new() -> Self {
        Self {
            ours: Ours::new().await,
            judge: Judge::new(),
            verdicts: BTreeMap::new(),
        }
    }

    /// The bodies of one ceremony go to both; says whether ours accepted.
    async fn put(&mut self, what: &str, known: &Known, begun: &Begun, body: &[u8]) -> bool {
        let ours = self.ours.finish(&begun.token, body).await;
        let state = self.judge.state(begun.challenge());
        let judge = self.judge.verify(&state, body, &known.passkey);
        let verdict = (ours.is_ok(), judge.is_ok());
        *self.verdicts.entry(verdict).or_default() += 1;
        if let (Ok(_), Err(reason)) = (&ours, &judge) {
            let body = String::from_utf8_lossy(body);
            panic!("{what}: only ours accepts; the judge says: {reason}\n{body}");
        }
        ours.is_ok()
    }

    fn count(&self, verdict: (bool, bool)) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    fn told(&self) {
        println!(
            "accepted by both {}; refused by both {}, by ours alone {}, by the judge alone {}",
            self.count((true, true)),
            self.count((false, false)),
            self.count((false, true)),
            self.count((true, false)),
        );
    }
}

/// Credentials of several kinds, with how each answers.
async fn known(ours: &Ours) -> Vec<(Known, Tweak)> {
    let other = || Tweak {
        aaguid: Some([7; 16]),
        ..Tweak::default()
    };
    let synced = || Tweak {
        flags: Some(0x5d),
        ..other()
    };
    let no_counter = Tweak {
        flags: Some(0x1d),
        counter: Some(0),
        ..Tweak::default()
    };
    let uvm = Tweak {
        extensions: Extensions::Raw(b"\xa1\x63uvm\x81\x83\x02\x04\x02".to_vec()),
        ..Tweak::default()
    };
    vec![
        (ours.register(&Tweak::default()).await, Tweak::default()),
        (ours.register(&other()).await, Tweak::default()),
        (ours.register(&synced()).await, no_counter),
        (ours.register(&other()).await, uvm),
    ]
}

/// A member of the response, decoded.
fn read(response: &Value, pointer: &str) -> Vec<u8> {
    from_b64(response.pointer(pointer).unwrap().as_str().unwrap())
}

fn write(response: &mut Value, pointer: &str, bytes: &[u8]) {
    *response.pointer_mut(pointer).unwrap() = b64(bytes).into();
}

const CLIENT_DATA: &str = "/response/clientDataJSON";
const DATA: &str = "/response/authenticatorData";
const SIGNATURE: &str = "/response/signature";

/// The body with one part changed.
fn mutate(known: &Known, mut response: Value, part: Part, change: fn(&mut Vec<u8>)) -> Vec<u8> {
    let pointers: &[&str] = match part {
        Part::Body => {
            let mut body = response.to_string().into_bytes();
            change(&mut body);
            return body;
        }
        Part::Id => &["/id", "/rawId"],
        Part::UserHandle => &["/response/userHandle"],
        Part::Signature => &[SIGNATURE],
        Part::ClientData | Part::SignedClientData => &[CLIENT_DATA],
        Part::AuthenticatorData | Part::SignedAuthenticatorData => &[DATA],
    };
    let mut bytes = read(&response, pointers[0]);
    change(&mut bytes);
    for pointer in pointers {
        write(&mut response, pointer, &bytes);
    }
    if matches!(part, Part::SignedClientData | Part::SignedAuthenticatorData) {
        sign_again(known, &mut response);
    }
    response.to_string().into_bytes()
}

fn sign_again(known: &Known, response: &mut Value) {
    let (data, client_data) = (read(response, DATA), read(response, CLIENT_DATA));
    let signature = known.authenticator.sign(&data, &client_data);
    write(response, SIGNATURE, &signature);
}

#[actix_web::test]
async fn what_ours_accepts_of_changed_assertions_the_judge_accepts() {
    let mut trial = Trial::new().await;
    let mut keys = known(&trial.ours).await;
    let kinds = keys.len();
    for part in PARTS {
        for (name, change) in MUTATIONS {
            for number in 0..EACH {
                let (known, tweak) = &mut keys[number % kinds];
                let begun = trial.ours.begin().await;
                let response = known.authenticator.get(&begun.options, tweak);
                let body = mutate(known, response, part, change);
                let what = format!("{part:?}, {name}, {number}");
                trial.put(&what, known, &begun, &body).await;
            }
        }
    }
    trial.told();
    // Neither refuses everything, nor lets everything through: some changes are none, most are fatal.
    let cases = PARTS.len() * MUTATIONS.len() * EACH;
    assert!(trial.count((true, true)) > 0);
    assert!(trial.count((false, false)) > cases / 2);
}

#[actix_web::test]
async fn both_accept_good_assertions_of_every_kind() {
    let mut trial = Trial::new().await;
    let mut keys = known(&trial.ours).await;
    for _ in 0..EACH {
        for (known, tweak) in &mut keys {
            let begun = trial.ours.begin().await;
            let response = known.authenticator.get(&begun.options, tweak).to_string();
            let accepted = trial.put("good", known, &begun, response.as_bytes()).await;
            assert!(accepted);
        }
    }
    assert_eq!(trial.count((true, true)), EACH * keys.len());
}

#[actix_web::test]
async fn no_byte_of_extension_data_passes_ours_and_not_the_judge() {
    let mut trial = Trial::new().await;
    let (known, tweak) = &mut known(&trial.ours).await[3];
    let begun = trial.ours.begin().await;
    let whole = read(&known.authenticator.get(&begun.options, tweak), DATA);
    for at in 37..whole.len() {
        for value in 0..=u8::MAX {
            let begun = trial.ours.begin().await;
            let mut response = known.authenticator.get(&begun.options, tweak);
            let mut data = read(&response, DATA);
            data[at] = value;
            write(&mut response, DATA, &data);
            sign_again(known, &mut response);
            let body = response.to_string();
            let what = format!("byte {at}: {value:#04x}");
            trial.put(&what, known, &begun, body.as_bytes()).await;
        }
    }
    trial.told();
    assert!(trial.count((true, true)) > whole.len() - 37);
}

#[actix_web::test]
async fn no_combination_of_flags_passes_ours_and_not_the_judge() {
    let mut trial = Trial::new().await;
    let mut keys = known(&trial.ours).await;
    for flags in 0..=u8::MAX {
        for (known, tweak) in &mut keys {
            let begun = trial.ours.begin().await;
            let mut response = known.authenticator.get(&begun.options, tweak);
            let mut data = read(&response, DATA);
            data[32] = flags;
            write(&mut response, DATA, &data);
            sign_again(known, &mut response);
            let body = response.to_string();
            let what = format!("flags {flags:#04x}");
            let accepted = trial.put(&what, known, &begun, body.as_bytes()).await;
            // UP and UV, no attested credential data.
            assert!(!accepted || flags & 0x45 == 0x05, "{what}");
        }
    }
    trial.told();
    assert!(trial.count((true, true)) > 0);
}

#[actix_web::test]
async fn no_counter_passes_ours_and_not_the_judge() {
    let mut trial = Trial::new().await;
    for before in [0, 1, 7, u32::MAX - 1] {
        let tweak = Tweak {
            aaguid: Some([7; 16]),
            counter: Some(before),
            ..Tweak::default()
        };
        let mut known = trial.ours.register(&tweak).await;
        for now in [0, 1, 2, 6, 7, 8, u32::MAX - 1, u32::MAX] {
            let begun = trial.ours.begin().await;
            let tweak = Tweak {
                counter: Some(now),
                ..Tweak::default()
            };
            let response = known.authenticator.get(&begun.options, &tweak).to_string();
            let what = format!("counter {before} to {now}");
            let accepted = trial.put(&what, &known, &begun, response.as_bytes()).await;
            assert_eq!(accepted, now > before || (before, now) == (0, 0), "{what}");
        }
    }
    trial.told();
}
