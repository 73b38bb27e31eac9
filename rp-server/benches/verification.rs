//! `cargo xtask bench server`: full verifications of `authentication/result` per second of processor time, by our
//! verifier, webauthn-rs, py_webauthn and @simplewebauthn/server on the same inputs, beside bare P-256 verification by
//! OpenSSL and by ring.
//!
//! A verification here is from the bytes of the body to the verified value. With ours, the stored ceremony and the
//! credential record are read from a store in memory; the others are given both. HTTP, databases and the writing of
//! the result are not in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::as_conversions,
    dead_code,
    reason = "a measurement that cannot go on says so by panicking; the tests' helpers know more than it needs"
)]

use std::io::Write;
use std::path::Path;
use std::process::Command;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use rustix::time::{ClockId, clock_gettime};
use tempfile::NamedTempFile;

#[path = "../tests/support"]
mod support {
    pub(crate) mod authenticator;
    mod encoding;
    pub(crate) mod judges;
    pub(crate) mod memory_store;
    pub(crate) mod seed;
    pub(crate) mod settings;
    pub(crate) mod verifiers;

    pub(crate) use encoding::{b64, from_b64};
}

use support::authenticator::Tweak;
use support::judges;
use support::verifiers::{Begun, Judge, Known, Ours};

/// Ceremonies that are prepared at a time, outside the measured time.
const BATCH: usize = 500;

/// What is measured, in the order of each round.
const NAMES: [&str; 7] = [
    "OpenSSL, bare verification",
    "ring, bare verification",
    "ours, our agent's credential",
    "ours, another passkey",
    "webauthn-rs 0.6.2, another passkey",
    "py_webauthn 3.0.1, another passkey",
    "@simplewebauthn/server 14.0.3, another passkey",
];

fn main() {
    let (rounds, seconds) = arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let ours = Ours::new().await;
        let judge = Judge::new();
        let mut face = ours.register(&Tweak::default()).await;
        let other = Tweak {
            aaguid: Some([7; 16]),
            ..Tweak::default()
        };
        let mut passkey = ours.register(&other).await;
        let cases = cases(&ours, &mut passkey).await;
        let mut table: Vec<[f64; NAMES.len()]> = Vec::new();
        for round in 1..=rounds {
            let rates = [
                openssl(seconds),
                ring(seconds),
                verifications(&ours, &mut face, seconds).await,
                verifications(&ours, &mut passkey, seconds).await,
                judgements(&judge, &ours, &mut passkey, seconds).await,
                peer(::judges::py_webauthn(), cases.path(), seconds),
                peer(::judges::simplewebauthn(), cases.path(), seconds),
            ];
            let rates_shown: Vec<String> = rates.iter().map(|rate| format!("{rate:.0}")).collect();
            eprintln!(
                "round {round} of {rounds}: {} per second",
                rates_shown.join(", ")
            );
            table.push(rates);
        }
        print(&table);
    });
}

fn arguments() -> (usize, f64) {
    let (mut rounds, mut seconds) = (5, 3.0);
    // `cargo bench` adds `--bench`.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let value = words.next().expect("each option has a value");
        match word.as_str() {
            "--rounds" => rounds = value.parse().expect("--rounds is a number"),
            "--seconds" => seconds = value.parse().expect("--seconds is a number"),
            _ => panic!("the options are --rounds N and --seconds N"),
        }
    }
    (rounds, seconds)
}

/// Seconds of processor time of this thread.
fn processor() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Bare P-256 verification, as `openssl speed` measures it, in its own processor time.
fn openssl(seconds: f64) -> f64 {
    let arguments = [
        "speed",
        "-mr",
        "-seconds",
        &format!("{seconds:.0}"),
        "ecdsap256",
    ];
    let output = Command::new("openssl").args(arguments).output();
    let output = output.expect("`openssl` can be run: install OpenSSL");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    // +F4:3:256:signatures a second:verifications a second
    let line = text.lines().find(|line| line.starts_with("+F4:"));
    let rate = line.and_then(|line| line.rsplit(':').next()?.parse().ok());
    rate.unwrap_or_else(|| panic!("`openssl speed` said something else: {text}"))
}

fn ring(seconds: f64) -> f64 {
    let key = SigningKey::from_slice(&support::seed::bytes()).unwrap();
    // As long as what an assertion signs.
    let message = [5; 37 + 32];
    let signature: Signature = key.sign(&message);
    let signature = signature.to_der();
    let point = key.verifying_key().to_sec1_point(false);
    let (start, mut count) = (processor(), 0.0);
    while processor() - start < seconds {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point.as_bytes());
        key.verify(&message, signature.as_bytes()).unwrap();
        count += 1.0;
    }
    count / (processor() - start)
}

/// Ceremonies with their answers, signed.
async fn prepare(ours: &Ours, known: &mut Known) -> Vec<(Begun, Vec<u8>)> {
    let mut out = Vec::with_capacity(BATCH);
    for _ in 0..BATCH {
        let begun = ours.begin().await;
        let response = known.authenticator.get(&begun.options, &Tweak::default());
        out.push((begun, response.to_string().into_bytes()));
    }
    out
}

async fn verifications(ours: &Ours, known: &mut Known, seconds: f64) -> f64 {
    let (mut spent, mut count) = (0.0, 0.0);
    while spent < seconds {
        let batch = prepare(ours, known).await;
        let start = processor();
        for (begun, body) in &batch {
            let verified = ours.finish(&begun.token, body).await;
            assert_eq!(
                verified.unwrap().credential_id().as_bytes(),
                known.authenticator.id
            );
            count += 1.0;
        }
        spent += processor() - start;
    }
    count / spent
}

async fn judgements(judge: &Judge, ours: &Ours, known: &mut Known, seconds: f64) -> f64 {
    let (mut spent, mut count) = (0.0, 0.0);
    while spent < seconds {
        let mut batch = Vec::with_capacity(BATCH);
        for (begun, body) in prepare(ours, known).await {
            batch.push((judge.state(begun.challenge()), body));
        }
        let start = processor();
        for (state, body) in &batch {
            judge.verify(state, body, &known.passkey).unwrap();
            count += 1.0;
        }
        spent += processor() - start;
    }
    count / spent
}

/// A file of the same ceremonies for verifiers in other languages, a line of JSON each.
async fn cases(ours: &Ours, known: &mut Known) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    for (begun, body) in prepare(ours, known).await {
        let case = judges::authentication(known, begun.challenge(), &body);
        writeln!(file, "{case}").unwrap();
    }
    file
}

/// A verifier in another language, in its own processor time.
fn peer(mut script: Command, cases: &Path, seconds: f64) -> f64 {
    let output = script.arg(cases).arg(seconds.to_string()).output();
    let output = output.expect("`cargo xtask setup` installs it");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script:?}: {error}");
    let text = String::from_utf8(output.stdout).unwrap();
    let (count, spent) = text.trim().split_once(' ').unwrap();
    count.parse::<f64>().unwrap() / spent.parse::<f64>().unwrap()
}

/// Means over the rounds, and the ratio to OpenSSL of the same round: its mean, least and greatest.
fn print(table: &[[f64; NAMES.len()]]) {
    println!(
        "| verifications per second of processor time, one thread | mean | as a share of OpenSSL | least – greatest |"
    );
    println!("|---|---|---|---|");
    for (column, name) in NAMES.iter().enumerate() {
        let rates = table.iter().map(|row| row[column]);
        let shares: Vec<f64> = table.iter().map(|row| row[column] / row[0]).collect();
        let rounds = table.len() as f64;
        println!(
            "| {name} | {:.0} | {:.2} | {:.2} – {:.2} |",
            rates.sum::<f64>() / rounds,
            shares.iter().sum::<f64>() / rounds,
            shares.iter().copied().fold(f64::INFINITY, f64::min),
            shares.iter().copied().fold(0.0, f64::max),
        );
    }
}
