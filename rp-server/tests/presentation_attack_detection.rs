//! The signed extension `mienPad`: asked for, read strictly, kept, and required of our own agent only.

use rp_server::presentation_attack_detection::{Layer, Layers};
use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, Extensions, Tweak, mien_pad};
use crate::support::browser::Reply;
use crate::support::server::Server;
use crate::support::settings::config;

fn with(extensions: Extensions) -> Tweak {
    Tweak {
        extensions,
        ..Tweak::default()
    }
}

fn raw(bytes: Vec<u8>) -> Tweak {
    with(Extensions::Raw(bytes))
}

fn naming(layers: &[&str]) -> Tweak {
    raw(mien_pad(layers))
}

/// Everything that our agent never sends, by name.
fn wrong() -> Vec<(&'static str, Tweak)> {
    let good = mien_pad(&["texture", "head-turn"]);
    let entry = &good[1..];
    let changed = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    vec![
        ("nothing", with(Extensions::Omitted)),
        ("an empty map", raw(vec![0xa0])),
        ("another extension", raw(b"\xa1\x67mienPaf\xf5".to_vec())),
        (
            "true instead of a map",
            raw(b"\xa1\x67mienPad\xf5".to_vec()),
        ),
        ("no layer", naming(&[])),
        ("texture alone", naming(&["texture"])),
        (
            "an unknown layer",
            naming(&["texture", "head-turn", "level-2"]),
        ),
        (
            "a layer twice",
            naming(&["texture", "head-turn", "texture"]),
        ),
        (
            "a transcript cut short",
            raw(good[..good.len() - 1].to_vec()),
        ),
        ("a byte behind", raw([good.as_slice(), &[0]].concat())),
        ("two maps", raw([good.as_slice(), &good].concat())),
        (
            "the identifier twice",
            raw([&[0xa2], entry, entry].concat()),
        ),
        (
            "one output more",
            raw([&[0xa2], entry, b"\x61x\xf5".as_slice()].concat()),
        ),
        (
            "indefinite length",
            raw([changed(0, 0xbf), vec![0xff]].concat()),
        ),
        ("a list for a map", raw(changed(0, 0x81))),
    ]
}

async fn layers_shown(browser: &crate::support::browser::Browser) -> Value {
    let list = browser.get("/api/credentials").await.accepted();
    list[0]["presentationAttackDetection"].clone()
}

#[actix_web::test]
async fn step_c_both_options_ask_for_it() {
    let server = Server::start().await;
    let browser = server.browser();
    let creation = browser.registration_options("ada").await;
    assert_eq!(creation["publicKey"]["extensions"]["mienPad"], true);
    let other = &creation["publicKey"]["extensions"]["mienAuthenticationServer"];
    assert!(other["key"].is_string(), "{creation}");
    let request = browser.authentication_options().await;
    assert_eq!(request["publicKey"]["extensions"]["mienPad"], true);
}

#[actix_web::test]
async fn step_i_a_registration_without_a_good_statement_is_refused() {
    let server = Server::start().await;
    for (what, tweak) in wrong() {
        let (_, reply) = server.browser().register_with("ada", &tweak).await;
        assert_eq!((what, reply.status), (what, 403), "{reply:?}");
        reply.refused(403, "verification-failed");
    }
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
    server.browser().register("ada").await;
}

#[actix_web::test]
async fn step_i_an_authentication_without_a_good_statement_is_refused_and_nothing_is_kept_of_it() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    for (what, tweak) in wrong() {
        let browser = server.browser();
        // Past any wait: see `attempts`.
        server.advance(3_600_000);
        let reply = browser.sign_in_with(&mut ada, &tweak).await;
        assert_eq!((what, reply.status), (what, 403), "{reply:?}");
        reply.refused(403, "verification-failed");
        let session = browser.get("/api/session").await;
        session.refused(401, "not-signed-in");
    }
    server.advance(3_600_000);
    let browser = server.browser();
    browser.sign_in(&mut ada).await.accepted();
    assert_eq!(
        layers_shown(&browser).await,
        json!(["texture", "head-turn"])
    );
}

#[actix_web::test]
async fn step_i_the_statement_is_signed() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let light = naming(&["texture", "head-turn", "light"]);
    let browser = server.browser();
    let options = browser.authentication_options().await;
    let mut response = ada.get(&options, &light);
    // The layers stay as they are, one bit of the transcript's hash changes on the way.
    let data = response["response"]["authenticatorData"].as_str().unwrap();
    let mut data = crate::support::from_b64(data);
    *data.last_mut().unwrap() ^= 1;
    response["response"]["authenticatorData"] = crate::support::b64(&data).into();
    let reply = browser.post("/api/authentication/result", &response).await;
    reply.refused(403, "verification-failed");
}

#[actix_web::test]
async fn step_j_the_layers_of_the_last_ceremony_are_kept_and_shown() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    assert_eq!(
        layers_shown(&browser).await,
        json!(["texture", "head-turn"])
    );
    let all = ["texture", "head-turn", "light"];
    let answer = browser.sign_in_with(&mut ada, &naming(&all)).await;
    let answer = answer.accepted();
    assert_eq!(answer["presentationAttackDetection"], json!(all));
    assert_eq!(layers_shown(&browser).await, json!(all));
    let answer = browser.sign_in(&mut ada).await.accepted();
    let two = json!(["texture", "head-turn"]);
    assert_eq!(answer["presentationAttackDetection"], two);
    assert_eq!(layers_shown(&browser).await, two);
}

#[actix_web::test]
async fn step_i_authenticators_of_others_are_not_asked() {
    let server = Server::start().await;
    let browser = server.browser();
    let other = Tweak {
        aaguid: Some([7; 16]),
        ..Tweak::default()
    };
    let (mut key, reply) = browser.register_with("ada", &other).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let answer = browser.sign_in(&mut key).await.accepted();
    assert_eq!(answer["presentationAttackDetection"], json!(null));
    // What they say about it is not believed either: it is another maker's word.
    let boast = naming(&["texture", "head-turn", "light"]);
    let answer = browser.sign_in_with(&mut key, &boast).await.accepted();
    assert_eq!(answer["presentationAttackDetection"], json!(null));
    assert_eq!(layers_shown(&browser).await, json!(null));
}

#[actix_web::test]
async fn the_policy_decides_which_layers_are_needed() {
    let server = async |layers: &[Layer]| {
        let layers: Layers = layers.iter().copied().collect();
        Server::start_with(config().with_required_layers(layers)).await
    };
    let sign_in = async |server: &Server, key: &mut Authenticator, layers: &[&str]| -> Reply {
        server.browser().sign_in_with(key, &naming(layers)).await
    };
    // Light is required: of a sign-in, not of an enrolment, which shows no colours.
    let strict = server(&Layer::ALL).await;
    let mut ada = strict.browser().register("ada").await;
    let reply = sign_in(&strict, &mut ada, &["texture", "head-turn"]).await;
    reply.refused(403, "verification-failed");
    let all = ["texture", "head-turn", "light"];
    sign_in(&strict, &mut ada, &all).await.accepted();
    // Texture alone is enough here, and is still needed.
    let lax = server(&[Layer::Texture]).await;
    let mut bob = lax.browser().register("bob").await;
    sign_in(&lax, &mut bob, &["texture"]).await.accepted();
    let reply = sign_in(&lax, &mut bob, &["head-turn"]).await;
    reply.refused(403, "verification-failed");
    // Nothing is required: the statement still is, and still strictly.
    let open = server(&[]).await;
    let mut eve = open.browser().register("eve").await;
    sign_in(&open, &mut eve, &[]).await.accepted();
    for (what, tweak) in wrong() {
        if !["no layer", "texture alone"].contains(&what) {
            open.advance(3_600_000);
            let reply = open.browser().sign_in_with(&mut eve, &tweak).await;
            assert_eq!((what, reply.status), (what, 403), "{reply:?}");
        }
    }
}

#[actix_web::test]
async fn a_credential_of_before_says_nothing_until_its_next_sign_in() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    let pool = sqlx::SqlitePool::connect(&server.database()).await.unwrap();
    sqlx::query("UPDATE credentials SET presentation_attack_detection = NULL")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    assert_eq!(layers_shown(&browser).await, json!(null));
    browser.sign_in(&mut ada).await.accepted();
    assert_eq!(
        layers_shown(&browser).await,
        json!(["texture", "head-turn"])
    );
}
