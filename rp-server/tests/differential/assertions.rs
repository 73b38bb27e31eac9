//! Assertions, good and changed.

use serde_json::{Value, json};

use super::mutations::{MUTATIONS, change_byte, flip_bit};
use super::trial::Trial;
use super::{CLIENT_DATA, EACH, change, read, write};
use crate::support::authenticator::{Extensions, Tweak};
use crate::support::b64;
use crate::support::verifiers::{Begun, Known, Ours};

const DATA: &str = "/response/authenticatorData";
const SIGNATURE: &str = "/response/signature";

/// A credential, and how it answers.
type Key = (Known, Tweak);

pub(super) async fn all(trial: &mut Trial) {
    let mut keys = keys(&trial.ours).await;
    good(trial, &mut keys).await;
    random(trial, &mut keys).await;
    every_byte(trial, &mut keys).await;
    flags(trial, &mut keys).await;
    extension_data(trial, &mut keys[3]).await;
    counters(trial).await;
    members(trial, &mut keys).await;
    client_data(trial, &mut keys[1]).await;
    authenticator_data(trial, &mut keys).await;
    signatures(trial, &mut keys).await;
}

/// Credentials of several kinds.
async fn keys(ours: &Ours) -> Vec<Key> {
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

/// A ceremony and a good answer to it.
async fn answered(trial: &Trial, (known, tweak): &mut Key) -> (Begun, Value) {
    let begun = trial.ours.begin().await;
    let response = known.authenticator.get(&begun.options, tweak);
    (begun, response)
}

fn sign_again(known: &Known, response: &mut Value) {
    let (data, client_data) = (read(response, DATA), read(response, CLIENT_DATA));
    let signature = known.authenticator.sign(&data, &client_data);
    write(response, SIGNATURE, &signature);
}

/// An answer in which `change` changed one member, before it was signed or after; whether ours accepts.
async fn put(
    trial: &mut Trial,
    what: String,
    key: &mut Key,
    pointer: &str,
    signed: bool,
    change: impl FnOnce(&mut Vec<u8>),
) -> bool {
    let (begun, mut response) = answered(trial, key).await;
    let mut bytes = read(&response, pointer);
    change(&mut bytes);
    write(&mut response, pointer, &bytes);
    if signed {
        sign_again(&key.0, &mut response);
    }
    let body = response.to_string();
    trial
        .authentication(what, &key.0, &begun, body.as_bytes())
        .await
}

async fn good(trial: &mut Trial, keys: &mut [Key]) {
    for _ in 0..EACH {
        for key in &mut *keys {
            let (begun, response) = answered(trial, key).await;
            let body = response.to_string();
            assert!(
                trial
                    .authentication("good", &key.0, &begun, body.as_bytes())
                    .await
            );
        }
    }
}

/// Changes at random, in the text of the body and in each part.
async fn random(trial: &mut Trial, keys: &mut [Key]) {
    let kinds = keys.len();
    for (name, change) in MUTATIONS {
        for number in 0..EACH {
            let key = &mut keys[number % kinds];
            let (begun, response) = answered(trial, key).await;
            let mut body = response.to_string().into_bytes();
            change(&mut body);
            let what = format!("body, {name}");
            trial.authentication(what, &key.0, &begun, &body).await;

            let (begun, mut response) = answered(trial, key).await;
            let mut id = read(&response, "/id");
            change(&mut id);
            write(&mut response, "/id", &id);
            write(&mut response, "/rawId", &id);
            let body = response.to_string();
            let what = format!("id, {name}");
            trial
                .authentication(what, &key.0, &begun, body.as_bytes())
                .await;

            for (pointer, signed) in [
                ("/response/userHandle", false),
                (SIGNATURE, false),
                (CLIENT_DATA, false),
                (CLIENT_DATA, true),
                (DATA, false),
                (DATA, true),
            ] {
                let what = format!("{pointer}, {name}, signed {signed}");
                put(trial, what, key, pointer, signed, change).await;
            }
        }
    }
}

/// Every byte of what is signed, and of the signature. No such change passes when it is not signed again; when it is,
/// every bit is tried.
async fn every_byte(trial: &mut Trial, keys: &mut [Key]) {
    for key in &mut keys[..2] {
        let (_, response) = answered(trial, key).await;
        for pointer in [DATA, CLIENT_DATA, SIGNATURE] {
            for at in 0..read(&response, pointer).len() {
                let what = format!("byte {at} of {pointer}");
                let accepted = put(trial, what.clone(), key, pointer, false, |bytes| {
                    // A signature's length differs from one to the next.
                    let last = bytes.len() - 1;
                    change_byte(bytes, at.min(last));
                })
                .await;
                assert!(!accepted, "{what}");
            }
        }
        for at in 0..8 * read(&response, DATA).len() {
            let what = format!("bit {at} of signed authenticator data");
            put(trial, what, key, DATA, true, |bytes| flip_bit(bytes, at)).await;
        }
    }
    let key = &mut keys[1];
    let (_, response) = answered(trial, key).await;
    for at in 0..8 * read(&response, CLIENT_DATA).len() {
        let what = format!("bit {at} of signed client data");
        put(trial, what, key, CLIENT_DATA, true, |bytes| {
            flip_bit(bytes, at)
        })
        .await;
    }
}

async fn flags(trial: &mut Trial, keys: &mut [Key]) {
    for flags in 0..=u8::MAX {
        for key in &mut keys[1..3] {
            let what = format!("flags {flags:#04x}");
            let accepted = put(trial, what.clone(), key, DATA, true, |data| {
                data[32] = flags
            })
            .await;
            // UP and UV, no attested credential data.
            assert!(!accepted || flags & 0x45 == 0x05, "{what}");
        }
    }
}

async fn extension_data(trial: &mut Trial, key: &mut Key) {
    let (_, response) = answered(trial, key).await;
    let mut accepted = 0;
    for at in 37..read(&response, DATA).len() {
        for value in 0..=u8::MAX {
            let what = format!("extension data, byte {at}: {value:#04x}");
            let passed = put(trial, what, key, DATA, true, |data| data[at] = value).await;
            accepted += usize::from(passed);
        }
    }
    assert!(accepted > 9);
    let what = "extension data, a float".to_owned();
    // {"x": 0.1} in double precision: @simplewebauthn/server writes extension data anew to know its length, and
    // shorter forms are not its own.
    let float = [
        0xa1, 0x61, b'x', 0xfb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a,
    ];
    let passed = put(trial, what, key, DATA, true, |data| {
        data.truncate(37);
        data.extend(float);
    });
    assert!(passed.await);
}

async fn counters(trial: &mut Trial) {
    for before in [0, 1, 7, u32::MAX - 1] {
        let tweak = Tweak {
            aaguid: Some([7; 16]),
            counter: Some(before),
            ..Tweak::default()
        };
        let mut known = trial.ours.register(&tweak).await;
        for now in [0, 1, 2, 6, 7, 8, u32::MAX - 1, u32::MAX] {
            let tweak = Tweak {
                counter: Some(now),
                ..Tweak::default()
            };
            let begun = trial.ours.begin().await;
            let body = known.authenticator.get(&begun.options, &tweak).to_string();
            let what = format!("counter {before} to {now}");
            let accepted = trial
                .authentication(what.as_str(), &known, &begun, body.as_bytes())
                .await;
            assert_eq!(accepted, now > before || (before, now) == (0, 0), "{what}");
        }
    }
}

/// Members of the response: missing, of other types, with other values.
async fn members(trial: &mut Trial, keys: &mut [Key]) {
    let others = b64(&keys[0].0.authenticator.id);
    let user = b64(&keys[0].0.authenticator.user);
    let values = [
        json!(null),
        json!(1),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!("public-key"),
        json!("platform"),
        json!(others),
        json!(user),
        json!("AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    let key = &mut keys[1];
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
        "/response/userHandle",
        "/response/attestationObject",
        CLIENT_DATA,
        DATA,
        SIGNATURE,
    ] {
        for value in values.iter().map(Some).chain([None]) {
            let (begun, mut response) = answered(trial, key).await;
            change(&mut response, pointer, value);
            let what = format!("{pointer} is {value:?}");
            let body = response.to_string();
            trial
                .authentication(what, &key.0, &begun, body.as_bytes())
                .await;
        }
    }
}

/// Client data that a client signs and that means something else, or the same in another way.
async fn client_data(trial: &mut Trial, key: &mut Key) {
    for (what, change) in super::client_data::CHANGES {
        let (begun, mut response) = answered(trial, key).await;
        let text = String::from_utf8(read(&response, CLIENT_DATA)).unwrap();
        let changed = change(&text);
        assert_ne!(changed, text.as_bytes(), "{what}");
        write(&mut response, CLIENT_DATA, &changed);
        sign_again(&key.0, &mut response);
        let body = response.to_string();
        let what = format!("client data, {what}");
        trial
            .authentication(what, &key.0, &begun, body.as_bytes())
            .await;
    }
}

/// Other relying parties, cut and lengthened data.
async fn authenticator_data(trial: &mut Trial, keys: &mut [Key]) {
    for rp_id in [
        "localhost.",
        "LOCALHOST",
        "http://localhost:8080",
        "example.org",
        "",
    ] {
        let tweak = Tweak {
            rp_id: Some(rp_id),
            ..Tweak::default()
        };
        let (begun, key) = (trial.ours.begin().await, &mut keys[1].0);
        let body = key.authenticator.get(&begun.options, &tweak).to_string();
        let what = format!("RP ID {rp_id}");
        let accepted = trial
            .authentication(what, key, &begun, body.as_bytes())
            .await;
        assert!(!accepted);
    }
    for key in keys {
        let (_, response) = answered(trial, key).await;
        let length = read(&response, DATA).len();
        for end in 0..length {
            let what = format!("authenticator data of {end}");
            let accepted = put(trial, what, key, DATA, true, |data| data.truncate(end)).await;
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
            let accepted = put(trial, what, key, DATA, true, |data| data.extend(tail)).await;
            assert!(!accepted, "{tail:?}");
        }
    }
}

/// Encodings of a signature.
async fn signatures(trial: &mut Trial, keys: &mut [Key]) {
    for key in keys {
        for (what, change) in super::signatures::CHANGES {
            let what = format!("signature, {what}");
            put(trial, what, key, SIGNATURE, false, |signature| {
                *signature = change(signature);
            })
            .await;
        }
        let (begun, mut response) = answered(trial, key).await;
        let (data, client_data) = (read(&response, DATA), read(&response, CLIENT_DATA));
        let stranger = trial.ours.register(&Tweak::default()).await;
        let signature = stranger.authenticator.sign(&data, &client_data);
        write(&mut response, SIGNATURE, &signature);
        let body = response.to_string();
        let accepted = trial
            .authentication("signature of another key", &key.0, &begun, body.as_bytes())
            .await;
        assert!(!accepted);
    }
}
