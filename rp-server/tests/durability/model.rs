//! What must hold of a database, by all that was answered.

use std::fmt;

use crate::support::authenticator::Tweak;

use super::site::Site;
use super::traffic::{Known, Person, sign_in};

#[derive(Default)]
pub(super) struct Model {
    /// Not looked at since the kill.
    new: Vec<Person>,
    /// Deregistered for good, looked at again after each kill.
    gone: Vec<Person>,
    answered: usize,
    unanswered: usize,
    /// Of the steps without an answer, those that had been written.
    written: usize,
}

impl Model {
    pub(super) fn learn(&mut self, people: Vec<Person>) {
        self.answered += people.iter().map(|person| person.answered).sum::<usize>();
        self.new.extend(people);
    }

    pub(super) fn answered(&self) -> usize {
        self.answered
    }

    /// Asks the databases and the servers that were started again.
    pub(super) async fn holds(&mut self, site: &Site) {
        site.is_whole().await;
        for mut person in std::mem::take(&mut self.new) {
            let lives = self.holds_for(&mut person, site).await;
            if !lives && person.registered == Known::Answered {
                self.gone.push(person);
            }
        }
        // The last few: nothing deregistered comes back, however often the server is killed.
        for person in self.gone.iter_mut().rev().take(8) {
            person.browser = site.browser();
            assert_eq!(sign_in(person).await, Some(404), "it came back");
        }
    }

    /// Whether the account lives.
    async fn holds_for(&mut self, person: &mut Person, site: &Site) -> bool {
        let unanswered = person.registered == Known::Maybe
            || person.deregistered == Known::Maybe
            || person.key.counter > person.counter;
        self.unanswered += usize::from(unanswered);
        let session = site.browser();
        session
            .cookies
            .replace(person.browser.cookies.borrow().clone());
        person.browser = site.browser();
        let (answered, asked) = (person.counter, person.key.counter);
        // An assertion with the last answered counter: it was used, or it never was.
        person.key.counter = answered;
        let tweak = Tweak {
            counter: Some(answered),
            ..Tweak::default()
        };
        let replayed = person.browser.sign_in_with(&mut person.key, &tweak).await;
        if replayed.status == 404 {
            let may_be_gone =
                person.registered == Known::Maybe || person.deregistered != Known::Never;
            assert!(may_be_gone, "an answered registration is lost");
            self.written += usize::from(unanswered && person.deregistered == Known::Maybe);
            return false;
        }
        assert_ne!(person.deregistered, Known::Answered, "it came back");
        if answered > 0 {
            assert_eq!(replayed.status, 403, "the counter went back");
        }
        self.written += usize::from(unanswered && person.registered == Known::Maybe);
        if !unanswered && answered > 0 {
            // The session that was answered last still holds.
            assert_eq!(session.get("/api/session").await.status, 200);
        }
        if asked > answered {
            // The one without an answer: its counter is old if it was written, else it counts now.
            person.key.counter = answered;
            let status = sign_in(person).await;
            assert!(matches!(status, Some(200 | 403)), "{status:?}");
            self.written += usize::from(status == Some(403));
            person.key.counter = asked;
        }
        assert_eq!(sign_in(person).await, Some(200));
        true
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} steps answered and kept, {} without an answer, {} of them written",
            self.answered, self.unanswered, self.written
        )
    }
}
