//! `kill -9` of the server, or of one or both of two, in registration, login and deregistration: what was answered
//! holds, and nothing is half done.
//!
//! The page cache outlives the process, so this shows order and wholeness of the writes; that they also wait for the disk
//! is what the stores read back from their databases. `MIEN_KILLS=100` kills a hundred times in each
//! of the three.

mod model;
mod site;
mod traffic;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use crate::support::database::Database;
use crate::support::pair::Pair;
use crate::support::seed;
use model::Model;
use site::Site;
use traffic::Traffic;

/// Clients at once.
const CLIENTS: usize = 4;

fn rounds() -> usize {
    std::env::var("MIEN_KILLS").map_or(4, |number| number.parse().expect("a number"))
}

async fn killed_in(site: &mut Site, traffic: Traffic) -> Model {
    let mut model = Model::default();
    for round in 0..rounds() {
        model.holds(site).await;
        let clients = traffic.prepare(site, CLIENTS).await;
        let answers = Rc::new(Cell::new(0));
        let clients: Vec<_> = clients
            .into_iter()
            .map(|client| actix_web::rt::spawn(client.run(traffic, answers.clone())))
            .collect();
        // After so many answers, and so long into the steps after them.
        let [some, more, ..] = seed::bytes();
        while answers.get() < 1 + usize::from(some % 12) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(50 * u64::from(more))).await;
        site.kill(round);
        for client in clients {
            model.learn(client.await.unwrap());
        }
        site.start_again().await;
    }
    model.holds(site).await;
    model
}

async fn killed(mut site: Site) {
    for traffic in [
        Traffic::Registration,
        Traffic::Login,
        Traffic::Deregistration,
    ] {
        let told = killed_in(&mut site, traffic).await;
        println!("{traffic:?}: {} kills, {told}", rounds());
        assert!(told.answered() >= rounds(), "the server was killed at work");
    }
}

#[actix_web::test]
async fn nothing_answered_is_lost_when_the_server_on_sqlite_is_killed() {
    killed(Site::one(Database::sqlite().await)).await;
}

#[actix_web::test]
async fn nothing_answered_is_lost_when_the_server_on_postgresql_is_killed() {
    killed(Site::one(Database::postgres().await)).await;
}

#[actix_web::test]
async fn nothing_answered_is_lost_when_one_of_two_servers_on_sqlite_is_killed() {
    let (accounts, credentials) = (Database::sqlite().await, Database::sqlite().await);
    killed(Site::Two(Pair::start(accounts, credentials).await)).await;
}

#[actix_web::test]
async fn nothing_answered_is_lost_when_one_of_two_servers_on_postgresql_is_killed() {
    let (accounts, credentials) = (Database::postgres().await, Database::postgres().await);
    killed(Site::Two(Pair::start(accounts, credentials).await)).await;
}
