//! Registrations, good and changed.

use ciborium::Value as Cbor;
use serde_json::{Value, json};

use super::mutations::{MUTATIONS, change_byte, flip_bit};
use super::trial::Trial;
use super::{CLIENT_DATA, EACH, change, read, write};
use crate::support::authenticator::{Attestation, Authenticator, Extensions, Tweak};
use crate::support::verifiers::Begun;

const OBJECT: &str = "/response/attestationObject";
const DATA: &str = "/response/authenticatorData";

pub(super) async fn all(trial: &mut Trial) {
    let kinds = kinds();
    good(trial, &kinds).await;
    random(trial, &kinds).await;
    every_bit(trial, &kinds).await;
    flags(trial, &kinds).await;
    members(trial).await;
    client_data(trial).await;
    authenticator_data(trial, &kinds).await;
    keys(trial).await;
    attestations(trial).await;
}

fn other() -> Tweak {
    Tweak {
        aaguid: Some([7; 16]),
        ..Tweak::default()
    }
}

fn packed() -> Tweak {
    Tweak {
        attestation: Attestation::PackedSelf,
        ..other()
    }
}

/// What authenticators of several kinds answer: ours and others, without attestation and with self attestation.
fn kinds() -> Vec<Tweak> {
    vec![
        Tweak::default(),
        other(),
        packed(),
        Tweak {
            flags: Some(0x5d),
            new_id: Some(vec![9; 1023]),
            ..other()
        },
        Tweak {
            extensions: Extensions::Raw(b"\xa1\x63uvm\x81\x83\x02\x04\x02".to_vec()),
            new_id: Some(vec![8; 16]),
            ..packed()
        },
    ]
}

/// A ceremony and a good answer to it.
struct Answered {
    begun: Begun,
    authenticator: Authenticator,
    attestation: Attestation,
    response: Value,
}

impl Answered {
    async fn of(trial: &Trial, kind: &Tweak) -> Self {
        let begun = trial.ours.begin_registration().await;
        let (authenticator, response) = Authenticator::create(&begun.options, kind);
        Self {
            begun,
            authenticator,
            attestation: kind.attestation.clone(),
            response,
        }
    }

    /// Writes the attestation object anew after authenticator data or client data changed, signed where it is signed.
    fn attest_again(&mut self) {
        let (data, client_data) = (
            read(&self.response, DATA),
            read(&self.response, CLIENT_DATA),
        );
        let object = self
            .authenticator
            .attestation(&data, &client_data, &self.attestation);
        write(&mut self.response, OBJECT, &object);
    }

    async fn put(self, trial: &mut Trial, what: String) -> bool {
        let body = self.response.to_string();
        trial.registration(what, &self.begun, body.as_bytes()).await
    }
}

/// An answer in which `change` changed one member; whether ours accepts.
async fn put(
    trial: &mut Trial,
    what: String,
    kind: &Tweak,
    pointer: &str,
    change: impl FnOnce(&mut Vec<u8>),
) -> bool {
    let mut answered = Answered::of(trial, kind).await;
    let mut bytes = read(&answered.response, pointer);
    change(&mut bytes);
    write(&mut answered.response, pointer, &bytes);
    if pointer != OBJECT {
        answered.attest_again();
    }
    answered.put(trial, what).await
}

async fn good(trial: &mut Trial, kinds: &[Tweak]) {
    for _ in 0..EACH {
        for kind in kinds {
            let answered = Answered::of(trial, kind).await;
            assert!(answered.put(trial, "good".into()).await);
        }
    }
}

/// Changes at random, in the text of the body and in each part.
async fn random(trial: &mut Trial, kinds: &[Tweak]) {
    for (name, change) in MUTATIONS {
        for number in 0..EACH {
            let kind = &kinds[number % kinds.len()];
            let answered = Answered::of(trial, kind).await;
            let mut body = answered.response.to_string().into_bytes();
            change(&mut body);
            let what = format!("body, {name}");
            trial.registration(what, &answered.begun, &body).await;

            let mut answered = Answered::of(trial, kind).await;
            let mut id = read(&answered.response, "/id");
            change(&mut id);
            write(&mut answered.response, "/id", &id);
            write(&mut answered.response, "/rawId", &id);
            answered.put(trial, format!("id, {name}")).await;

            for pointer in [OBJECT, DATA, CLIENT_DATA] {
                let what = format!("{pointer}, {name}");
                put(trial, what, kind, pointer, change).await;
            }
        }
    }
}

/// Every bit of authenticator data and of client data, attested again; every byte of the attestation object.
async fn every_bit(trial: &mut Trial, kinds: &[Tweak]) {
    for (number, kind) in kinds[1..3].iter().enumerate() {
        let response = Answered::of(trial, kind).await.response;
        for at in 0..read(&response, OBJECT).len() {
            let what = format!("byte {at} of attestation object {number}");
            put(trial, what, kind, OBJECT, |bytes| {
                // A signature's length differs from one to the next.
                let last = bytes.len() - 1;
                change_byte(bytes, at.min(last));
            })
            .await;
        }
        for at in 0..8 * read(&response, DATA).len() {
            let what = format!("bit {at} of authenticator data {number}");
            put(trial, what, kind, DATA, |bytes| flip_bit(bytes, at)).await;
        }
    }
    let response = Answered::of(trial, &kinds[1]).await.response;
    for at in 0..8 * read(&response, CLIENT_DATA).len() {
        let what = format!("bit {at} of client data");
        put(trial, what, &kinds[1], CLIENT_DATA, |bytes| {
            flip_bit(bytes, at)
        })
        .await;
    }
}

async fn flags(trial: &mut Trial, kinds: &[Tweak]) {
    for flags in 0..=u8::MAX {
        for kind in &kinds[1..3] {
            let what = format!("flags {flags:#04x}");
            let accepted = put(trial, what.clone(), kind, DATA, |data| data[32] = flags).await;
            // UP, UV and attested credential data.
            assert!(!accepted || flags & 0x45 == 0x45, "{what}");
        }
    }
}

/// Members of the response: missing, of other types, with other values.
async fn members(trial: &mut Trial) {
    let values = [
        json!(null),
        json!(1),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!("public-key"),
        json!("AAAAAAAAAAAAAAAAAAAAAA"),
        json!("AAAAAAAAAAAAAAAAAAAAAA=="),
        json!(["usb", "carrier pigeon", 1]),
    ];
    for pointer in [
        "/id",
        "/rawId",
        "/type",
        "/authenticatorAttachment",
        "/clientExtensionResults",
        "/clientExtensionResults/credProps",
        "/more",
        "/response",
        "/response/more",
        "/response/transports",
        "/response/publicKeyAlgorithm",
        CLIENT_DATA,
        OBJECT,
        DATA,
    ] {
        for value in values.iter().map(Some).chain([None]) {
            let mut answered = Answered::of(trial, &packed()).await;
            change(&mut answered.response, pointer, value);
            answered.put(trial, format!("{pointer} is {value:?}")).await;
        }
    }
}

/// Client data that a client may write and that means something else, or the same in another way.
async fn client_data(trial: &mut Trial) {
    for (what, change) in super::client_data::CHANGES {
        let what = format!("client data, {what}");
        put(trial, what, &packed(), CLIENT_DATA, |bytes| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            *bytes = change(&text);
            assert_ne!(bytes, text.as_bytes());
        })
        .await;
    }
}

/// Other relying parties, cut and lengthened data, IDs of other lengths.
async fn authenticator_data(trial: &mut Trial, kinds: &[Tweak]) {
    for rp_id in [
        "localhost.",
        "LOCALHOST",
        "http://localhost:8080",
        "example.org",
        "",
    ] {
        let kind = Tweak {
            rp_id: Some(rp_id),
            ..packed()
        };
        let answered = Answered::of(trial, &kind).await;
        assert!(!answered.put(trial, format!("RP ID {rp_id}")).await);
    }
    for kind in [&kinds[0], &kinds[1], &kinds[2], &kinds[4]] {
        let response = Answered::of(trial, kind).await.response;
        let length = read(&response, DATA).len();
        for end in 0..length {
            let what = format!("authenticator data of {end}");
            let accepted = put(trial, what, kind, DATA, |data| data.truncate(end)).await;
            assert!(!accepted, "{end} of {length}");
        }
        for tail in [
            [0].as_slice(),
            &[0xa0],
            &[0xf6],
            &[0; 16],
            &[0xa1, 0x60, 0x01],
        ] {
            let what = format!("authenticator data and {tail:?}");
            let accepted = put(trial, what, kind, DATA, |data| data.extend(tail)).await;
            assert!(!accepted, "{tail:?}");
        }
    }
    for length in [0, 1, 15, 16, 17, 64, 1022, 1023, 1024, 4096] {
        let kind = Tweak {
            new_id: Some(vec![3; length]),
            ..packed()
        };
        let answered = Answered::of(trial, &kind).await;
        let accepted = answered.put(trial, format!("ID of {length}")).await;
        assert_eq!(accepted, (16..=1023).contains(&length), "{length}");
    }
    let kind = Tweak {
        attested_id: Some(vec![4; 32]),
        ..packed()
    };
    let answered = Answered::of(trial, &kind).await;
    assert!(!answered.put(trial, "attested ID of another".into()).await);
}

fn decode(bytes: &[u8]) -> Vec<(Cbor, Cbor)> {
    let value: Cbor = ciborium::from_reader(bytes).unwrap();
    value.into_map().unwrap()
}

fn encode(members: Vec<(Cbor, Cbor)>) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(&Cbor::Map(members), &mut out).unwrap();
    out
}

type Change = fn(Vec<(Cbor, Cbor)>) -> Vec<u8>;

fn set(mut members: Vec<(Cbor, Cbor)>, at: usize, value: impl Into<Cbor>) -> Vec<u8> {
    members[at].1 = value.into();
    encode(members)
}

/// Credential public keys: `1: kty, 3: alg, -1: crv, -2: x, -3: y`.
const KEYS: [(&str, Change); 22] = [
    ("kty 1", |key| set(key, 0, 1)),
    ("kty 3", |key| set(key, 0, 3)),
    ("alg -8", |key| set(key, 1, -8)),
    ("alg -9", |key| set(key, 1, -9)),
    ("alg -35", |key| set(key, 1, -35)),
    ("alg -36", |key| set(key, 1, -36)),
    ("alg -47", |key| set(key, 1, -47)),
    ("alg -257", |key| set(key, 1, -257)),
    ("alg -65535", |key| set(key, 1, -65535)),
    ("alg a text", |key| set(key, 1, "ES256")),
    ("crv 2", |key| set(key, 2, 2)),
    ("crv 8", |key| set(key, 2, 8)),
    ("a short x", |key| set(key, 3, vec![1; 31])),
    ("a long x", |key| set(key, 3, vec![1; 33])),
    ("a point that is none", |key| set(key, 4, vec![1; 32])),
    ("zeros", |mut key| {
        key[3].1 = vec![0; 32].into();
        set(key, 4, vec![0; 32])
    }),
    ("y a sign", |key| set(key, 4, true)),
    ("no y", |mut key| {
        key.pop();
        encode(key)
    }),
    ("another order", |mut key| {
        key.swap(0, 1);
        encode(key)
    }),
    ("key_ops", |mut key| {
        key.insert(2, (4.into(), Cbor::Array(vec![2.into()])));
        encode(key)
    }),
    ("x twice", |mut key| {
        key.insert(3, key[3].clone());
        encode(key)
    }),
    ("indefinite length", |key| {
        let members = encode(key);
        [&[0xbf], &members[1..], &[0xff]].concat()
    }),
];

/// Keys of other algorithms, of other forms, and what is no key.
async fn keys(trial: &mut Trial) {
    // Behind the header, the AAGUID, and an ID of 32 bytes with its length.
    const KEY: usize = 37 + 16 + 2 + 32;
    for (what, change) in KEYS {
        for (kind, name) in [(other(), "none"), (packed(), "self")] {
            let what = format!("key, {what}, {name}");
            let accepted = put(trial, what.clone(), &kind, DATA, |data| {
                let key = change(decode(&data[KEY..]));
                data.truncate(KEY);
                data.extend(key);
            })
            .await;
            assert!(!accepted, "{what}");
        }
    }
}

fn statement(object: Vec<(Cbor, Cbor)>, change: impl FnOnce(&mut Vec<(Cbor, Cbor)>)) -> Vec<u8> {
    let mut statement = object[1].1.clone().into_map().unwrap();
    change(&mut statement);
    set(object, 1, Cbor::Map(statement))
}

/// Attestation objects: `fmt`, `attStmt` with `alg` and `sig`, `authData`.
const OBJECTS: [(&str, Change); 22] = [
    ("fmt none with a statement", |object| set(object, 0, "none")),
    ("fmt of U2F", |object| set(object, 0, "fido-u2f")),
    ("fmt in capitals", |object| set(object, 0, "PACKED")),
    ("fmt unknown", |object| set(object, 0, "invented")),
    ("fmt a number", |object| set(object, 0, 1)),
    ("empty statement", |object| {
        set(object, 1, Cbor::Map(Vec::new()))
    }),
    ("statement null", |object| set(object, 1, Cbor::Null)),
    ("statement a list", |object| {
        set(object, 1, Cbor::Array(Vec::new()))
    }),
    ("another alg", |object| {
        statement(object, |s| s[0].1 = (-257).into())
    }),
    ("alg a text", |object| {
        statement(object, |s| s[0].1 = "-7".into())
    }),
    ("no alg", |object| statement(object, |s| drop(s.remove(0)))),
    ("no sig", |object| statement(object, |s| drop(s.remove(1)))),
    ("empty sig", |object| {
        statement(object, |s| s[1].1 = Cbor::Bytes(Vec::new()))
    }),
    ("sig and more", |object| {
        statement(object, |s| s[1].1.as_bytes_mut().unwrap().push(0))
    }),
    ("empty x5c", |object| {
        statement(object, |s| s.push(("x5c".into(), Cbor::Array(Vec::new()))))
    }),
    ("x5c that is none", |object| {
        let chain = Cbor::Array(vec![Cbor::Bytes(vec![0x30, 0])]);
        statement(object, |s| s.push(("x5c".into(), chain)))
    }),
    ("ecdaaKeyId", |object| {
        statement(object, |s| s.push(("ecdaaKeyId".into(), vec![1].into())))
    }),
    ("an unknown member of the statement", |object| {
        statement(object, |s| s.push(("zzzz".into(), 1.into())))
    }),
    ("one more member", |mut object| {
        object.push(("epAtt".into(), true.into()));
        encode(object)
    }),
    ("another order", |mut object| {
        object.swap(0, 2);
        encode(object)
    }),
    ("indefinite length", |object| {
        let members = encode(object);
        [&[0xbf], &members[1..], &[0xff]].concat()
    }),
    ("bytes behind", |object| [encode(object), vec![0]].concat()),
];

async fn attestations(trial: &mut Trial) {
    for (what, change) in OBJECTS {
        let what = format!("attestation object, {what}");
        put(trial, what, &packed(), OBJECT, |object| {
            *object = change(decode(object))
        })
        .await;
    }
    for attestation in [
        Attestation::NoneWithStatement,
        Attestation::PackedForged,
        Attestation::Unknown,
    ] {
        let kind = Tweak {
            attestation,
            ..other()
        };
        let answered = Answered::of(trial, &kind).await;
        assert!(!answered.put(trial, "attestation forged".into()).await);
    }
    for (what, change) in super::signatures::CHANGES {
        let what = format!("attestation signature, {what}");
        put(trial, what, &packed(), OBJECT, |object| {
            *object = statement(decode(object), |statement| {
                let signature = statement[1].1.as_bytes_mut().unwrap();
                *signature = change(signature);
            });
        })
        .await;
    }
}
