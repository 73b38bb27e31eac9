//! Names with and without an account: the time of an answer does not tell them apart.
//!
//! Calls of both kinds stand side by side in an order that the seed draws, so that whatever else the machine does meets
//! both alike. Compared is how often the call with an account is the slower one of its pair: half of them, if time tells
//! nothing, whatever the load (a sign test).

use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::raw::Kept;
use crate::support::server::Server;
use crate::support::settings::config;
use crate::support::{from_b64, seed};
use rp_server::config::RateLimit;

const PAIRS: usize = 850;
/// Five times the standard error of the share for so many pairs (0.0177). Without the even steps of time the share was
/// 0.58 to 0.61, and without the decoys' share of the work 0.81.
const BOUND: f64 = 0.09;

/// How many of the pairs have the first call slower, as a share.
fn slower(first: &[f64], second: &[f64]) -> f64 {
    let (mut pairs, mut slower) = (0.0, 0.0);
    for (first, second) in first.iter().zip(second) {
        pairs += 1.0;
        slower += if first > second { 1.0 } else { 0.0 };
    }
    slower / pairs
}

struct Times {
    options: [Vec<f64>; 2],
    results: [Vec<f64>; 2],
}

fn call(kept: &mut Kept, name: &str, forger: &mut Authenticator) -> [f64; 2] {
    let body = json!({ "username": name }).to_string();
    let (status, text, options_time) = kept.post("/api/authentication/options", "", &body);
    assert_eq!(status, 200, "{text}");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let cookie = head
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.unwrap().split(';').next().unwrap();
    let options: Value = serde_json::from_str(body).unwrap();
    let id = options["publicKey"]["allowCredentials"][0]["id"].as_str();
    forger.id = from_b64(id.unwrap());
    let tweak = Tweak {
        other_key: true,
        user_handle: Some(json!(null)),
        ..Tweak::default()
    };
    let response = forger.get(&options, &tweak).to_string();
    let (status, text, result_time) = kept.post("/api/authentication/result", cookie, &response);
    assert_eq!(status, 403, "{text}");
    [options_time, result_time].map(|time| time.as_secs_f64())
}

fn measure(base: &str, known: &[String], unknown: &[String], forger: &mut Authenticator) -> Times {
    let mut kept = Kept::open(base);
    let mut times = Times {
        options: [Vec::new(), Vec::new()],
        results: [Vec::new(), Vec::new()],
    };
    for pair in 0..PAIRS {
        let drawn = seed::bytes();
        let first = usize::from(drawn[0] & 1);
        for kind in [first, 1 - first] {
            let names = [known, unknown][kind];
            let name = &names[usize::from(drawn[1]) % names.len()];
            let [options, result] = call(&mut kept, name, forger);
            // The first calls warm up connection, pool and caches.
            if pair >= 50 {
                times.options[kind].push(options);
                times.results[kind].push(result);
            }
        }
    }
    times
}

#[actix_web::test]
async fn the_time_of_an_answer_does_not_tell_whether_a_name_has_an_account() {
    let server = Server::start_with(config().with_rate_limit(RateLimit {
        burst: 100_000,
        per_second: 1,
    }))
    .await;
    let known: Vec<String> = (0..16).map(|number| format!("known{number}")).collect();
    let mut forger = None;
    for name in &known {
        forger = Some(server.browser().register(name).await);
    }
    // Decoys of the shape that these accounts have: others have more to send, as other accounts have.
    let mut unknown = Vec::new();
    for number in 0.. {
        let name = format!("other{number}");
        let body = json!({ "username": name });
        let reply = server
            .browser()
            .post("/api/authentication/options", &body)
            .await;
        let list = reply.accepted()["publicKey"]["allowCredentials"].clone();
        if list.as_array().unwrap().len() == 1 && list[0]["id"].as_str().unwrap().len() == 43 {
            unknown.push(name);
        }
        if unknown.len() == known.len() {
            break;
        }
    }
    let base = server.rp.clone();
    let mut forger = forger.unwrap();
    let times = actix_web::web::block(move || measure(&base, &known, &unknown, &mut forger)).await;
    let times = times.unwrap();
    for (call, [known, unknown]) in [("options", &times.options), ("result", &times.results)] {
        let share = slower(known, unknown);
        println!("{call}: {share:.4}");
        assert!((share - 0.5).abs() < BOUND, "{call}: {share:.4}");
    }
}
