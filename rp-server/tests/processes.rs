//! Two server processes on one PostgreSQL: what is begun at one is finished at the other.

use serde_json::json;

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::b64;
use crate::support::browser::Browser;
use crate::support::database::Database;
use crate::support::process::{Process, program};

/// A browser whose calls go to two servers in turn, as behind a load balancer.
struct Between {
    a: Browser,
    b: Browser,
}

impl Between {
    fn of(a: &Process, b: &Process) -> Self {
        Self {
            a: a.browser(),
            b: b.browser(),
        }
    }

    /// The second server's browser, with the cookies of the first.
    fn over(&self) -> &Browser {
        self.b.cookies.replace(self.a.cookies.borrow().clone());
        &self.b
    }

    async fn register(&self, name: &str) -> Authenticator {
        let options = self.a.registration_options(name).await;
        let (key, response) = Authenticator::create(&options, &Tweak::default());
        let reply = self.over().post("/api/registration/result", &response);
        assert_eq!(reply.await.status, 201);
        key
    }

    async fn sign_in(&self, key: &mut Authenticator) -> u16 {
        let options = self.a.authentication_options().await;
        let response = key.get(&options, &Tweak::default());
        let reply = self.over().post("/api/authentication/result", &response);
        reply.await.status
    }
}

#[actix_web::test]
async fn two_processes_on_one_postgresql_are_one_server() {
    let database = Database::postgres().await;
    // Both start at once on an empty database: one makes the tables.
    let start = |url: String| std::thread::spawn(move || Process::on(&url));
    let (one, two) = (start(database.url.clone()), start(database.url.clone()));
    let (one, two) = (one.join().unwrap(), two.join().unwrap());
    let (there, back) = (Between::of(&one, &two), Between::of(&two, &one));
    let mut ada = there.register("ada").await;
    assert_eq!(there.sign_in(&mut ada).await, 200);
    assert_eq!(back.sign_in(&mut ada).await, 200);
    // The session that one opened holds at the other, and ends at both.
    let signed_in = one.browser();
    signed_in.cookies.replace(back.b.cookies.borrow().clone());
    let other = two.browser();
    other.cookies.replace(back.b.cookies.borrow().clone());
    assert_eq!(signed_in.get("/api/session").await.status, 200);
    assert_eq!(other.get("/api/session").await.status, 200);
    // A counter that one has seen is old at the other.
    let options = other.authentication_options().await;
    ada.counter -= 1;
    let response = ada.get(&options, &Tweak::default());
    let reply = other.post("/api/authentication/result", &response).await;
    reply.refused(403, "verification-failed");

    // Deregistered at one, dead at the other, also for ceremonies that it began before.
    let begun = two.browser();
    let options = begun.authentication_options().await;
    let by_name = two.browser();
    let asked = json!({ "username": "ada" });
    let named = by_name.post("/api/authentication/options", &asked).await;
    let named = named.accepted();
    let adding = signed_in.copy();
    adding.cookies.replace(other.cookies.borrow().clone());
    let added = adding.registration_options("ada").await;
    let deregister = json!({ "credentialId": b64(&ada.id) });
    let done = signed_in.post("/api/deregistration", &deregister).await;
    assert_eq!(done.accepted()["accountDeleted"], true);
    let response = ada.get(&options, &Tweak::default());
    let reply = begun.post("/api/authentication/result", &response).await;
    reply.refused(404, "unknown-credential");
    let response = ada.get(&named, &Tweak::default());
    let reply = by_name.post("/api/authentication/result", &response).await;
    reply.refused(400, "ceremony-unknown");
    let (_, response) = Authenticator::create(&added, &Tweak::default());
    let late = two.browser();
    late.cookies.replace(adding.cookies.borrow().clone());
    let reply = late.post("/api/registration/result", &response).await;
    reply.refused(400, "ceremony-unknown");
    let reply = other.get("/api/session").await;
    reply.refused(401, "not-signed-in");
    assert_eq!(there.sign_in(&mut ada).await, 404);

    // By the operator, from a third process.
    let mut bob = back.register("bob").await;
    let begun = one.browser();
    let options = begun.authentication_options().await;
    let operator = program()
        .args(["user", "deregister", "bob"])
        .env("DATABASE_URL", &database.url)
        .output()
        .unwrap();
    assert!(operator.status.success(), "{operator:?}");
    let response = bob.get(&options, &Tweak::default());
    let reply = begun.post("/api/authentication/result", &response).await;
    reply.refused(404, "unknown-credential");
    assert_eq!(there.sign_in(&mut bob).await, 404);
    assert_eq!(database.number("SELECT count(*) FROM accounts").await, 0);
}
