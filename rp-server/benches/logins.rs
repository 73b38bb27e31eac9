//! `cargo xtask bench logins`: full durable logins over HTTP, open loop, from a client on one core against the release
//! server on another, with few and with many credentials in the database.
//!
//! A login is `authentication/options` with a username and `authentication/result`: challenge, signature, counter and
//! session, each committed durably. Logins arrive at random moments (Poisson) from a printed seed; latency counts from
//! the moment of arrival. The disk's own rate of flushed writes stands beside it.

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

use std::rc::Rc;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

#[path = "logins/load.rs"]
mod load;
#[path = "logins/machine.rs"]
mod machine;
#[path = "logins/preload.rs"]
mod preload;
#[path = "../tests/support"]
mod support {
    pub(crate) mod authenticator;
    pub(crate) mod browser;
    mod encoding;
    mod openapi;
    pub(crate) mod postgres;
    pub(crate) mod process;
    pub(crate) mod seed;
    pub(crate) mod settings;

    pub(crate) use encoding::{b64, from_b64};
}

use load::{Outcome, Person, Visitors};
use machine::Machine;

/// People who log in by turns: many more than logins are ever open for one of them.
const PEOPLE: usize = 1000;
/// First rate that is offered, per second.
const FIRST: f64 = 100.0;

/// What is asked for.
struct Options {
    stores: Vec<String>,
    credentials: Vec<usize>,
    seconds: f64,
    soak_minutes: f64,
}

fn main() {
    let options = arguments();
    actix_web::rt::System::new().block_on(async {
        println!(
            "| store | credentials | highest rate held, per second | processor time a login, ms | p50 / p99 / p99.9 at half of it, ms | client's core | flushed 4 kB writes a second |"
        );
        println!("|---|---:|---:|---:|---:|---:|---:|");
        for store in &options.stores {
            for credentials in &options.credentials {
                measure(store, *credentials, &options).await;
            }
        }
    });
}

async fn measure(store: &str, credentials: usize, options: &Options) {
    let server = Machine::start(store).await;
    let visitors = Rc::new(Visitors::new(&server.base));
    let people = visitors.register(PEOPLE.min(credentials)).await;
    let filled = credentials.saturating_sub(people.len());
    preload::fill(&server.database, filled).await;
    let disk = server.flushes();
    // Warms caches and connections.
    visitors.load(&people, FIRST, seconds(2.0)).await;
    let held = highest(&visitors, &people, options.seconds).await;
    let cpu = server.processor();
    let half = visitors
        .load(&people, held / 2.0, seconds(4.0 * options.seconds))
        .await;
    let cpu = (server.processor() - cpu) * 1000.0 / half.offered as f64;
    println!(
        "| {store} | {credentials} | {held:.0} | {cpu:.2} | {:.1} / {:.1} / {:.1} | {:.0} % | {disk:.0} |",
        half.percentile(0.5),
        half.percentile(0.99),
        half.percentile(0.999),
        half.client * 100.0,
    );
    soak(
        &server,
        &visitors,
        &people,
        held / 2.0,
        options.soak_minutes,
    )
    .await;
}

/// The highest rate that is sustained, to within a tenth.
async fn highest(visitors: &Rc<Visitors>, people: &[Rc<Person>], time: f64) -> f64 {
    let (mut good, mut bad) = (0.0, f64::INFINITY);
    let mut rate = FIRST;
    while bad > good * 1.1 {
        let outcome: Outcome = visitors.load(people, rate, seconds(time)).await;
        let sustained = outcome.sustained();
        eprintln!(
            "{rate:.0} a second: p50 {:.1}, p99 {:.1} ms, client {:.0} %{}",
            outcome.percentile(0.5),
            outcome.percentile(0.99),
            outcome.client * 100.0,
            if sustained { "" } else { ", not held" },
        );
        if sustained {
            good = rate;
        } else {
            bad = rate;
        }
        rate = if bad.is_finite() {
            (good + bad) / 2.0
        } else {
            rate * 1.6
        };
        assert!(
            rate > 1.0,
            "not even one login a second is answered in time"
        );
    }
    good
}

/// Resident memory and descriptors of the server over minutes of load.
async fn soak(
    server: &Machine,
    visitors: &Rc<Visitors>,
    people: &[Rc<Person>],
    rate: f64,
    minutes: f64,
) {
    let parts = 10;
    if minutes <= 0.0 {
        return;
    }
    for part in 0..=parts {
        let (megabytes, descriptors) = server.size();
        println!(
            "\nafter {:.1} min at {rate:.0} a second: {megabytes:.1} MB resident, {descriptors} descriptors",
            minutes * f64::from(part) / f64::from(parts)
        );
        if part < parts {
            visitors
                .load(people, rate, seconds(60.0 * minutes / f64::from(parts)))
                .await;
        }
    }
}

/// Seconds of processor time of this process.
fn processor() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn arguments() -> Options {
    let mut options = Options {
        stores: vec!["sqlite".to_owned(), "postgres".to_owned()],
        credentials: vec![1_000, 1_000_000],
        seconds: 5.0,
        soak_minutes: 0.0,
    };
    // `cargo bench` adds `--bench`.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let value = words.next().expect("each option has a value");
        let number = || value.parse().expect("the value is a number");
        match word.as_str() {
            "--stores" => options.stores = value.split(',').map(str::to_owned).collect(),
            "--credentials" => {
                let list = value.split(',').map(|number| number.parse());
                options.credentials = list
                    .collect::<Result<_, _>>()
                    .expect("numbers with commas between");
            }
            "--seconds" => options.seconds = number(),
            "--soak-minutes" => options.soak_minutes = number(),
            _ => panic!(
                "the options are --stores sqlite,postgres, --credentials N,N, --seconds N and --soak-minutes N"
            ),
        }
    }
    options
}
