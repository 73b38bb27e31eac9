//! What is killed: one server, or relying party and authentication server, each with its database.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::support::browser::Browser;
use crate::support::database::Database;
use crate::support::pair::Pair;
use crate::support::process::Process;

/// Rows that only half a transaction would leave.
const HALVES: &str = "SELECT \
    (SELECT count(*) FROM accounts WHERE user_id NOT IN (SELECT user_id FROM credentials)) \
    + (SELECT count(*) FROM credentials WHERE user_id NOT IN (SELECT user_id FROM accounts)) \
    + (SELECT count(*) FROM sessions WHERE user_id NOT IN (SELECT user_id FROM accounts)) \
    + (SELECT count(*) FROM credentials \
       WHERE credential_id NOT IN (SELECT credential_id FROM sessions WHERE credential_id IS NOT NULL))";

/// The same between two databases, as far as one of them can tell.
const SESSIONS_OF_NOBODY: &str =
    "SELECT count(*) FROM sessions WHERE user_id NOT IN (SELECT user_id FROM accounts)";

/// Connections of others to a database of PostgreSQL.
const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

pub(super) enum Site {
    One { database: Database, server: Process },
    Two(Pair),
}

impl Site {
    pub(super) fn one(database: Database) -> Self {
        let server = Process::on(&database.url);
        Self::One { database, server }
    }

    pub(super) fn browser(&self) -> Browser {
        match self {
            Self::One { server, .. } => server.browser(),
            Self::Two(pair) => pair.browser(),
        }
    }

    /// Of two servers either one or both, in turn.
    pub(super) fn kill(&mut self, turn: usize) {
        match (self, turn % 3) {
            (Self::One { server, .. }, _) => server.kill(),
            (Self::Two(pair), 0) => pair.stop_authentication_server(),
            (Self::Two(pair), 1) => pair.stop_relying_party(),
            (Self::Two(pair), _) => {
                pair.stop_relying_party();
                pair.stop_authentication_server();
            }
        }
    }

    /// All of it, also what was not killed.
    pub(super) async fn start_again(&mut self) {
        match self {
            Self::One { database, server } => *server = Process::on(&database.url),
            Self::Two(pair) => {
                pair.stop_relying_party();
                pair.stop_authentication_server();
                let accounts = &pair.accounts;
                if accounts.folder.is_none() {
                    // PostgreSQL may still commit for one that was killed.
                    until_none(accounts, OTHERS).await;
                }
                // A relying party finishes what is unfinished when it starts, but nothing of the last 30 seconds.
                let older = "UPDATE unfinished SET since_ms = since_ms - 30000";
                accounts.run(older).await;
                pair.start_authentication_server();
                pair.start_relying_party();
                until_none(&pair.accounts, "SELECT count(*) FROM unfinished").await;
            }
        }
    }

    /// Nothing is there by half.
    pub(super) async fn is_whole(&self) {
        match self {
            Self::One { database, .. } => {
                assert_eq!(database.number(HALVES).await, 0, "half an account");
                is_sound(database).await;
            }
            Self::Two(pair) => {
                let accounts = &pair.accounts;
                assert_eq!(accounts.number(SESSIONS_OF_NOBODY).await, 0);
                is_sound(accounts).await;
                is_sound(&pair.credentials).await;
                let users = ids(accounts, "SELECT user_id FROM accounts").await;
                let holders = ids(&pair.credentials, "SELECT user_id FROM credentials").await;
                assert_eq!(users, holders, "half an account");
                let used = "SELECT credential_id FROM sessions WHERE credential_id IS NOT NULL";
                let used = ids(accounts, used).await;
                let held = ids(&pair.credentials, "SELECT credential_id FROM credentials").await;
                assert!(used.is_subset(&held), "a session of no credential");
            }
        }
    }
}

async fn until_none(database: &Database, counted: &'static str) {
    let begun = Instant::now();
    while database.number(counted).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "left: {counted}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn ids(database: &Database, sql: &'static str) -> BTreeSet<Vec<u8>> {
    database.bytes(sql).await.into_iter().collect()
}

async fn is_sound(database: &Database) {
    if database.folder.is_some() {
        let faults = "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'";
        assert_eq!(database.number(faults).await, 0);
        let faults = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(database.number(faults).await, 0);
    }
}
