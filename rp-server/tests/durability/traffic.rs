//! Clients that go on until an answer is missing, and remember what was answered.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::b64;
use crate::support::browser::{Browser, Reply};
use crate::support::seed;

use super::site::Site;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Traffic {
    Registration,
    Login,
    Deregistration,
}

/// What a client knows of one step that the server may have taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Known {
    #[default]
    Never,
    /// Asked, and the connection broke before the answer.
    Maybe,
    Answered,
}

/// One account with one credential, as its client knows it.
pub(super) struct Person {
    pub(super) key: Authenticator,
    pub(super) browser: Browser,
    pub(super) registered: Known,
    pub(super) deregistered: Known,
    /// The last counter that was answered; a larger one in `key` was asked.
    pub(super) counter: u32,
    /// How many steps were answered.
    pub(super) answered: usize,
}

pub(super) struct Client {
    server: Browser,
    people: Vec<Person>,
}

impl Traffic {
    /// Clients with the accounts that their traffic needs.
    pub(super) async fn prepare(self, site: &Site, clients: usize) -> Vec<Client> {
        let each = match self {
            Self::Registration => 0,
            Self::Login => 1,
            // More than the longest round gets through.
            Self::Deregistration => 12,
        };
        let mut all = Vec::new();
        for _ in 0..clients {
            let mut client = Client {
                server: site.browser(),
                people: Vec::new(),
            };
            for _ in 0..each {
                client
                    .register()
                    .await
                    .expect("a server that is not killed yet");
            }
            for person in &mut client.people {
                person.answered = 0;
            }
            all.push(client);
        }
        all
    }
}

impl Client {
    /// Goes on until an answer is missing, and counts in `answers` with the other clients.
    pub(super) async fn run(mut self, traffic: Traffic, answers: Rc<Cell<usize>>) -> Vec<Person> {
        let mut next = 0;
        loop {
            let answered = match traffic {
                Traffic::Registration => self.register().await,
                Traffic::Login => sign_in(&mut self.people[0]).await.map(|_| ()),
                Traffic::Deregistration => match self.people.get_mut(next) {
                    Some(person) => deregister(person).await,
                    None => None,
                },
            };
            if answered.is_none() {
                return self.people;
            }
            next += 1;
            answers.set(answers.get() + 1);
        }
    }

    async fn register(&mut self) -> Option<()> {
        let browser = self.server.copy();
        let name = b64(&seed::bytes());
        let asked = json!({ "username": name });
        let begun = post(&browser, "/api/registration/options", &asked).await?;
        let (key, response) = Authenticator::create(&begun.accepted(), &Tweak::default());
        let reply = post(&browser, "/api/registration/result", &response).await;
        let registered = match &reply {
            Some(reply) => {
                assert_eq!(reply.status, 201, "{reply:?}");
                Known::Answered
            }
            None => Known::Maybe,
        };
        self.people.push(Person {
            key,
            browser,
            registered,
            deregistered: Known::Never,
            counter: 0,
            answered: usize::from(reply.is_some()),
        });
        reply.map(|_| ())
    }
}

/// The answer, if there is one. A relying party whose authentication server was killed says 503, and does not know either
/// what was written there.
async fn post(browser: &Browser, path: &str, body: &Value) -> Option<Reply> {
    let reply = browser.try_post(path, body).await;
    reply.filter(|reply| reply.status != 503)
}

pub(super) async fn sign_in(person: &mut Person) -> Option<u16> {
    let asked = json!({});
    let begun = post(&person.browser, "/api/authentication/options", &asked);
    let options = begun.await?.accepted();
    let response = person.key.get(&options, &Tweak::default());
    let reply = post(&person.browser, "/api/authentication/result", &response).await?;
    if reply.status == 200 {
        person.counter = person.key.counter;
        person.answered += 1;
    }
    Some(reply.status)
}

async fn deregister(person: &mut Person) -> Option<()> {
    let asked = json!({ "credentialId": b64(&person.key.id) });
    person.deregistered = Known::Maybe;
    let reply = post(&person.browser, "/api/deregistration", &asked).await?;
    assert_eq!(reply.accepted()["accountDeleted"], true);
    person.deregistered = Known::Answered;
    person.answered += 1;
    Some(())
}
