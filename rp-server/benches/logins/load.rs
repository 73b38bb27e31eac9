//! The client: logins that arrive at random moments at a given rate, whether or not earlier ones have ended.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use awc::Client;
use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::seed;
use crate::support::settings::RP;

/// More than this many unanswered logins: the server does not keep up.
const MOST_OPEN: usize = 4000;

/// A person with a passkey.
pub(crate) struct Person {
    name: String,
    authenticator: RefCell<Authenticator>,
}

/// What a time under load gave.
pub(crate) struct Outcome {
    /// Logins begun in that time.
    pub(crate) offered: usize,
    /// Milliseconds from the moment of arrival to the opened session, rising.
    pub(crate) latencies: Vec<f64>,
    /// Whether so many were open that the time was cut short.
    pub(crate) flooded: bool,
    /// The client's processor time as a share of the time.
    pub(crate) client: f64,
}

impl Outcome {
    /// The latency that `share` of the logins keep.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let at = (share * last as f64).round() as usize;
        self.latencies.get(at).copied().unwrap_or(f64::NAN)
    }

    /// Whether the server kept up: everyone was answered, nearly all of them at once.
    pub(crate) fn sustained(&self) -> bool {
        !self.flooded && self.latencies.len() == self.offered && self.percentile(0.99) < 500.0
    }
}

/// One HTTP client on this thread.
pub(crate) struct Visitors {
    client: Client,
    base: String,
}

impl Visitors {
    pub(crate) fn new(base: &str) -> Self {
        let connector = awc::Connector::new().limit(512);
        let client = Client::builder()
            .connector(connector)
            .timeout(Duration::from_secs(20))
            .finish();
        Self {
            client,
            base: base.to_owned(),
        }
    }

    /// Registers `count` people over HTTP.
    pub(crate) async fn register(&self, count: usize) -> Vec<Rc<Person>> {
        let mut people = Vec::with_capacity(count);
        for number in 0..count {
            let name = format!("visitor{number}");
            let body = json!({ "username": name, "displayName": name });
            let (options, cookie) = self.post("registration/options", &body, "").await.unwrap();
            let (authenticator, response) = Authenticator::create(&options, &Tweak::default());
            self.post("registration/result", &response, &cookie)
                .await
                .unwrap();
            people.push(Rc::new(Person {
                name,
                authenticator: RefCell::new(authenticator),
            }));
        }
        people
    }

    async fn sign_in(&self, person: &Person) -> Result<(), String> {
        let asked = json!({ "username": person.name });
        let (options, cookie) = self.post("authentication/options", &asked, "").await?;
        let response = {
            let mut authenticator = person.authenticator.borrow_mut();
            authenticator.get(&options, &Tweak::default())
        };
        self.post("authentication/result", &response, &cookie)
            .await?;
        Ok(())
    }

    /// The answer and the cookies that came with it.
    async fn post(
        &self,
        path: &str,
        body: &Value,
        cookie: &str,
    ) -> Result<(Value, String), String> {
        let mut request = self
            .client
            .post(format!("{}/api/{path}", self.base))
            .insert_header(("Origin", RP))
            .insert_header(("Content-Type", "application/json"));
        if !cookie.is_empty() {
            request = request.insert_header(("Cookie", cookie));
        }
        let sent = request.send_body(body.to_string()).await;
        let mut response = sent.map_err(|error| error.to_string())?;
        let text = response.body().await.map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!(
                "{path}: {} {}",
                response.status(),
                String::from_utf8_lossy(&text)
            ));
        }
        let cookies: Vec<&str> = response
            .headers()
            .get_all("set-cookie")
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .collect();
        let body = serde_json::from_slice(&text).unwrap_or(Value::Null);
        Ok((body, cookies.join("; ")))
    }

    /// Logins of `people` by turns at `rate` a second for `time`, then waits for those that are open.
    pub(crate) async fn load(
        self: &Rc<Self>,
        people: &[Rc<Person>],
        rate: f64,
        time: Duration,
    ) -> Outcome {
        let latencies = Rc::new(RefCell::new(Vec::new()));
        let open = Rc::new(Cell::new(0_usize));
        let (start, cpu) = (Instant::now(), crate::processor());
        let (mut due, mut offered, mut flooded) = (Duration::ZERO, 0, false);
        let mut people = people.iter().cycle();
        loop {
            due += Duration::from_secs_f64(-uniform().ln() / rate);
            if due >= time {
                break;
            }
            flooded = open.get() > MOST_OPEN;
            if flooded {
                break;
            }
            let arrival = start + due;
            tokio::time::sleep_until(arrival.into()).await;
            let person = people.next().unwrap().clone();
            let (this, latencies, open) = (self.clone(), latencies.clone(), open.clone());
            offered += 1;
            open.set(open.get() + 1);
            actix_web::rt::spawn(async move {
                match this.sign_in(&person).await {
                    // From when it was due: a late client counts against nobody else's favour.
                    Ok(()) => latencies
                        .borrow_mut()
                        .push(arrival.elapsed().as_secs_f64() * 1000.0),
                    Err(error) => eprintln!("a login failed: {error}"),
                }
                open.set(open.get() - 1);
            });
        }
        let client = (crate::processor() - cpu) / start.elapsed().as_secs_f64();
        while open.get() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut latencies = latencies.take();
        latencies.sort_by(f64::total_cmp);
        Outcome {
            offered,
            latencies,
            flooded,
            client,
        }
    }
}

/// Above 0, at most 1, from the printed seed.
fn uniform() -> f64 {
    let [a, b, c, d, ..] = seed::bytes();
    (f64::from(u32::from_le_bytes([a, b, c, d])) + 1.0) / (f64::from(u32::MAX) + 1.0)
}
