//! Our verifier and those of other makers on the same registrations and assertions: good ones, and ones that were changed
//! in every way that we know of. What ours accepts, every judge must accept too, save what is listed here with its reason.
//!
//! `cargo test -p rp-server --test main differential -- --nocapture` shows who refused how much.

mod assertions;
mod client_data;
mod mutations;
mod registrations;
mod signatures;
mod trial;

use serde_json::Value;

use crate::support::{b64, from_b64};
use trial::{Exception, Trial};

/// Mutations of each kind for each part.
const EACH: usize = 20;

const ATTACHMENT: Exception = Exception {
    judge: "py_webauthn",
    cases: "",
    words: "unexpected authenticatorAttachment",
    why: "unknown values count as none (WebAuthn Level 3 section 5.1)",
};

const FLOAT: Exception = Exception {
    judge: "python-fido2",
    cases: "extension data",
    words: "Wrong length",
    why: "its CBOR has no floating-point numbers, which an unknown extension may have in its output",
};

const OF_ASSERTIONS: &[Exception] = &[ATTACHMENT, FLOAT];

const OF_REGISTRATIONS: &[Exception] = &[ATTACHMENT];

#[actix_web::test]
async fn what_ours_accepts_of_assertions_every_judge_accepts() {
    let mut trial = Trial::new().await;
    assertions::all(&mut trial).await;
    trial.judged(OF_ASSERTIONS);
}

#[actix_web::test]
async fn what_ours_accepts_of_registrations_every_judge_accepts() {
    let mut trial = Trial::new().await;
    registrations::all(&mut trial).await;
    trial.judged(OF_REGISTRATIONS);
}

const CLIENT_DATA: &str = "/response/clientDataJSON";

/// A member of the response, decoded.
fn read(response: &Value, pointer: &str) -> Vec<u8> {
    from_b64(response.pointer(pointer).unwrap().as_str().unwrap())
}

/// Gives a member, which need not be there, another value, or takes it away.
fn change(response: &mut Value, pointer: &str, value: Option<&Value>) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = response.pointer_mut(parent).unwrap();
    let parent = parent.as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(name.to_owned(), value.clone()),
        None => parent.remove(name),
    };
}

fn write(response: &mut Value, pointer: &str, bytes: &[u8]) {
    *response.pointer_mut(pointer).unwrap() = b64(bytes).into();
}
