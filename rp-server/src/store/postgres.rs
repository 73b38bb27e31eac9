//! The store on PostgreSQL: for any number of server processes on one database.
//!
//! Written for READ COMMITTED, PostgreSQL's default: each statement sees what was committed before it began. Where a
//! transaction decides by what it reads, it first takes the row that every contender takes, in one order: credentials,
//! then accounts, then sessions.

mod account_events;
mod accounts;
mod credentials;
mod deregistration;
mod sessions;
mod split_accounts;
mod standalone;

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, Postgres, Transaction};

use super::quota::Quota;
use super::{Role, Store, StoreError};

pub(super) static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");
static RELYING_PARTY: Migrator = sqlx::migrate!("migrations/postgres-relying-party");
static AUTHENTICATION_SERVER: Migrator =
    sqlx::migrate!("migrations/postgres-authentication-server");

/// Connections of one process; PostgreSQL admits 100 in all unless told otherwise.
const CONNECTIONS: u32 = 10;

/// How long a call waits for a connection before it is told to try again.
const BUSY: Duration = Duration::from_secs(3);
/// How long after its last use a connection is taken to be alive: less than PostgreSQL takes to start again.
const FRESH: Duration = Duration::from_millis(100);

/// Limits of the session, in milliseconds: a row that another transaction holds, one statement, and a transaction
/// whose process was stopped half way and still holds its rows.
const LIMITS: &str = "SET lock_timeout = 3000; SET statement_timeout = 20000; \
                      SET idle_in_transaction_session_timeout = 10000";

/// A pool of connections to one PostgreSQL database.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    pool: PgPool,
    role: Role,
    quota: Arc<Quota>,
}

impl PostgresStore {
    /// Opens the database of `url` (`postgres://USER@HOST/NAME`, parameters as of libpq) and brings its tables up to
    /// date. A connection to another machine is encrypted and its certificate verified, unless `sslmode` says
    /// `disable` or `require`.
    ///
    /// # Errors
    /// The URL is wrong, the server cannot be reached or is not durable, or a migration failed.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_for(url, Role::Both).await
    }

    /// Like [`Self::open`], for one role. A database of another role is refused.
    ///
    /// # Errors
    /// As [`Self::open`], and for a database of another role.
    pub async fn open_for(url: &str, role: Role) -> Result<Self, StoreError> {
        let options = options(url)?;
        // The pool tries again and again where a connection is refused; the first one's refusal is to be read at once.
        let mut first = options.connect().await?;
        durable(&mut first).await?;
        role.require(tables(&mut first).await?)?;
        let migrator = match role {
            Role::Both => &MIGRATOR,
            Role::RelyingParty => &RELYING_PARTY,
            Role::AuthenticationServer => &AUTHENTICATION_SERVER,
        };
        migrator.run(&mut first).await?;
        first.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(BUSY)
            // sqlx asks a connection for its health when it comes back: asking again at once would tell nothing new.
            .test_before_acquire(false)
            .before_acquire(|connection, been| {
                Box::pin(async move {
                    if been.idle_for > FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(|connection, _| {
                Box::pin(async move {
                    durable(connection).await.map_err(sqlx::Error::config)?;
                    sqlx::raw_sql(LIMITS).execute(connection).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self {
            pool,
            role,
            quota: Arc::default(),
        })
    }

    async fn write(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        Ok(self.pool.begin().await?)
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn close(&self) {
        self.pool.close().await;
    }
}

/// How every connection to the database of `url` is made. A password and credential records do not cross a network in
/// clear because a default would have it so.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(url)?;
    let host = options.get_host();
    let here = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || IpAddr::from_str(host).is_ok_and(|address| address.is_loopback());
    Ok(match options.get_ssl_mode() {
        PgSslMode::Allow | PgSslMode::Prefer if !here => options.ssl_mode(PgSslMode::VerifyFull),
        _ => options,
    })
}

/// Whether there are accounts, and credentials. In one statement: another process may be making them.
async fn tables(connection: &mut PgConnection) -> Result<(bool, bool), StoreError> {
    let sql = "SELECT to_regclass('accounts') IS NOT NULL, to_regclass('credentials') IS NOT NULL";
    Ok(sqlx::query_as(sql).fetch_one(connection).await?)
}

/// Reads back the settings without which an answered write may be lost in a crash.
async fn durable(connection: &mut PgConnection) -> Result<(), StoreError> {
    let names = [
        "fsync",
        "full_page_writes",
        "synchronous_commit",
        "server_encoding",
    ];
    let settings: Vec<String> =
        sqlx::query_scalar("SELECT current_setting(name) FROM unnest($1) WITH ORDINALITY AS asked (name, at) ORDER BY at")
            .bind(names.as_slice())
            .fetch_all(connection)
            .await?;
    for (name, value) in names.into_iter().zip(settings) {
        let good = match name {
            "server_encoding" => value == "UTF8",
            // Its other values differ in what a standby must have; all wait for this server's disk.
            _ => value != "off",
        };
        if !good {
            return Err(StoreError::NotDurable(format!(
                "this PostgreSQL server would not keep everything across a crash: its setting {name} is {value}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgSslMode;

    use super::options;

    #[test]
    fn another_machine_is_spoken_to_in_verified_tls_unless_told_otherwise() {
        for (url, verified) in [
            ("postgres://mien@db.example.org/mien", true),
            ("postgres://mien@192.0.2.1/mien?sslmode=prefer", true),
            ("postgres://mien@db.example.org/mien?sslmode=disable", false),
            ("postgres://mien@localhost/mien", false),
            ("postgres://mien@127.0.0.1:5433/mien", false),
            ("postgres://mien@localhost/mien?host=/run/postgresql", false),
        ] {
            let options = options(url).unwrap();
            let mode = options.get_ssl_mode();
            assert_eq!(matches!(mode, PgSslMode::VerifyFull), verified, "{url}");
        }
    }
}
