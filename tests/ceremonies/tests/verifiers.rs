//! Every verifier accepts every ceremony, and none accepts one with a bit changed.
//!
//! `cargo test -p ceremonies --test main -- --nocapture` shows the table of the README.

use std::sync::Arc;

use judges::{Judge, Verdict};
use serde_json::{Value, json};

use crate::attested;
use crate::changes;
use crate::libfido2;
use crate::metadata_statement;
use crate::response::{b64, object, text};
use crate::table::{Table, form};
use crate::webauthn_rs;

/// What is asked of every verifier, and what it must say.
struct Question {
    what: String,
    form: &'static str,
    registration: bool,
    /// Whether a certificate was changed.
    certificate: bool,
    ceremony: Value,
    /// Whether it is as the agent made it.
    honest: bool,
}

#[test]
fn every_verifier_accepts_every_ceremony_and_none_with_a_bit_changed() {
    let seed = std::env::var("MIEN_TEST_SEED").map_or(1, |seed| seed.parse().unwrap());
    println!("MIEN_TEST_SEED={seed}");
    let ceremonies = ceremonies::make(seed).unwrap();
    certificates(&ceremonies);
    let questions: Vec<_> = ceremonies.iter().flat_map(questions).collect();
    let mut table = Table::default();
    let mut wrong = Vec::new();
    for (name, verdicts) in verdicts(&questions) {
        assert_eq!(verdicts.len(), questions.len(), "{name}");
        for (question, verdict) in questions.iter().zip(verdicts) {
            let Some(verdict) = verdict else {
                table.cannot(question.form, &name);
                continue;
            };
            if verdict.is_ok() != question.honest {
                wrong.push(format!("{name}: {}: {verdict:?}", question.what));
            }
            table.note(question.form, &name, question.honest);
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn certificates(ceremonies: &[Value]) {
    let attested = ceremonies.iter().filter(|one| one["mode"] == "attested");
    let keys: Vec<_> = attested
        .map(|ceremony| {
            attested::needs_its_root(ceremony);
            attested::has_the_profile(ceremony)
        })
        .collect();
    // A key, and so a certificate, for each credential.
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
    let attested = ceremonies.iter().find(|one| one["mode"] == "attested");
    metadata_statement::leads_to_the_root(attested.unwrap());
}

fn questions(ceremony: &Value) -> Vec<Question> {
    let form = form(&object(ceremony).statement);
    let question = |registration, honest, what: String, ceremony: &Value| Question {
        what,
        form,
        registration,
        certificate: false,
        ceremony: ceremony.clone(),
        honest,
    };
    let name = &ceremony["name"];
    let mut questions = vec![
        question(true, true, format!("{name} registration"), ceremony),
        question(false, true, format!("{name} sign-in"), ceremony),
    ];
    let changed = changes::of(ceremony).into_iter();
    questions.extend(changed.map(|changed| Question {
        certificate: changed.certificate,
        ..question(changed.registration, false, changed.what, &changed.ceremony)
    }));
    questions
}

/// What each verifier says, with its name; `None` where it cannot check what is asked.
fn verdicts(questions: &[Question]) -> Vec<(String, Vec<Option<Verdict>>)> {
    let judges = Judge::all();
    for question in questions {
        let case: Arc<str> = case(question).to_string().into();
        for judge in &judges {
            judge.ask(Arc::clone(&case));
        }
    }
    let ask = |verdict: fn(&Question) -> Option<Verdict>| questions.iter().map(verdict).collect();
    let mut verdicts = vec![
        (webauthn_rs::NAME.to_owned(), ask(of_webauthn_rs)),
        (libfido2::name(), ask(of_libfido2)),
    ];
    for judge in judges {
        let (name, said) = judge.verdicts();
        verdicts.push((name, said.into_iter().map(Some).collect()));
    }
    verdicts
}

fn of_webauthn_rs(question: &Question) -> Option<Verdict> {
    Some(if question.registration {
        webauthn_rs::registration(&question.ceremony)
    } else {
        webauthn_rs::authentication(&question.ceremony)
    })
}

fn of_libfido2(question: &Question) -> Option<Verdict> {
    match (question.registration, question.certificate) {
        // It takes the key from the certificate, and asks nobody about the rest.
        (true, true) => None,
        (true, false) => libfido2::registration(&question.ceremony),
        (false, _) => Some(libfido2::authentication(&question.ceremony)),
    }
}

/// The question as the judges of `tests/judges` read it.
fn case(question: &Question) -> Value {
    if question.registration {
        registration(&question.ceremony)
    } else {
        authentication(&question.ceremony)
    }
}

/// A registration as the judges of `tests/judges` read it.
pub(crate) fn registration(ceremony: &Value) -> Value {
    json!({
        "ceremony": "registration",
        "origin": ceremony["origin"],
        "rpId": ceremony["rpId"],
        "challenge": ceremony["reg"]["challenge"],
        "body": ceremony["reg"]["response"].to_string(),
        "algorithms": [-7],
        "root": ceremony["ca_pem"],
    })
}

fn authentication(ceremony: &Value) -> Value {
    let attested = object(ceremony).authenticator_data.attested.unwrap();
    json!({
        "ceremony": "authentication",
        "origin": ceremony["origin"],
        "rpId": ceremony["rpId"],
        "challenge": ceremony["auth"]["challenge"],
        "body": ceremony["auth"]["response"].to_string(),
        "credentialId": text(ceremony, "/reg/response/id"),
        "publicKey": b64(&attested.public_key.to_cose().unwrap()),
        "signCount": 0,
    })
}
