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

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

#[path = "logins/load.rs"]
mod load;
#[path = "logins/preload.rs"]
mod preload;
#[path = "logins/process.rs"]
mod process;
#[path = "../tests/support"]
mod support {
    pub(crate) mod authenticator;
    mod encoding;
    pub(crate) mod seed;
    pub(crate) mod settings;

    pub(crate) use encoding::{b64, from_b64};
}

use load::{Outcome, Person, Visitors};
use process::Server;

/// People who log in by turns: many more than logins are ever open for one of them.
const PEOPLE: usize = 1000;
/// First rate that is offered, per second.
const FIRST: f64 = 100.0;

/// What is asked for.
struct Options {
    credentials: Vec<usize>,
    seconds: f64,
    soak_minutes: f64,
}

fn main() {
    let options = arguments();
    pin_to_the_other_core();
    actix_web::rt::System::new().block_on(async {
        println!(
            "| credentials | highest rate held, per second | server's processor time a login, ms | p50 / p99 / p99.9 at half of it, ms | client's core | flushed 4 kB writes a second |"
        );
        println!("|---:|---:|---:|---:|---:|---:|");
        for credentials in &options.credentials {
            measure(*credentials, &options).await;
        }
    });
}

async fn measure(credentials: usize, options: &Options) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let database = format!("sqlite:{}", folder.path().join("mien.db").display());
    let server = Server::start(folder.path(), &database);
    let visitors = Rc::new(Visitors::new(&server.base));
    let people = visitors.register(PEOPLE.min(credentials)).await;
    let filled = credentials.saturating_sub(people.len());
    preload::fill(&database, filled).await;
    let disk = flushes(folder.path());
    // Warms caches and connections.
    visitors.load(&people, FIRST, seconds(2.0)).await;
    let held = highest(&visitors, &people, options.seconds).await;
    let cpu = server.processor();
    let half = visitors
        .load(&people, held / 2.0, seconds(4.0 * options.seconds))
        .await;
    let cpu = (server.processor() - cpu) * 1000.0 / half.offered as f64;
    println!(
        "| {credentials} | {held:.0} | {cpu:.2} | {:.1} / {:.1} / {:.1} | {:.0} % | {disk:.0} |",
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
    server: &Server,
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

/// Writes of 4 kB a second, over a file that is already there, that are flushed to the disk one by one: what a
/// durable store has to work with.
fn flushes(folder: &Path) -> f64 {
    const PAGES: usize = 256;
    let mut file = File::create(folder.join("flushes")).unwrap();
    file.write_all(&[0; 4096 * PAGES]).unwrap();
    file.sync_all().unwrap();
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < seconds(1.0) {
        if count % PAGES == 0 {
            file.rewind().unwrap();
        }
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    count as f64 / start.elapsed().as_secs_f64()
}

/// The server has core 0 for itself.
fn pin_to_the_other_core() {
    let own = std::process::id().to_string();
    let done = std::process::Command::new("taskset")
        .args(["-cp", "1", &own])
        .stdout(std::process::Stdio::null())
        .status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "`taskset` can be run: install util-linux, and two cores are needed"
    );
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
            "--credentials" => {
                let list = value.split(',').map(|number| number.parse());
                options.credentials = list
                    .collect::<Result<_, _>>()
                    .expect("numbers with commas between");
            }
            "--seconds" => options.seconds = number(),
            "--soak-minutes" => options.soak_minutes = number(),
            _ => panic!("the options are --credentials N,N, --seconds N and --soak-minutes N"),
        }
    }
    options
}
